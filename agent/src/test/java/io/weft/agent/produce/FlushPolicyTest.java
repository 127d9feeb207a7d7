package io.weft.agent.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.produce.FlushPolicy.Past;
import org.junit.jupiter.api.Test;

/// When a file closes, by what came before it.
class FlushPolicyTest {
  private static final long OPENED_MS = 10_000;
  private static final long LONG_AGO = Long.MIN_VALUE / 2;

  private final ActiveFile file = new ActiveFile(OPENED_MS);

  @Test
  void filesCloseAnIntervalApart() {
    assertThat(dueMs(0, new Past(9_900, false, true, false, LONG_AGO, 100))).isEqualTo(10_150);
    assertThat(dueMs(0, new Past(9_900, true, true, true, 9_999, 100))).isEqualTo(10_150);
  }

  @Test
  void afterAQuietTimeAFileWaitsForTheRestOfWhatIsUnderWayOnly() {
    assertThat(dueMs(0, new Past(LONG_AGO, true, true, false, LONG_AGO, 0)))
        .isEqualTo(OPENED_MS + FlushPolicy.GATHER_MS_MIN);
    assertThat(dueMs(0, new Past(LONG_AGO, true, true, false, LONG_AGO, 120)))
        .isEqualTo(OPENED_MS + 15);
    assertThat(dueMs(0, new Past(LONG_AGO, true, true, false, LONG_AGO, 5_000)))
        .isEqualTo(OPENED_MS + FlushPolicy.GATHER_MS_MAX);
  }

  @Test
  void onceEverybodyWhoWasAnsweredIsBackNothingMoreIsAwaited() {
    assertThat(dueMs(0, new Past(LONG_AGO, true, true, true, 9_999, 120))).isEqualTo(OPENED_MS);
    assertThat(dueMs(20, new Past(9_990, true, true, true, 9_999, 120))).isEqualTo(10_040);
    assertThat(dueMs(20, new Past(9_900, true, true, true, 9_999, 120))).isEqualTo(OPENED_MS);
  }

  @Test
  void longAfterTheLastAnswersThereMayBeMoreThanThose() {
    assertThat(dueMs(0, new Past(LONG_AGO, true, true, true, 9_000, 120)))
        .isEqualTo(OPENED_MS + 15);
  }

  @Test
  void whoIsAnsweredWhileOthersWaitInTheFileIsAwaitedFromThenOn() {
    assertThat(dueMs(20, new Past(9_900, true, true, false, 10_100, 120))).isEqualTo(10_115);
  }

  @Test
  void earlyOnlyWhileEveryFileBeforeIsSettled() {
    assertThat(dueMs(20, new Past(9_990, false, true, false, 9_999, 120))).isEqualTo(10_240);
  }

  @Test
  void earlyOnlyWhileSomeoneIsHeldUp() {
    assertThat(dueMs(20, new Past(9_990, true, false, true, 9_999, 120))).isEqualTo(10_240);
  }

  @Test
  void aBudgetBelowTheIntervalsChangesNothing() {
    assertThat(dueMs(1, new Past(9_990, true, true, true, 9_999, 120))).isEqualTo(10_240);
  }

  @Test
  void theBudgetIsNeverRoundedUp() {
    assertThat(dueMs(600, new Past(OPENED_MS, true, true, true, OPENED_MS, 0))).isEqualTo(10_002);
  }

  private long dueMs(int earlyPerSecond, Past past) {
    return new FlushPolicy(250, 1 << 20, earlyPerSecond).dueMs(file, past);
  }
}
