package io.weft.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `bench/figures.sh`, which reckons with what benchmarks print.
class FiguresTest {
  private static final String REPORT = "produce records=5 MiB=1.2 MiB/s=%s p50_ms=%s max_ms=9%n";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "7, 7, 7–7",
    "3 1 2, 2, 1–3",
    "10 9 8.5, 9, 8.5–10",
    "4 1 3 2, 2.5, 1–4",
    "0.4 0.12 1e3, 0.4, 0.12–1e3",
    "'', '', ''"
  })
  void medianAndSpreadAreThoseOfTheNumbers(String numbers, String median, String spread)
      throws Exception {
    String lines = "for n in " + numbers + "; do echo $n; done | ";
    assertThat(bash(lines + "median")).isEqualTo(median);
    assertThat(bash(lines + "spread")).isEqualTo(spread);
  }

  @Test
  void valuesAreFoundByTheirWholeNames() throws Exception {
    Path file = write("report", REPORT.formatted("20.5", "1.0") + REPORT.formatted("21", "3.5"));

    assertThat(bash("values MiB/s <" + file)).isEqualTo("20.5\n21");
    assertThat(bash("values MiB <" + file)).isEqualTo("1.2\n1.2");
    assertThat(bash("value p50_ms <" + file)).isEqualTo("3.5");
    assertThat(bash("values 50_ms <" + file)).isEmpty();
    assertThat(bash("value 50_ms <" + file + " || echo missing")).isEqualTo("missing");
  }

  @Test
  void aRowSetsTheMediansBesideEachOther() throws Exception {
    Path kafka = write("kafka", REPORT.repeat(3).formatted("2", "10", "4", "30", "3", "20"));
    Path weft = write("weft", REPORT.repeat(3).formatted("9", "5", "5", "4", "6", "7"));

    assertThat(bash("beside produce MiB/s %s %s".formatted(kafka, weft)))
        .isEqualTo("| produce | 3 (2–4) | 6 (5–9) | 2.00 |");
    assertThat(bash("beside produce p50_ms %s %s".formatted(kafka, weft)))
        .isEqualTo("| produce | 20 (10–30) | 5 (4–7) | 0.25 |");
  }

  /// Every round of it failed, or it is zero: no ratio is made up.
  @Test
  void whatIsMissingIsNoFigure() throws Exception {
    Path none = write("none", "");
    Path weft = write("weft", REPORT.formatted("0", "5"));

    assertThat(bash("beside produce MiB/s %s %s".formatted(none, weft)))
        .isEqualTo("| produce | - | 0 (0–0) | - |");
    assertThat(bash("beside produce MiB/s %s %s".formatted(weft, none)))
        .isEqualTo("| produce | 0 (0–0) | - | - |");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /// What a script prints that has the functions and stops at what fails, without the last newline.
  private String bash(String script) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", ". ./figures.sh; " + script)
            .directory(bench().toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    int code = process.waitFor();
    String printed = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(code).describedAs(printed).isZero();
    return printed.stripTrailing();
  }

  private static Path bench() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("figures.sh")) ? here : here.resolve("bench");
  }
}
