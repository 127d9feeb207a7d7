package io.weft.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.postgresql.PostgresServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `weft journal` and `weft doctor` at a database in which no control plane could begin.
final class PostgresInspectionTest {
  @TempDir Path folder;

  private static String ran(String... arguments) {
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    return new WeftCommand(Map.of(), writer, writer).run(arguments) + " " + said;
  }

  @Test
  void looksAtADatabaseWithoutTablesThatMayLoseRecords() throws Exception {
    try (PostgresServer loose = PostgresServer.start("synchronous_commit=off")) {
      String journal = loose.url("c");
      assertThat(ran("journal", "check", "--journal", journal))
          .startsWith(WeftCommand.EXIT_FAILED + " ")
          .doesNotContain("cannot be read");
      assertThat(ran("journal", "dump", "--journal", journal))
          .startsWith(WeftCommand.EXIT_FAILED + " ")
          .doesNotContain("cannot be read");
      assertThat(ran("doctor", "--journal", journal, "--bucket", "file:" + folder))
          .startsWith(WeftCommand.EXIT_FAILED + " ")
          .contains("There is no journal of a cluster");
    }
  }
}
