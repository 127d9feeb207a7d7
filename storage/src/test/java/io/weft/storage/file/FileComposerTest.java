package io.weft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.PartitionId;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FileComposerTest {
  private static final PartitionId PARTITION = Batches.partition(1, 0);

  private final Random random = new Random(4711);

  @Test
  void batchesAreReferredToAndNotCopied() {
    StoredBatch batch = Batches.batch(random, 1, 10);
    ComposedFile file = compose(batch);

    batch.bytes().put(batch.bytes().position() + 70, (byte) 99);

    assertThat(BytesStore.bytesOf(file.body())[FileComposer.HEADER_BYTES + 70])
        .isEqualTo((byte) 99);
  }

  @Test
  void aCallersBufferKeepsItsPosition() {
    StoredBatch batch = Batches.batch(random, 1, 10);
    int position = batch.bytes().position();

    compose(batch);

    assertThat(batch.bytes().position()).isEqualTo(position);
  }

  @Test
  void topicIdsSortAsUnsignedNumbers() {
    PartitionId high = Batches.partition(-1, 0);
    PartitionId low = Batches.partition(1, 0);

    ComposedFile file =
        FileComposer.compose(
            Batches.ORIGIN, List.of(Batches.run(random, high, 1), Batches.run(random, low, 1)));

    assertThat(file.index().extents()).extracting(FileExtent::partition).containsExactly(low, high);
  }

  @Test
  void headerAndFooterAreAllThatIsAdded() {
    StoredBatch batch = Batches.batch(random, 1, 10);

    assertThat(compose(batch).body().length())
        .isEqualTo(batch.bytes().remaining() + FileComposer.overheadBytes(1));
  }

  @Test
  void aPartitionGivenTwiceIsABug() {
    List<PartitionRun> runs =
        List.of(Batches.run(random, PARTITION, 1), Batches.run(random, PARTITION, 1));

    assertThatThrownBy(() -> FileComposer.compose(Batches.ORIGIN, runs))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("two runs");
  }

  @Test
  void noRunsAreABug() {
    assertThatThrownBy(() -> FileComposer.compose(Batches.ORIGIN, List.of()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void moreBytesThanAFileMayHaveAreABug() {
    StoredBatch large = Batches.batch(random, 1, 17 * 1024 * 1024);
    int copies = FileComposer.FILE_BYTES_MAX / large.bytes().remaining() + 1;
    PartitionRun run = new PartitionRun(PARTITION, Collections.nCopies(copies, large));

    assertThatThrownBy(() -> FileComposer.compose(Batches.ORIGIN, List.of(run)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void moreExtentsThanAFileMayHaveAreABug() {
    StoredBatch batch = Batches.batch(random, 1, 0);
    List<PartitionRun> runs =
        IntStream.rangeClosed(0, FileComposer.EXTENTS_MAX)
            .mapToObj(i -> new PartitionRun(Batches.partition(1, i), List.of(batch)))
            .toList();

    assertThatThrownBy(() -> FileComposer.compose(Batches.ORIGIN, runs))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aBatchThatIsNotAsLongAsItSaysIsABug() {
    ByteBuffer longer = ByteBuffer.allocate(BatchHead.BYTES + 1);
    longer.put(BatchHead.MAGIC, BatchHead.MAGIC_V2);
    longer.putInt(BatchHead.LENGTH, BatchHead.BYTES - BatchHead.LENGTH_OVERHEAD);

    assertThatThrownBy(() -> compose(new StoredBatch(longer, 1, -1, -1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("long");
  }

  private static ComposedFile compose(StoredBatch batch) {
    return FileComposer.compose(
        Batches.ORIGIN, List.of(new PartitionRun(PARTITION, List.of(batch))));
  }
}
