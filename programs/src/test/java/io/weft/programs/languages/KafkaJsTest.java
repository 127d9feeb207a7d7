package io.weft.programs.languages;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.programs.Target;
import io.weft.server.process.Repository;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs on KafkaJS. Skipped where Node.js or KafkaJS isn't installed.
@Timeout(300)
@Order(1)
class KafkaJsTest {
  private static final String NODE = "/usr/bin/node";

  @TempDir static Path folder;

  private static Target target;
  private static Map<String, String> variables;

  @BeforeAll
  static void start() throws InterruptedException {
    variables =
        Map.of(
            "NODE_PATH",
            Repository.root().resolve("programs/target/node/node_modules").toString(),
            "KAFKAJS_NO_PARTITIONER_WARNING",
            "1");
    assumeTrue(
        Script.works(folder, variables, NODE, "-e", "require('kafkajs')"),
        "KafkaJS is not installed");
    target = Target.start(folder);
  }

  @AfterAll
  static void stop() {
    if (target != null) {
      target.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"producer", "group", "transaction", "admin", "topicMadeAnew"})
  void kafkaJs(String program) throws InterruptedException {
    Script.of(NODE, "kafkajs.js", variables).run(folder, target.address(), program);
  }
}
