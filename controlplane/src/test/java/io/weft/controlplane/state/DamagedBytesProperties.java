package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.codec.Damages;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.dead.FileRun;
import io.weft.controlplane.state.partition.FormerProducers;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Damaged snapshots are malformed, or are read, and nothing worse: whatever they hold, and
/// whichever of their readers notices.
final class DamagedBytesProperties {
  private static final int SNAPSHOTS = 60_000;

  private static final Shape<FileRun> RUN = Shapes.unlimited().of(FileRun.class);

  private static final long SEED = Long.getLong("weft.seed", new Random().nextLong());

  private final Damages damages = new Damages(new Random(SEED));

  @BeforeAll
  static void printSeed() {
    System.out.println("DamagedBytesProperties: seed " + SEED);
  }

  @Test
  void damagedSnapshotsAreMalformedAtWorst() {
    List<byte[]> snapshots = List.of(StateSamples.snapshot(), StateSamples.snapshotOfReplaced());
    int malformed = 0;
    for (int i = 0; i < SNAPSHOTS; i++) {
      byte[] damaged = damages.of(snapshots.get(i % snapshots.size()));
      malformed += malformed(damaged, DamagedBytesProperties::readAndWrite);
    }
    assertThat(malformed).isBetween(SNAPSHOTS / 10, SNAPSHOTS - 1);
  }

  /// What was read must do as a state: it can be written, and read again.
  private static void readAndWrite(byte[] bytes) {
    ControlPlaneState state = StateSnapshot.read(new WireReader(bytes));
    byte[] written = TestCluster.snapshot(state);
    try {
      assertThat(TestCluster.snapshot(TestCluster.restored(written))).isEqualTo(written);
    } catch (MalformedBytesException e) {
      throw new AssertionError("a state whose own bytes are malformed", e);
    }
  }

  @Test
  void moreProducersOfDeletedTopicsThanThereCanBeAreMalformed() {
    WireWriter out = new WireWriter();
    out.writeVarInt(1);
    out.writeString("gone");
    int partitions = FormerProducers.ROWS_MAX + 1;
    out.writeVarInt(partitions);
    for (int i = 0; i < partitions; i++) {
      out.writeVarInt(i);
      out.writeVarLong(0);
      out.writeVarInt(0);
    }

    assertThatThrownBy(() -> new FormerProducers().read(new WireReader(out.toByteArray())))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage("100001 producers of deleted topics");
  }

  /// Seed -5365803776141627504 ended the process for want of memory: two files that had been
  /// deleted were, in damaged bytes, 500 million.
  @Test
  void aRunOfMoreFilesThanOneCanHoldIsMalformed() {
    WireWriter out = new WireWriter();
    out.writeVarLong(7);
    out.writeVarInt(FileRun.FILES_MAX + 1);
    WireReader in = new WireReader(out.toByteArray());

    assertThatThrownBy(() -> MalformedBytesException.ifImpossible("run", () -> RUN.read(in)))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("10001 files from 7 on");
  }

  @Test
  void idsThatFollowEachOtherForLongerAreSeveralRuns() {
    List<Long> ids = LongStream.range(3, 3 + 2L * FileRun.FILES_MAX + 5).boxed().toList();
    assertThat(FileRun.of(ids))
        .containsExactly(
            new FileRun(3, FileRun.FILES_MAX),
            new FileRun(3 + FileRun.FILES_MAX, FileRun.FILES_MAX),
            new FileRun(3 + 2L * FileRun.FILES_MAX, 5));
  }

  private static int malformed(byte[] bytes, Consumer<byte[]> reader) {
    try {
      reader.accept(bytes);
      return 0;
    } catch (MalformedBytesException e) {
      return 1;
    }
  }
}
