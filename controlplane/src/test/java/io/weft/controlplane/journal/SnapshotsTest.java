package io.weft.controlplane.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.codec.OversizeException;
import io.weft.controlplane.codec.WireWriter;
import io.weft.simulated.SimulatedStore;
import io.weft.storage.object.ObjectBody;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SnapshotsTest {
  private static final String KEY = "snapshots/00000000000000000007";
  private static final int MIB = 1 << 20;

  private final SimulatedStore store = new SimulatedStore();
  private final Snapshots snapshots = new Snapshots(store);

  @Test
  void aSmallOneIsOneObject() {
    long bytes = snapshots.write(tip(7), StoredStates.small());

    assertThat(store.keys("")).containsExactly(KEY);
    Snapshot read = snapshots.read(7).orElseThrow();
    assertThat(read.tip()).isEqualTo(tip(7));
    assertThat(read.bytes()).isEqualTo(bytes);
    StoredStates.check(read.state());
  }

  @Test
  void aLargeOneIsStoredInPartsAndTheObjectThatNamesThemLast() {
    long bytes = snapshots.write(tip(7), StoredStates.state(3, 30, MIB - 7));

    assertThat(store.keys("snapshots/")).containsExactly(KEY);
    assertThat(store.bytes(KEY).length).isLessThan(200);
    assertThat(store.keys("snapshot-parts/"))
        .hasSize(8)
        .startsWith("snapshot-parts/00000000000000000007-0000000000000003-000000")
        .allSatisfy(key -> assertThat(store.bytes(key).length).isLessThanOrEqualTo(4 * MIB));
    Snapshot read = snapshots.read(7).orElseThrow();
    assertThat(read.bytes()).isEqualTo(bytes).isGreaterThan(29L * MIB);
    StoredStates.check(read.state());
  }

  @Test
  void oneOfAnEarlierReleaseIsReadInPiecesHoweverLargeItIs() {
    WireWriter state = StoredStates.state(4, 20, MIB);
    List<ByteBuffer> pages = List.copyOf(state.takePages());
    ByteBuffer whole = ByteBuffer.allocate(pages.stream().mapToInt(ByteBuffer::remaining).sum());
    pages.forEach(whole::put);
    ObjectBody frame = SnapshotFrame.whole(tip(7), whole.flip());
    store.replace(KEY, frame.toBytes());

    PiecesOnly pieces = new PiecesOnly(store, 4 * MIB);
    StoredStates.check(new Snapshots(pieces).read(7).orElseThrow().state());
    assertThat(pieces.reads()).isEqualTo(6);
  }

  @Test
  void noCallMovesMoreThanAPart() {
    PiecesOnly pieces = new PiecesOnly(store, 4 * MIB);
    Snapshots inPieces = new Snapshots(pieces);

    inPieces.write(tip(7), StoredStates.state(5, 3, 9 * MIB));

    StoredStates.check(inPieces.read(7).orElseThrow().state());
  }

  @Test
  void partsAloneAreNoSnapshot() {
    snapshots.write(tip(7), StoredStates.state(3, 10, MIB));
    store.remove(KEY);

    assertThat(snapshots.indexes()).isEmpty();
    assertThat(snapshots.read(7)).isEmpty();
  }

  @Test
  void twoHistoriesDoNotMeetInTheirParts() {
    snapshots.write(tip(7), StoredStates.state(3, 10, MIB));
    store.remove(KEY);
    snapshots.write(new JournalTip(7, 3, 99, 4, 6), StoredStates.state(4, 9, MIB));

    StoredStates.check(snapshots.read(7).orElseThrow().state());
  }

  @Test
  void listsTheNewestFirst() {
    snapshots.write(tip(9), StoredStates.small());
    snapshots.write(tip(100), StoredStates.state(1, 9, MIB));
    snapshots.write(tip(10), StoredStates.small());
    assertThat(snapshots.indexes()).containsExactly(100L, 10L, 9L);
  }

  @Test
  void hasNoneWhereNoneIs() {
    assertThat(snapshots.indexes()).isEmpty();
    assertThat(snapshots.read(1)).isEmpty();
  }

  @Test
  void leavesAloneWhatItDidNotMake() {
    List<String> foreign =
        List.of("snapshots/readme", "snapshot-parts/readme", "snapshot-parts/" + "0".repeat(20));
    foreign.forEach(key -> store.replace(key, new byte[] {1}));
    snapshots.write(tip(9), StoredStates.small());
    snapshots.write(tip(10), StoredStates.small());

    snapshots.removeBefore(10);

    assertThat(snapshots.indexes()).containsExactly(10L);
    assertThat(store.keys("")).containsAll(foreign).hasSize(foreign.size() + 1);
  }

  @Test
  void removesWhatIsOlderWithItsParts() {
    for (int index = 1; index <= 5; index++) {
      snapshots.write(tip(index), StoredStates.state(index, 5, MIB));
    }
    // Begun, and never made valid.
    store.remove("snapshots/%020d".formatted(2));

    snapshots.removeBefore(4);

    assertThat(snapshots.indexes()).containsExactly(5L, 4L);
    assertThat(store.keys("snapshot-parts/"))
        .hasSize(4)
        .allMatch(key -> key.contains("0004-") || key.contains("0005-"));
  }

  @Test
  void noticesEveryFlippedBit() {
    snapshots.write(tip(7), StoredStates.small());
    assertEveryFlippedBitIsNoticed();
  }

  @Test
  void noticesEveryFlippedBitOfTheObjectThatNamesTheParts() {
    snapshots.write(tip(7), StoredStates.state(3, 9, MIB));
    assertEveryFlippedBitIsNoticed();
  }

  private void assertEveryFlippedBitIsNoticed() {
    byte[] whole = store.bytes(KEY);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      store.replace(KEY, damaged);
      assertThatThrownBy(() -> snapshots.read(7))
          .as("bit %d", bit)
          .isInstanceOf(JournalException.Damaged.class);
    }
  }

  @Test
  void noticesAPartThatIsDamagedCutShortExchangedOrGone() {
    snapshots.write(tip(7), StoredStates.state(3, 9, MIB));
    List<String> parts = store.keys("snapshot-parts/");
    byte[] second = store.bytes(parts.get(1));

    store.damage(parts.get(1));
    assertDamaged("000001, a part of a snapshot, is damaged");
    store.replace(parts.get(1), Arrays.copyOf(second, second.length - 1));
    assertDamaged("000001, a part of a snapshot, is damaged");
    store.replace(parts.get(1), store.bytes(parts.get(0)));
    assertDamaged("000001, a part of a snapshot, is damaged");
    store.remove(parts.get(1));
    assertDamaged("000001, a part of a snapshot, is gone");
    store.replace(parts.get(1), second);
    StoredStates.check(snapshots.read(7).orElseThrow().state());
  }

  private void assertDamaged(String why) {
    Snapshot read = snapshots.read(7).orElseThrow();
    assertThatThrownBy(() -> StoredStates.check(read.state()))
        .isInstanceOf(JournalException.Damaged.class)
        .hasMessageContaining(why);
  }

  @Test
  void oneThatIsThereIsLeftAsItIs() {
    snapshots.write(tip(7), StoredStates.small());
    byte[] before = store.bytes(KEY);

    snapshots.write(tip(7), StoredStates.state(2, 1, 4));

    assertThat(store.bytes(KEY)).isEqualTo(before);
  }

  @Test
  void aNewerFormatIsCalledNewerAndNotDamaged() {
    snapshots.write(tip(7), StoredStates.small());
    store.replace(KEY, Sealed.withVersion(store.bytes(KEY), 3));

    assertThatThrownBy(() -> snapshots.read(7))
        .isInstanceOf(JournalException.Newer.class)
        .hasMessage(
            "the snapshot after entry 7 has format 3, and this release of Weft reads up to 2: a"
                + " newer release wrote it");
  }

  @Test
  void whatIsTooLargeIsRefusedBeforeAnythingIsStored() {
    WireWriter state = WireWriter.paged(4 * MIB, 10L * MIB);
    byte[] chunk = new byte[MIB];

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 20; i++) {
                state.writeBytes(chunk);
              }
              snapshots.write(tip(7), state);
            })
        .isInstanceOf(OversizeException.class)
        .hasMessageContaining("10485760");
    assertThat(store.keys("")).isEmpty();
  }

  private static JournalTip tip(long index) {
    return new JournalTip(index, 2, 3, 4, 5);
  }
}
