package io.weft.controlplane.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SnapshotPacingTest {
  private static final SnapshotPacing.Every EVERY = new SnapshotPacing.Every(1_000, 64L << 20);
  private static final int ENTRY_BYTES = 300;

  @Test
  void ofASmallStateOneIsDueAfterSoManyEntries() {
    assertThat(entriesUntilDue(new SnapshotPacing(50_000), ENTRY_BYTES)).isEqualTo(1_000);
  }

  @Test
  void ofASmallStateOneIsDueAfterSoManyBytes() {
    assertThat(entriesUntilDue(new SnapshotPacing(50_000), 1 << 20)).isEqualTo(64);
  }

  /// What was seen: 180 MB every 1,000 entries of a few hundred bytes.
  @Test
  void aLargeOneIsNotTakenForAHandfulOfEntries() {
    assertThat(entriesUntilDue(new SnapshotPacing(180_000_000), ENTRY_BYTES)).isGreaterThan(20_000);
  }

  @Test
  void aLargeOneIsDueWhenTheJournalHasGrownByTwiceAsMuch() {
    assertThat(entriesUntilDue(new SnapshotPacing(1_000 << 20), 1 << 20)).isEqualTo(2_000);
  }

  @Test
  void whatIsWrittenWhileOneIsTakenCountsForTheNext() {
    SnapshotPacing pacing = new SnapshotPacing(0);
    entriesUntilDue(pacing, ENTRY_BYTES);
    SnapshotPacing.Mark mark = pacing.mark();
    for (int i = 0; i < 400; i++) {
      pacing.wrote(ENTRY_BYTES);
    }
    assertThat(pacing.isDue(EVERY)).isTrue();
    pacing.taken(mark, 50_000);
    assertThat(entriesUntilDue(pacing, ENTRY_BYTES)).isEqualTo(600);
  }

  /// However the state and the entries grow: all snapshots but the last together are at most half
  /// of the journal behind them, each entry counted with what it costs at least.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void snapshotsAreABoundedShareOfTheJournal(long seed) {
    Random random = new Random(seed);
    SnapshotPacing pacing = new SnapshotPacing(0);
    int entryBytesMax = 1 << (6 + random.nextInt(17));
    long state = 0;
    long journal = 0;
    long stored = 0;
    long last = 0;
    for (int i = 0; i < 200_000; i++) {
      int entry = 60 + random.nextInt(entryBytesMax);
      pacing.wrote(entry);
      journal += Math.max(entry, SnapshotPacing.ENTRY_COST_BYTES);
      state += random.nextInt(10) == 0 ? -state / 50 : random.nextInt(8 * entry);
      if (pacing.isDue(EVERY)) {
        stored += last;
        last = state;
        pacing.taken(pacing.mark(), state);
      }
    }
    assertThat(stored).as("seed %d", seed).isLessThanOrEqualTo(journal / SnapshotPacing.GROWTH);
  }

  private static int entriesUntilDue(SnapshotPacing pacing, int entryBytes) {
    int entries = 0;
    while (!pacing.isDue(EVERY)) {
      pacing.wrote(entryBytes);
      entries++;
    }
    return entries;
  }
}
