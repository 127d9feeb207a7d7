package io.weft.controlplane.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.simulated.SimulatedStore;
import io.weft.simulated.SimulatedWorld;
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

  @Test
  void removesNothingForTheSakeOfASnapshotThatNobodyCanRead() {
    SimulatedWorld.run(
        1,
        world -> {
          Truncation truncation = truncation(world);
          fill(10);
          snapshot(2);
          snapshot(4);
          snapshot(8);
          store.damage("snapshots/%020d".formatted(8));
          truncation.saw(10);
          world.sleepMs(GRACE_MS);
          truncation.run();
          assertThat(journal.firstFrom(0)).hasValue(2);
          assertThat(snapshots.indexes()).containsExactly(8L, 4L, 2L);
          snapshot(9);
          truncation.saw(10);
          world.sleepMs(GRACE_MS);
          truncation.run();
          assertThat(journal.firstFrom(0)).hasValue(4);
          assertThat(snapshots.indexes()).containsExactly(9L, 8L, 4L);
        });
  }

  @Test
  void aSnapshotThatCannotBeDecodedIsAsGoodAsNone() {
    SimulatedWorld.run(
        1,
        world -> {
          Truncation truncation =
              new Truncation(
                  journal,
                  snapshots,
                  state -> {
                    throw new MalformedBytesException("an impossible snapshot");
                  },
                  world.environment(),
                  GRACE_MS);
          fill(10);
          snapshot(4);
          snapshot(8);
          truncation.saw(10);
          world.sleepMs(GRACE_MS);
          assertThat(truncation.isSound(8)).isFalse();
          truncation.run();
          assertThat(journal.firstFrom(0)).hasValue(1);
          assertThat(snapshots.indexes()).containsExactly(8L, 4L);
        });
  }

  private Truncation truncation(SimulatedWorld world) {
    return new Truncation(journal, snapshots, StoredStates::check, world.environment(), GRACE_MS);
  }

  private void fill(int last) {
    for (int index = 1; index <= last; index++) {
      journal.append(index, new byte[] {1});
    }
  }

  private void snapshot(long index) {
    snapshots.write(new JournalTip(index, 1, 1, 1, 1), StoredStates.small());
  }
}
