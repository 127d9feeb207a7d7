package io.weft.agent.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.fetch.TestBatch;
import io.weft.agent.fetch.TestStore;
import io.weft.protocol.record.BatchView;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifiedBatchesTest {
  private final TestStore store = new TestStore();
  private final TestBatch first = TestBatch.of(1, "first", "second");
  private final TestBatch second = TestBatch.of(2, "third".repeat(20));
  private final int length = first.size() + second.size();

  VerifiedBatchesTest() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(first.bytes());
    file.writeBytes(second.bytes());
    store.putFile(1, file.toByteArray());
  }

  private LocalChunks chunks(int chunkBytes) {
    return new LocalChunks(store, new CacheSettings(chunkBytes, 10_000, 4));
  }

  private static List<Integer> sizes(List<BatchView> batches) {
    return batches.stream().map(BatchView::sizeInBytes).toList();
  }

  @Test
  void wholeBatchesAreReadThatFit() {
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    assertThat(sizes(batches.read(1, 0, length, length)))
        .containsExactly(first.size(), second.size());
    assertThat(sizes(batches.read(1, 0, length - 1, length))).containsExactly(first.size());
    assertThat(sizes(batches.read(1, 0, 1, length))).containsExactly(first.size());
    assertThat(sizes(batches.read(1, first.size(), 1, second.size())))
        .containsExactly(second.size());
  }

  @Test
  void aDamagedCopyIsFetchedOnceMore() {
    store.lie(1, 1);
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    assertThat(sizes(batches.read(1, 0, length, length)))
        .containsExactly(first.size(), second.size());
    assertThat(store.gets()).isEqualTo(2);
  }

  @Test
  void aDamagedObjectIsAnErrorEachTimeAndNeverData() {
    store.lie(1, Integer.MAX_VALUE);
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> batches.read(1, 0, length, length))
          .isInstanceOf(CorruptObjectException.class);
    }
    store.lie(1, 0);
    assertThat(batches.read(1, 0, length, length)).hasSize(2);
  }

  @Test
  void whatEntersAgainIsCheckedAgain() {
    // Two pieces of one batch: only the second is loaded anew, with damage.
    LocalChunks pieces = chunks(60);
    VerifiedBatches batches = new VerifiedBatches(pieces);
    assertThat(batches.read(1, 0, length, length)).hasSize(2);
    List<ChunkSlice> slices = pieces.read(1, 0, length);
    pieces.drop(List.of(slices.get(2)));
    store.lie(1, Integer.MAX_VALUE);
    assertThatThrownBy(() -> batches.read(1, 0, length, length))
        .isInstanceOf(CorruptObjectException.class);
  }

  @Test
  void aRunThatEndsWithinABatchIsDamaged() {
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    int cut = second.size() - 1;
    assertThatThrownBy(() -> batches.read(1, first.size(), cut, cut))
        .isInstanceOf(CorruptObjectException.class);
    assertThatThrownBy(() -> batches.read(1, 0, 30, 30)).isInstanceOf(CorruptObjectException.class);
  }

  @Test
  void whatLiesBeforeTheDamageIsRead() {
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    byte[] damaged = new byte[length];
    System.arraycopy(first.bytes(), 0, damaged, 0, first.size());
    System.arraycopy(second.bytes(), 0, damaged, first.size(), second.size());
    damaged[length - 1]++;
    store.putFile(3, damaged);
    assertThat(sizes(batches.read(3, 0, length, length))).containsExactly(first.size());
    assertThatThrownBy(() -> batches.read(3, first.size(), length, second.size()))
        .isInstanceOf(CorruptObjectException.class);
    assertThat(sizes(batches.read(1, 0, length - 1, length - 1))).containsExactly(first.size());
  }

  @Test
  void aSmallPartOfAChunkIsKeptWithoutIt() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(first.bytes());
    file.writeBytes(new byte[800]);
    store.putFile(4, file.toByteArray());
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    VerifiedBatches.Run small = batches.readToKeep(4, 0, first.size(), first.size());
    assertThat(small.bytesHeld()).isEqualTo(first.size());
    assertThat(small.batches().getFirst().bytes().length()).isEqualTo(first.size());
    small.batches().getFirst().verifyCrc();
    VerifiedBatches.Run most = batches.readToKeep(1, 0, length, length);
    assertThat(most.bytesHeld()).isEqualTo(length);
    assertThat(sizes(most.batches())).containsExactly(first.size(), second.size());
  }

  @Test
  void bytesThatAreNoBatchAreDamaged() {
    store.putFile(2, new byte[500]);
    VerifiedBatches batches = new VerifiedBatches(chunks(1_000));
    assertThatThrownBy(() -> batches.read(2, 0, 500, 500))
        .isInstanceOf(CorruptObjectException.class);
  }
}
