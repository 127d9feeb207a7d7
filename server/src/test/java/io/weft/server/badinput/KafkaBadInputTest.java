package io.weft.server.badinput;

import io.weft.server.process.KafkaPeer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The control: a real Apache Kafka answers the same table as its other column says.
@Order(1)
class KafkaBadInputTest {
  @TempDir static Path folder;

  private static KafkaPeer kafka;
  private static Target target;

  @BeforeAll
  static void start() throws Exception {
    kafka =
        KafkaPeer.start(
            folder,
            List.of("auto.create.topics.enable=false", "group.initial.rebalance.delay.ms=0"));
    target = new Target(kafka.port());
    BadInput.prepare(target);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @TestFactory
  Stream<DynamicTest> answersAsTheTableSays() {
    return BadInput.rows(target, Row::kafka);
  }

  @TestFactory
  Stream<DynamicTest> answersAboutGroupsAsTheTableSays() {
    return BadInput.groups(target, Row::kafka);
  }

  @TestFactory
  Stream<DynamicTest> answersAboutTransactionsAsTheTableSays() {
    return BadInput.transactions(target, Row::kafka);
  }
}
