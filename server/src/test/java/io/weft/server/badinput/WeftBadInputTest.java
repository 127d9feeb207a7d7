package io.weft.server.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Weft answers every bad input as the table says.
@Order(1)
class WeftBadInputTest {
  @TempDir static Path folder;

  private static WeftProcess weft;
  private static Target target;

  @BeforeAll
  static void start() throws Exception {
    weft =
        WeftProcess.dev(
            folder,
            "--auto-create-topics-enable",
            "false",
            "--group-initial-rebalance-delay-ms",
            "0",
            "--flush-interval-ms",
            "20",
            // As much as lets the longest fetch answer be Kafka's, whatever heap this process has.
            "--queued-max-response-bytes",
            "268435456");
    target = new Target(weft.port());
    BadInput.prepare(target);
  }

  @AfterAll
  static void stop() {
    weft.close();
  }

  @TestFactory
  Stream<DynamicTest> answersAsTheTableSays() {
    return BadInput.rows(target, Row::weft);
  }

  @TestFactory
  Stream<DynamicTest> answersAboutGroupsAsTheTableSays() {
    return Stream.concat(
        BadInput.groups(target, Row::weft),
        Stream.of(
            DynamicTest.dynamicTest(
                "no stack of it is in the log",
                () ->
                    assertThat(weft.process().output())
                        .doesNotContain("at io.weft.controlplane.groups", "at org.apache.kafka"))));
  }

  @TestFactory
  Stream<DynamicTest> answersAboutTransactionsAsTheTableSays() {
    return BadInput.transactions(target, Row::weft);
  }
}
