package io.weft.simulation.day;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.leader.LeaderSettings;
import io.weft.controlplane.leader.LeaderSettings.Timing;
import io.weft.controlplane.state.file.FileLeases;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A control plane at work neither grows nor falls behind. `bench/life-cycle day` plays a whole day
/// (`-Dweft.day=whole`).
@Timeout(value = 3_600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DayTest {
  /// A part of the day in which everything is full: from here on it is compared.
  private static final int SETTLED = 3;

  /// Between two snapshots.
  private static final long SNAPSHOT_ENTRIES = LeaderSettings.Limits.DEFAULT.snapshotEveryEntries();

  private static final long RETENTION_LAG_MS_MAX = 60_000;

  /// The ids of a file that was never committed expire, its grace passes, and an agent asks for it.
  private static final long ORPHAN_MS_MAX =
      FileLeases.IDS_EXPIRE_MS + Timing.FILE_DELETE_GRACE_MS + 120_000;

  @Test
  void nothingGrows() {
    boolean isWhole = "whole".equals(System.getProperty("weft.day"));
    List<HourOfDay> hours = Day.play(isWhole ? DayPlan.WHOLE : DayPlan.SMALL);

    isFlat("snapshot", hours, HourOfDay::snapshotBytes);
    // It grows up to the next snapshot, and falls with it.
    isFlat("journal entries", hours, HourOfDay::journalEntries, SNAPSHOT_ENTRIES);
    isFlat("extents", hours, HourOfDay::extents);
    isFlat("dead files", hours, HourOfDay::deadFiles);
    isFlat("files", hours, HourOfDay::files);
    assertThat(hours).allMatch(hour -> hour.overdueMs() <= RETENTION_LAG_MS_MAX);
    assertThat(hours).allMatch(hour -> hour.orphanMs() <= ORPHAN_MS_MAX);
  }

  /// The second half of the settled hours has no more than the first had at most, and a quarter.
  private static void isFlat(String what, List<HourOfDay> hours, ToLongFunction<HourOfDay> value) {
    isFlat(what, hours, value, 0);
  }

  private static void isFlat(
      String what, List<HourOfDay> hours, ToLongFunction<HourOfDay> value, long wave) {
    List<HourOfDay> settled = hours.subList(SETTLED, hours.size());
    int half = settled.size() / 2;
    long before = settled.subList(0, half).stream().mapToLong(value).max().orElseThrow();
    List<HourOfDay> later = settled.subList(half, settled.size());
    assertThat(later)
        .as("%s, which came to %d in the hours before", what, before)
        .allMatch(hour -> value.applyAsLong(hour) <= before + before / 4 + wave);
  }
}
