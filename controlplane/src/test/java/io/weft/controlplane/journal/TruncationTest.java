package io.weft.controlplane.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.simulated.SimulatedStore;
import io.weft.controlplane.simulated.SimulatedWorld;
import org.junit.jupiter.api.Test;

final class TruncationTest {
  private static final long GRACE_MS = 600_000;

  private final SimulatedStore store = new SimulatedStore();
  private final Journal journal = new ObjectJournal(store);
  private final Snapshots snapshots = new Snapshots(store);

  @Test
  void removesWhatIsBehindTheOlderOfTwoSnapshots() {
    SimulatedWorld.run(
        1,
        world -> {
          Truncation truncation = truncation(world);
          fill(10);
          snapshot(4);
          snapshot(8);
          truncation.saw(10);
          world.sleepMs(GRACE_MS);
          truncation.run();
          assertThat(journal.firstFrom(0)).hasValue(4);
        });
  }

  @Test
  void removesNothingBeforeTheGraceIsOver() {
    SimulatedWorld.run(
        1,
        world -> {
          Truncation truncation = truncation(world);
          fill(10);
          snapshot(4);
          snapshot(8);
          truncation.saw(10);
          world.sleepMs(GRACE_MS - 1);
          truncation.run();
          assertThat(journal.firstFrom(0)).hasValue(1);
        });
  }

  @Test
  void removesOnlyWhatWasSeenForLongEnough() {
    SimulatedWorld.run(
        1,
        world -> {
          Truncation truncation = truncation(world);
          fill(2);
          truncation.saw(2);
          world.sleepMs(GRACE_MS - 10);
          fill(10);
          truncation.saw(10);
          snapshot(4);
          snapshot(8);
          world.sleepMs(10);
          truncation.run();
          assertThat(journal.firstFrom(0)).hasValue(3);
        });
  }

  @Test
  void removesNothingBehindASingleSnapshot() {
    SimulatedWorld.run(
        1,
        world -> {
          Truncation truncation = truncation(world);
          fill(10);
          snapshot(8);
          truncation.saw(10);
          world.sleepMs(2 * GRACE_MS);
          truncation.run();
          assertThat(journal.firstFrom(0)).hasValue(1);
        });
  }

  private Truncation truncation(SimulatedWorld world) {
    return new Truncation(journal, snapshots, world.environment(), GRACE_MS);
  }

  private void fill(int last) {
    for (int index = 1; index <= last; index++) {
      journal.append(index, new byte[] {1});
    }
  }

  private void snapshot(long index) {
    snapshots.write(new Snapshot(new JournalTip(index, 1, 1, 1, 1), new byte[] {1}));
  }
}
