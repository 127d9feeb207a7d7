package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// How slowly a peer may take its answers.
class ProgressTest {
  private static final long LIMIT_MS = NetworkSettings.DEFAULTS.progressMs();
  private static final int PACE = Progress.ANSWER_BYTES_PER_SECOND_MIN;

  private final ManualTime time = new ManualTime();
  private final Progress progress = new Progress(time, NetworkSettings.DEFAULTS);

  private boolean isOverdue() {
    return progress.overdue(true, false).isPresent();
  }

  @Test
  void aByteNowAndThenIsNotEnough() {
    progress.writeBegun();
    for (int i = 0; i < LIMIT_MS / 1_000 - 1; i++) {
      time.advanceMs(1_000);
      progress.bytesWritten(1);
      assertThat(isOverdue()).isFalse();
    }
    time.advanceMs(1_000);
    progress.bytesWritten(1);
    assertThat(isOverdue()).isTrue();
  }

  @Test
  void neitherIsItAnAnswerNowAndThenWhileOthersWait() {
    for (int i = 0; i < LIMIT_MS / 1_000 + 1; i++) {
      progress.writeBegun();
      time.advanceMs(1_000);
      progress.bytesWritten(100);
      progress.writeEnded();
    }
    progress.writeBegun();
    assertThat(isOverdue()).isTrue();
  }

  @Test
  void theSlowestPaceIsFastEnoughForEver() {
    progress.writeBegun();
    for (int i = 0; i < 1_000; i++) {
      time.advanceMs(1_000);
      progress.bytesWritten(PACE);
      assertThat(isOverdue()).isFalse();
    }
  }

  @Test
  void manyBytesAtOnceDoNotAllowALongerSilence() {
    progress.writeBegun();
    progress.bytesWritten(1 << 30);
    time.advanceMs(LIMIT_MS - 1);
    assertThat(isOverdue()).isFalse();
    time.advanceMs(1);
    assertThat(isOverdue()).isTrue();
  }

  @Test
  void aPeerWithNothingToTakeIsNotSlow() {
    progress.writeBegun();
    time.advanceMs(LIMIT_MS - 1);
    progress.writeEnded();
    time.advanceMs(LIMIT_MS);
    assertThat(isOverdue()).isFalse();
    progress.writeBegun();
    time.advanceMs(LIMIT_MS - 1);
    assertThat(isOverdue()).isFalse();
  }

  @Test
  void theLimitIsShorterWhileOthersWaitForRoom() {
    progress.writeBegun();
    time.advanceMs(LIMIT_MS / Progress.PRESSED_PART);
    assertThat(progress.overdue(true, false)).isEmpty();
    assertThat(progress.overdue(true, true)).isPresent();
  }
}
