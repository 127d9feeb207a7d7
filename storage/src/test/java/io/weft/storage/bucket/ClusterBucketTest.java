package io.weft.storage.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.Extent;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectKey;
import org.junit.jupiter.api.Test;

class ClusterBucketTest {
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final ClusterBucket bucket = new ClusterBucket(store, "cluster");

  @Test
  void aFilesPlaceSaysItsStoreAndItsKey() {
    FilePlace place = FilePlace.of(new Extent(42, 8, 100, 0, 3, -1, -1));

    assertThat(place).isEqualTo(FilePlace.of(42));
    assertThat(place.key()).isEqualTo(new ObjectKey("files/00000000000000000042"));
    assertThat(bucket.storeOf(place)).isSameAs(store);
  }

  @Test
  void aPlaceInNoStoreOfTheClusterIsABug() {
    assertThatThrownBy(() -> bucket.storeOf(new FilePlace("elsewhere", 42)))
        .isInstanceOf(IllegalStateException.class);
  }
}
