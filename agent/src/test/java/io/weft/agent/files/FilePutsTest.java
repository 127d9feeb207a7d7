package io.weft.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.environment.ManualTime;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.protocol.record.RawBatch;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.PartitionRun;
import io.weft.storage.file.StoredBatch;
import io.weft.storage.object.MemoryObjectStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Files are put for any writer: no producer is needed.
@Timeout(300)
class FilePutsTest {
  private static final long FILE_ID = 7;

  private final ManualTime time = ManualTime.movedBySleepers(7);
  private final MemoryObjectStore store = new MemoryObjectStore();

  @Test
  void aFileLiesWhereItsPlaceSays() {
    FilePut put = puts("ours").of(FILE_ID, List.of(run()));
    assertThat(store.stat(put.place().key())).isEmpty();
    put.put();

    assertThat(put.place()).isEqualTo(FilePlace.of(FILE_ID));
    assertThat(put.mayBeReadBehindPut()).isFalse();
    assertThat(store.readAll(FilePlace.of(FILE_ID).key(), 1 << 20))
        .isEqualTo(put.file().body().toBytes());
  }

  @Test
  void anothersFileInItsPlaceStaysAsItIs() {
    FilePut theirs = puts("theirs").of(FILE_ID, List.of(run()));
    theirs.put();
    FilePut ours = puts("ours").of(FILE_ID, List.of(run()));

    assertThatThrownBy(ours::put)
        .isInstanceOf(FileTakenException.class)
        .hasMessageContaining("there is already file 7 of cluster theirs");
    assertThat(store.readAll(ours.place().key(), 1 << 20))
        .isEqualTo(theirs.file().body().toBytes());
  }

  private FilePuts puts(String clusterId) {
    return new FilePuts(
        time.environment(),
        new ClusterBucket(store, clusterId),
        new HedgedPut.Budget(time, 0),
        new FileSettings(8, 0, 10, 100));
  }

  private static PartitionRun run() {
    return new PartitionRun(
        new PartitionId(new TopicId(1, 2), 0),
        List.of(new StoredBatch(RawBatch.of("a").build(), 1, 0, 0)));
  }
}
