package io.weft.programs.languages;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.programs.Target;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs in Python, on librdkafka and on a client that is written in Python, both as Debian has
/// them. Skipped where they aren't installed.
@Timeout(300)
@Order(1)
class PythonTest {
  /// Debian's: the packages are for no other.
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir static Path folder;

  private static Target target;

  @BeforeAll
  static void start() throws InterruptedException {
    target = Target.start(folder);
  }

  @AfterAll
  static void stop() {
    if (target != null) {
      target.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eager",
        "cooperative",
        "static_member",
        "transactions",
        "fenced",
        "admin",
        "topic_made_anew"
      })
  void confluentKafka(String program) throws InterruptedException {
    run("confluent.py", "confluent_kafka", "python3-confluent-kafka", program);
  }

  @ParameterizedTest
  @ValueSource(strings = {"producer_and_consumer", "group", "admin"})
  void kafkaPython(String program) throws InterruptedException {
    run("kafka_python.py", "kafka", "python3-kafka", program);
  }

  private static void run(String script, String module, String debianPackage, String program)
      throws InterruptedException {
    assumeTrue(
        Script.works(folder, Map.of(), PYTHON, "-c", "import " + module),
        debianPackage + " is not installed");
    Script.of(PYTHON, script, Map.of()).run(folder, target.address(), program);
  }
}
