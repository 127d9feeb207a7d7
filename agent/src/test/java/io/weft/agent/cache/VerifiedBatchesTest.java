package io.weft.agent.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.fetch.TestBatch;
import io.weft.agent.fetch.TestFiles;
import io.weft.agent.fetch.TestStore;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.protocol.record.BatchView;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileComposer;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerifiedBatchesTest {
  private static final PartitionId PARTITION = new PartitionId(new TopicId(7, 1), 3);
  private static final PartitionId OTHER = new PartitionId(new TopicId(7, 1), 4);

  private final TestStore store = new TestStore();
  private final TestBatch first = TestBatch.of(1, "first", "second");
  private final TestBatch second = TestBatch.of(2, "third".repeat(20));
  private final int length = first.size() + second.size();

  VerifiedBatchesTest() {
    store.putFile(1, TestFiles.of(1, Map.of(PARTITION, run())).body().toBytes());
  }

  private byte[] run() {
    ByteArrayOutputStream run = new ByteArrayOutputStream();
    run.writeBytes(first.bytes());
    run.writeBytes(second.bytes());
    return run.toByteArray();
  }

  private LocalChunks chunks(int chunkBytes) {
    return new LocalChunks(
        new ClusterBucket(store, TestFiles.CLUSTER), new CacheSettings(chunkBytes, 10_000, 4));
  }

  private static Extent extent(long fileId, int length) {
    return new Extent(fileId, FileComposer.HEADER_BYTES, length, 0, 2, 3, -1);
  }

  private List<BatchView> read(VerifiedBatches batches, int skip, int wanted) {
    return batches.read(PARTITION, extent(1, length), skip, wanted, ReadPurpose.TAIL);
  }

  private static List<Integer> sizes(List<BatchView> batches) {
    return batches.stream().map(BatchView::sizeInBytes).toList();
  }

  @Test
  void wholeBatchesAreReadThatFit() {
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    assertThat(sizes(read(batches, 0, length))).containsExactly(first.size(), second.size());
    assertThat(sizes(read(batches, 0, length - 1))).containsExactly(first.size());
    assertThat(sizes(read(batches, 0, 1))).containsExactly(first.size());
    assertThat(sizes(read(batches, first.size(), 1))).containsExactly(second.size());
  }

  @Test
  void aDamagedCopyIsFetchedOnceMore() {
    store.lie(1, 1);
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    assertThat(sizes(read(batches, 0, length))).containsExactly(first.size(), second.size());
    assertThat(store.gets()).isEqualTo(2);
  }

  @Test
  void aDamagedObjectIsAnErrorEachTimeAndNeverData() {
    store.lie(1, Integer.MAX_VALUE);
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> read(batches, 0, length)).isInstanceOf(CorruptObjectException.class);
    }
    store.lie(1, 0);
    assertThat(read(batches, 0, length)).hasSize(2);
  }

  @Test
  void whatEntersAgainIsCheckedAgain() {
    // Two pieces of one batch: only the second is loaded anew, with damage.
    LocalChunks pieces = chunks(60);
    VerifiedBatches batches = new VerifiedBatches(pieces);
    assertThat(read(batches, 0, length)).hasSize(2);
    List<ChunkSlice> slices = pieces.read(FilePlace.of(1), 0, length, ReadPurpose.TAIL);
    pieces.drop(List.of(slices.get(2)));
    store.lie(1, Integer.MAX_VALUE);
    // Damaged otherwise than the copy before: it is the way that lies, as far as can be known.
    assertThatThrownBy(() -> read(batches, 0, length))
        .isInstanceOf(ObjectStoreException.Unavailable.class);
    // Damaged twice in the same way: so is the object.
    assertThatThrownBy(() -> read(batches, 0, length)).isInstanceOf(CorruptObjectException.class);
  }

  @Test
  void aRunThatEndsWithinABatchIsDamaged() {
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    assertThatThrownBy(
            () ->
                batches.read(
                    PARTITION, extent(1, length - 1), first.size(), length, ReadPurpose.TAIL))
        .isInstanceOf(CorruptObjectException.class);
    assertThatThrownBy(() -> batches.read(PARTITION, extent(1, 30), 0, 30, ReadPurpose.TAIL))
        .isInstanceOf(CorruptObjectException.class);
  }

  @Test
  void whatLiesBeforeTheDamageIsRead() {
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    byte[] damaged = run();
    damaged[length - 1]++;
    store.putFile(3, TestFiles.of(3, Map.of(PARTITION, damaged)).body().toBytes());
    Extent extent = extent(3, length);
    assertThat(sizes(batches.read(PARTITION, extent, 0, length, ReadPurpose.TAIL)))
        .containsExactly(first.size());
    assertThatThrownBy(
            () -> batches.read(PARTITION, extent, first.size(), length, ReadPurpose.TAIL))
        .isInstanceOf(CorruptObjectException.class);
  }

  @Test
  void whatIsAnothersIsNotReadEvenIfItIsIntact() {
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    assertThatThrownBy(() -> batches.read(OTHER, extent(1, length), 0, length, ReadPurpose.TAIL))
        .isInstanceOf(CorruptObjectException.class);
  }

  @Test
  void whatIsKeptIsCopiedOutOfThePages() {
    Map<PartitionId, byte[]> runs = new LinkedHashMap<>();
    runs.put(PARTITION, first.bytes());
    runs.put(OTHER, TestBatch.of(1, "x".repeat(3_000)).bytes());
    store.putFile(4, TestFiles.of(4, runs).body().toBytes());
    LocalChunks chunks = chunks(10_000);
    VerifiedBatches batches = new VerifiedBatches(chunks);
    VerifiedBatches.Run small =
        batches.readToKeep(PARTITION, extent(4, first.size()), 0, first.size(), ReadPurpose.TAIL);
    assertThat(small.bytesHeld()).isEqualTo(first.size());
    assertThat(small.batches().getFirst().bytes().length()).isEqualTo(first.size());
    TestBatch large = TestBatch.of(1, "x".repeat(3_000));
    store.putFile(5, TestFiles.of(5, Map.of(PARTITION, large.bytes())).body().toBytes());
    VerifiedBatches.Run most =
        batches.readToKeep(PARTITION, extent(5, large.size()), 0, large.size(), ReadPurpose.TAIL);
    assertThat(most.bytesHeld()).isEqualTo(large.size());
    for (int fileId = 10; fileId < 20; fileId++) {
      store.putFile(fileId, new byte[3_000]);
      ChunkSlice.releaseAll(chunks.read(FilePlace.of(fileId), 0, 10, ReadPurpose.TAIL));
    }
    assertThat(chunks.holds(FilePlace.of(5), 0, 10)).isFalse();
    assertThat(chunks.figures().bytesOnlyReaders()).isZero();
    small.batches().getFirst().verifyCrc();
    most.batches().getFirst().verifyCrc();
    assertThat(sizes(most.batches())).containsExactly(large.size());
  }

  @Test
  void bytesThatAreNoBatchAreDamaged() {
    store.putFile(2, new byte[500]);
    assertIsNotServed(2, PARTITION, extent(2, 400), "no mark of a Weft file");
  }

  @Test
  void aFileOfAnotherClusterIsNotServed() {
    ComposedFile file = TestFiles.of("another", 2, Map.of(PARTITION, run()));
    store.putFile(2, file.body().toBytes());
    assertIsNotServed(
        2,
        PARTITION,
        extent(2, length),
        "it says that it is file 2 of cluster another; expected was file 2 of cluster cluster");
  }

  @Test
  void aFileUnderAnothersKeyIsNotServed() {
    store.putFile(2, TestFiles.of(1, Map.of(PARTITION, run())).body().toBytes());
    assertIsNotServed(
        2, PARTITION, extent(2, length), "it says that it is file 1 of cluster cluster");
  }

  @Test
  void whatIsAnotherPartitionsIsNotServedThoughItsShapeIsTheSame() {
    ComposedFile file = TestFiles.of(2, Map.of(PARTITION, run(), OTHER, run()));
    store.putFile(2, file.body().toBytes());
    Extent others = new Extent(2, FileComposer.HEADER_BYTES + length, length, 0, 2, 3, -1);

    assertIsNotServed(2, PARTITION, others, "it says that it has");
    assertIsNotServed(2, OTHER, extent(2, length), "it says that it has");
    assertIsNotServed(
        2, new PartitionId(new TopicId(8, 1), 3), extent(2, length), "it has nothing of");
    assertThat(sizes(reader().read(OTHER, others, 0, length, ReadPurpose.TAIL)))
        .containsExactly(first.size(), second.size());
  }

  @Test
  void anExtentThatReachesBeyondItsRunIsNotServedWhateverPartOfItIsAsked() {
    ComposedFile file = TestFiles.of(2, Map.of(PARTITION, run(), OTHER, run()));
    store.putFile(2, file.body().toBytes());

    assertIsNotServed(2, PARTITION, extent(2, length + first.size()), "expected were");
  }

  @Test
  void aFileOfTheFirstVersionIsServedByWhatItsFooterSays() {
    store.putFile(2, TestFiles.ofVersion1(PARTITION, 2, run()));
    Extent extent = new Extent(2, 8, length, 0, 2, 3, -1);

    assertThat(reader().read(PARTITION, extent, 0, length, ReadPurpose.TAIL)).hasSize(2);
    assertIsNotServed(2, OTHER, extent, "it has nothing of");
  }

  @Test
  void ofALongFileTheFooterIsReadOnce() {
    ComposedFile file = TestFiles.of(2, Map.of(PARTITION, run(), OTHER, run()));
    store.putFile(2, file.body().toBytes());
    LocalChunks pieces = chunks(60);
    VerifiedBatches batches = new VerifiedBatches(pieces);
    Extent others = new Extent(2, FileComposer.HEADER_BYTES + length, length, 0, 2, 3, -1);

    batches.read(PARTITION, extent(2, length), 0, length, ReadPurpose.TAIL);
    batches.read(OTHER, others, 0, length, ReadPurpose.TAIL);

    assertThat(store.gets()).isEqualTo((int) (1 + pieces.figures().loads()));
    assertThat(store.stats()).isZero();
    for (PartitionId partition : List.of(PARTITION, OTHER)) {
      assertThatThrownBy(
              () -> batches.read(partition, extent(2, 2 * length), 0, length, ReadPurpose.TAIL))
          .isInstanceOf(CorruptObjectException.class);
    }
  }

  @Test
  void whatASecondReadMendsIsServed() {
    // The end of the file: the footer, and no batch.
    byte[] sound = TestFiles.of(2, Map.of(PARTITION, run())).body().toBytes();
    byte[] damaged = sound.clone();
    damaged[damaged.length - 30] ^= 1;
    store.putFile(2, damaged);
    LocalChunks chunks = chunks(1_000);
    chunks.read(FilePlace.of(2), 0, 10, ReadPurpose.TAIL);
    store.putFile(2, sound);

    assertThat(
            new VerifiedBatches(chunks)
                .read(PARTITION, extent(2, length), 0, length, ReadPurpose.TAIL))
        .hasSize(2);
  }

  private VerifiedBatches reader() {
    return new VerifiedBatches(chunks(10_000));
  }

  /// Neither whole nor in pieces; and each time anew.
  private void assertIsNotServed(
      long fileId, PartitionId partition, Extent extent, String because) {
    for (int chunkBytes : new int[] {10_000, 60}) {
      VerifiedBatches batches = new VerifiedBatches(chunks(chunkBytes));
      for (int skip : new int[] {0, 0, first.size()}) {
        assertThatThrownBy(() -> batches.read(partition, extent, skip, 1, ReadPurpose.TAIL))
            .as("file %d in chunks of %d, from %d on", fileId, chunkBytes, skip)
            .isInstanceOf(CorruptObjectException.class)
            .hasMessageContaining(because);
      }
    }
  }
}
