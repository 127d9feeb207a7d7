package io.weft.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.command.WeftCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bench --help",
        "bench produce --help",
        "bench consume --help",
        "bench end-to-end --help"
      })
  void everyCommandHelps(String arguments) {
    assertThat(run(Map.of(), arguments)).isZero();
    assertThat(out.toString()).startsWith("Usage: weft bench");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theProgramListsItsBenchmarks() {
    assertThat(run(Map.of(), "--help")).isZero();
    assertThat(out.toString()).contains("bench").contains("Puts load on");
  }

  @Test
  void aVariableNamedAlmostLikeASettingOfABenchmarkIsRefused() {
    assertThat(run(Map.of("WEFT_RECORD_BITES", "8"), "bench produce")).isEqualTo(2);
    assertThat(err.toString()).contains("did you mean WEFT_RECORD_BYTES");
  }

  /// Its own settings are unknown to the other commands, yet the same environment may serve both.
  @Test
  void aVariableOfABenchmarkIsNoMistakeForAnotherCommand() {
    assertThat(run(Map.of("WEFT_RECORDS", "8"), "agent")).isEqualTo(2);
    assertThat(err.toString()).startsWith("listen is not set").doesNotContain("WEFT_RECORDS");
  }

  private int run(Map<String, String> environment, String arguments) {
    return new WeftCommand(environment, new PrintWriter(out, true), new PrintWriter(err, true))
        .run(arguments.split(" "));
  }
}
