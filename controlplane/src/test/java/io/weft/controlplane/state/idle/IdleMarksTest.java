package io.weft.controlplane.state.idle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class IdleMarksTest {
  private static final long PERIOD_MS = 10_000;
  private static final long LOOK_MS = 1_000;
  private static final long DAY_MS = 86_400_000;

  private final IdleMarks marks = new IdleMarks(PERIOD_MS, 2 * LOOK_MS, 0);

  /// The times in the journal were given by clocks that nobody knows.
  @Test
  void nothingIsIdleBeforeAWholePeriodWhateverTheJournalsTimesSay() {
    for (long nowMs = LOOK_MS; nowMs <= PERIOD_MS; nowMs += LOOK_MS) {
      assertThat(marks.look(nowMs, nowMs * DAY_MS)).isEmpty();
    }
    assertThat(marks.look(PERIOD_MS + LOOK_MS, 0)).hasValue(LOOK_MS * DAY_MS);
  }

  @Test
  void whatIsIdleIsKnownFromMarkToMark() {
    for (long nowMs = LOOK_MS; nowMs <= 5 * PERIOD_MS; nowMs += LOOK_MS) {
      marks.look(nowMs, nowMs);
    }
    assertThat(marks.look(5 * PERIOD_MS + LOOK_MS, 0)).hasValue(4 * PERIOD_MS + LOOK_MS);
    assertThat(marks.look(5 * PERIOD_MS + LOOK_MS, 0)).hasValue(4 * PERIOD_MS + LOOK_MS);
  }

  @Test
  void timeInWhichNobodyLookedDoesNotCount() {
    marks.look(LOOK_MS, 1);
    assertThat(marks.look(DAY_MS, 2)).isEmpty();
    for (long nowMs = DAY_MS; nowMs < DAY_MS + PERIOD_MS - 2 * LOOK_MS; nowMs += LOOK_MS) {
      assertThat(marks.look(nowMs, 3)).isEmpty();
    }
    assertThat(marks.look(DAY_MS + PERIOD_MS - 2 * LOOK_MS, 3)).hasValue(1);
  }

  @Test
  void looksOfAnyNumberTakeNoMoreThanSoManyMarks() {
    IdleMarks busy = new IdleMarks(1_000_000, 2, 0);
    for (long nowMs = 1; nowMs <= 3_000_000; nowMs++) {
      busy.look(nowMs, nowMs);
    }
    // Each mark stands for a thousandth: what is idle is found no later than that.
    assertThat(busy.look(3_000_001, 0).orElseThrow()).isBetween(1_998_000L, 2_000_001L);
  }
}
