package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.environment.ManualTime;
import org.junit.jupiter.api.Test;

/// How slowly a peer may take its answers.
class ProgressTest {
  private static final long LIMIT_MS = NetworkSettings.DEFAULTS.progressMs();
  private static final int PACE = Progress.ANSWER_BYTES_PER_SECOND_MIN;

  private final ManualTime time = new ManualTime(7);
  private final Progress progress = new Progress(time, NetworkSettings.DEFAULTS);

  private boolean isOverdue() {
    return progress.overdue(true, false, 0).isPresent();
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
    assertThat(progress.overdue(true, false, 0)).isEmpty();
    assertThat(progress.overdue(true, true, 0)).isPresent();
  }

  /// A peer that is never behind the slowest pace.
  ///
  /// @return whether it is still there after so many seconds
  private boolean lasts(int seconds, long bytesHeld, long bytesPerSecond, boolean pressed) {
    progress.writeBegun();
    for (int i = 0; i < seconds; i++) {
      if (progress.overdue(true, pressed, bytesHeld - i * bytesPerSecond).isPresent()) {
        return false;
      }
      time.advanceMs(1_000);
      progress.bytesWritten(bytesPerSecond);
    }
    return progress.overdue(true, pressed, bytesHeld - seconds * bytesPerSecond).isEmpty();
  }

  @Test
  void whoHoldsMuchHasToTakeItWhileOthersWaitForRoom() {
    int seconds = Progress.PRESSED_TAKE_MS / 1_000;
    long held = 30L << 20;
    assertThat(lasts(seconds - 1, held, PACE, true)).isTrue();
    assertThat(lasts(2, held, PACE, true)).isFalse();
  }

  @Test
  void whoTakesWhatIsHeldInTimeStays() {
    int seconds = Progress.PRESSED_TAKE_MS / 1_000;
    for (int answers = 0; answers < 5; answers++) {
      assertThat(lasts(seconds - 1, 30L << 20, (30L << 20) / (seconds - 1), true)).isTrue();
    }
  }

  @Test
  void whatIsHeldMayBeTakenSlowlyWhileNobodyWaitsForRoom() {
    assertThat(lasts(600, 30L << 20, PACE, false)).isTrue();
  }

  @Test
  void nobodyIsLateWithWhatIsStillBeingBuilt() {
    for (int i = 0; i < 600; i++) {
      time.advanceMs(1_000);
      assertThat(progress.overdue(true, true, 30L << 20)).isEmpty();
    }
  }

  @Test
  void anAnswerThatHoldsMoreThanGoesOutIsTakenWithItsLastByte() {
    progress.writeBegun();
    for (int i = 0; i < 600; i++) {
      assertThat(progress.overdue(true, true, 30L << 20)).isEmpty();
      time.advanceMs(1_000);
      progress.bytesWritten(PACE);
      if (i % 10 == 0) {
        progress.answerTaken(30L << 20);
      }
    }
  }

  @Test
  void waitsThatComeAndGoCountTogether() {
    progress.writeBegun();
    boolean stays = true;
    int pressedSeconds = 0;
    for (int i = 0; stays && i < 300; i++) {
      boolean pressed = i % 3 != 0;
      stays = progress.overdue(true, pressed, 30L << 20).isEmpty();
      pressedSeconds += pressed ? 1 : 0;
      time.advanceMs(1_000);
      progress.bytesWritten(PACE);
    }
    assertThat(stays).isFalse();
    assertThat(pressedSeconds).isBetween(20, 42);
  }
}
