package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Limits that the heap cuts.
final class LeaderSettingsTest {
  private static final long MIB = 1 << 20;

  @Test
  void commandsThatWaitTakeAnEighthOfTheHeapAtMost() {
    assertThat(LeaderSettings.queuedBytesMax(32_768 * MIB)).isEqualTo(256 * MIB);
    assertThat(LeaderSettings.queuedBytesMax(1_024 * MIB)).isEqualTo(128 * MIB);
    assertThat(LeaderSettings.queuedBytesMax(64 * MIB)).isEqualTo(16 * MIB);
  }

  @Test
  void answersOfATurnTakeA32ndOfTheHeapAtMost() {
    assertThat(LeaderSettings.turnAnswersBytesMax(32_768 * MIB)).isEqualTo(64 * MIB);
    assertThat(LeaderSettings.turnAnswersBytesMax(1_024 * MIB)).isEqualTo(32 * MIB);
    assertThat(LeaderSettings.turnAnswersBytesMax(64 * MIB)).isEqualTo(4 * MIB);
  }
}
