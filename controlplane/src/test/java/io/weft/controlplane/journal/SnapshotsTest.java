package io.weft.controlplane.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.simulated.SimulatedStore;
import org.junit.jupiter.api.Test;

final class SnapshotsTest {
  private final SimulatedStore store = new SimulatedStore();
  private final Snapshots snapshots = new Snapshots(store);

  @Test
  void readsWhatWasWritten() {
    Snapshot snapshot = snapshot(7);
    snapshots.write(snapshot);
    assertThat(store.keys("")).containsExactly("snapshots/00000000000000000007");
    Snapshot read = snapshots.read(7).orElseThrow();
    assertThat(read.tip()).isEqualTo(snapshot.tip());
    assertThat(read.body()).isEqualTo(snapshot.body());
  }

  @Test
  void listsTheNewestFirst() {
    snapshots.write(snapshot(9));
    snapshots.write(snapshot(100));
    snapshots.write(snapshot(10));
    assertThat(snapshots.indexes()).containsExactly(100L, 10L, 9L);
  }

  @Test
  void hasNoneWhereNoneIs() {
    assertThat(snapshots.indexes()).isEmpty();
    assertThat(snapshots.read(1)).isEmpty();
  }

  @Test
  void keepsTheNewestTwo() {
    for (int index = 1; index <= 5; index++) {
      snapshots.write(snapshot(index));
    }
    snapshots.removeOld();
    assertThat(snapshots.indexes()).containsExactly(5L, 4L);
  }

  @Test
  void noticesEveryFlippedBit() {
    snapshots.write(snapshot(7));
    String key = store.keys("").getFirst();
    byte[] whole = store.bytes(key);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      store.replace(key, damaged);
      assertThatThrownBy(() -> snapshots.read(7))
          .as("bit %d", bit)
          .isInstanceOf(JournalException.Damaged.class);
    }
  }

  @Test
  void writingOneThatIsThereIsFineIfItCanBeRead() {
    snapshots.write(snapshot(7));
    snapshots.write(snapshot(7));
    store.damage(store.keys("").getFirst());
    assertThatThrownBy(() -> snapshots.write(snapshot(7)))
        .isInstanceOf(JournalException.Damaged.class);
  }

  private static Snapshot snapshot(long index) {
    return new Snapshot(new JournalTip(index, 2, 3, 4, 5), new byte[] {1, 2, 3, 4});
  }
}
