package io.weft.agent.api.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.transaction.Transactions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlicesTest {
  private final List<List<String>> asked = new ArrayList<>();

  /// Each id is what is known of it: so many rows.
  private Slices<String, Integer> slices() {
    return new Slices<>(
        ids -> {
          asked.add(ids);
          long rows = ids.stream().mapToLong(Long::parseLong).sum();
          if (rows > Transactions.ROWS_MAX) {
            throw new ControlPlaneException.Rejected("too much");
          }
          return ids.stream().map(id -> Optional.of(Integer.parseInt(id))).toList();
        },
        rows -> rows);
  }

  @Test
  void eachIsAskedAboutOnceAndShownAsOftenAsItFits() {
    Slices<String, Integer> slices = slices();
    List<String> ids = Collections.nCopies(400, "1000");
    slices.ask(ids);
    assertThat(asked).containsExactly(List.of("1000"));
    assertThat(slices.of("1000")).contains(1_000);
    assertThat(ids.stream().filter(slices::fits).count()).isEqualTo(Transactions.ROWS_MAX / 1_001);
  }

  @Test
  void whatIsTooMuchAtOnceIsAskedInParts() {
    Slices<String, Integer> slices = slices();
    List<String> ids = List.of("100000", "100001", "100002", "100003");
    slices.ask(ids);
    assertThat(asked.getFirst()).isEqualTo(ids);
    assertThat(slices.fits("100000")).isTrue();
    assertThat(slices.of("100000")).contains(100_000);
    assertThat(slices.fits("100001")).isTrue();
    assertThat(slices.fits("100002")).isFalse();
  }

  @Test
  void whenTheAnswerIsFullNothingMoreIsAsked() {
    Slices<String, Integer> slices = slices();
    List<String> ids =
        IntStream.range(0, 8).mapToObj(i -> String.valueOf(Transactions.ROWS_MAX - i)).toList();
    slices.ask(ids);
    assertThat(slices.fits(ids.get(0))).isFalse();
    assertThat(slices.fits(ids.get(7))).isFalse();
    assertThat(asked.stream().flatMap(List::stream).filter(ids.get(7)::equals).count())
        .as("asked with all the others only, and rejected")
        .isEqualTo(1);
  }

  @Test
  void aRejectionOfOneAloneIsPassedOn() {
    assertThatThrownBy(() -> slices().ask(List.of("250001")))
        .isInstanceOf(ControlPlaneException.Rejected.class);
  }
}
