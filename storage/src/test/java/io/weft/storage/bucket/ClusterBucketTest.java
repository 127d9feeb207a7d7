package io.weft.storage.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.Extent;
import io.weft.model.FileTier;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStoreException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterBucketTest {
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final MemoryObjectStore lowLatency = new MemoryObjectStore();
  private final ClusterBucket bucket = new ClusterBucket(store, "cluster");
  private final ClusterBucket both = new ClusterBucket(store, Optional.of(lowLatency), "cluster");

  @Test
  void aFilesPlaceSaysItsStoreAndItsKey() {
    FilePlace place = FilePlace.of(new Extent(42, 8, 100, 0, 3, -1, -1));

    assertThat(place).isEqualTo(FilePlace.of(42));
    assertThat(place.key()).isEqualTo(new ObjectKey("files/00000000000000000042"));
    assertThat(bucket.storeOf(place)).isSameAs(store);
    assertThat(both.storeOf(place)).isSameAs(store);
  }

  @Test
  void anIdOfTheLowLatencyTierIsOfThatStore() {
    long fileId = FileTier.LOW_LATENCY.id(42);

    assertThat(both.storeOf(FilePlace.of(fileId))).isSameAs(lowLatency);
    assertThat(FileTier.of(fileId)).isEqualTo(FileTier.LOW_LATENCY);
    assertThat(FileTier.number(fileId)).isEqualTo(42);
    assertThat(FileTier.HIGH_LATENCY.id(42)).isEqualTo(42);
    assertThat(both.freshTier()).isEqualTo(FileTier.LOW_LATENCY);
    assertThat(bucket.freshTier()).isEqualTo(FileTier.HIGH_LATENCY);
  }

  @Test
  void whoWasNotToldOfTheOtherStoreSaysSo() {
    assertThatThrownBy(() -> bucket.storeOf(FilePlace.of(FileTier.LOW_LATENCY.id(42))))
        .isInstanceOf(ObjectStoreException.Unavailable.class)
        .hasMessageContaining("tiered.storage");
  }
}
