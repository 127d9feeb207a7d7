package io.weft.storage.bucket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.FileTier;
import io.weft.storage.bucket.BucketOwnership.Owner;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketOwnershipTest {
  private static final String GOLDEN =
      "weft bucket 1\ncluster kD3mJ0pWTzGq_8-Nf2sXyA\ncrc32c 2cff4dee\n";
  private static final String CLUSTER = "kD3mJ0pWTzGq_8-Nf2sXyA";

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final BucketOwnership bucket = new BucketOwnership(store);

  @Test
  void anEmptyBucketIsTheFirstOnesWhoAsksAndStaysIt() {
    assertThat(bucket.owner()).isEqualTo(new Owner.Nobody(false));
    assertThat(bucket.claim("first")).isEqualTo(new Owner.Cluster("first"));
    assertThat(bucket.claim("first")).isEqualTo(new Owner.Cluster("first"));
    assertThat(bucket.claim("second")).isEqualTo(new Owner.Cluster("first"));
    assertThat(bucket.owner()).isEqualTo(new Owner.Cluster("first"));
  }

  @Test
  void aBucketWithFilesAndNoMarkIsNotTaken() {
    store.put(FilePlace.of(3).key(), ObjectBody.of(new byte[1]));

    assertThat(bucket.claim("first")).isEqualTo(new Owner.Nobody(true));
    assertThat(store.stat(BucketMark.KEY)).isEmpty();
    bucket.adopt("first");
    assertThat(bucket.claim("first")).isEqualTo(new Owner.Cluster("first"));
  }

  @Test
  void whatIsNotAFileDoesNotMatter() {
    store.put(new ObjectKey("journal/00000000000000000001"), ObjectBody.of(new byte[1]));

    assertThat(bucket.claim("first")).isEqualTo(new Owner.Cluster("first"));
  }

  @Test
  void adoptingMakesAnothersBucketOnesOwn() {
    bucket.claim("first");
    bucket.adopt("second");

    assertThat(bucket.owner()).isEqualTo(new Owner.Cluster("second"));
    assertThatThrownBy(() -> bucket.adopt("no id")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyFlippedBitOfAMarkAndEveryCutIsFound() {
    bucket.claim(CLUSTER);
    byte[] mark = store.readAll(BucketMark.KEY, BucketMark.BYTES_MAX);
    for (int bit = 0; bit < mark.length * Byte.SIZE; bit++) {
      byte[] damaged = mark.clone();
      damaged[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
      assertThat(BucketMark.clusterId(damaged)).as("bit %d flipped", bit).isEmpty();
    }
    for (int length = 0; length < mark.length; length++) {
      assertThat(BucketMark.clusterId(Arrays.copyOf(mark, length))).isEmpty();
    }
    assertThat(BucketMark.clusterId(Arrays.copyOf(mark, mark.length + 1))).isEmpty();
    assertThat(BucketMark.clusterId(mark)).contains(CLUSTER);

    store.put(BucketMark.KEY, ObjectBody.of(new byte[60]));
    assertThat(bucket.claim(CLUSTER)).isEqualTo(new Owner.Unreadable());
  }

  @ParameterizedTest
  @ValueSource(ints = {BucketMark.BYTES_MAX, BucketMark.BYTES_MAX + 1, 300, 1 << 20})
  void aLongObjectUnderItsKeyIsNoMarkAndCanBeReplaced(int bytes) {
    store.put(BucketMark.KEY, ObjectBody.of(new byte[bytes]));

    assertThat(bucket.owner()).isEqualTo(new Owner.Unreadable());
    assertThat(bucket.claim("first")).isEqualTo(new Owner.Unreadable());
    bucket.adopt("first");
    assertThat(bucket.owner()).isEqualTo(new Owner.Cluster("first"));
  }

  @Test
  void aMarkIsTheReleasedText() {
    bucket.claim(CLUSTER);

    assertThat(new String(store.readAll(BucketMark.KEY, BucketMark.BYTES_MAX), US_ASCII))
        .isEqualTo(GOLDEN);
  }

  @Test
  void theHighestIdIsFoundBehindManyPages() {
    assertThat(bucket.highestFileNumber()).isEqualTo(OptionalLong.empty());
    for (int id = 1; id <= 2_000; id++) {
      store.put(FilePlace.of(id).key(), ObjectBody.of(new byte[1]));
    }
    assertThat(bucket.highestFileNumber()).isEqualTo(OptionalLong.of(2_000));
    store.put(new ObjectKey("files/other"), ObjectBody.of(new byte[1]));
    assertThat(bucket.highestFileNumber()).isEqualTo(OptionalLong.of(2_000));
  }

  /// A directory bucket lists in no order, and can begin at no key.
  @Test
  void aStoreWithoutOrderIsNotAskedForOne() {
    for (int id = 1; id <= 1_500; id++) {
      store.put(FilePlace.of(id).key(), ObjectBody.of(new byte[1]));
    }
    ObjectStore unordered =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (_, method, arguments) -> {
                  assertThat(method.getName()).isNotEqualTo("list");
                  return method.invoke(store, arguments);
                });

    assertThat(new BucketOwnership(unordered).highestFileNumber())
        .isEqualTo(OptionalLong.of(1_500));
  }

  @Test
  void theHighestNumberIsFoundWhateverTheTier() {
    store.put(FilePlace.of(FileTier.LOW_LATENCY.id(7)).key(), ObjectBody.of(new byte[1]));
    assertThat(bucket.highestFileNumber()).isEqualTo(OptionalLong.of(7));
    store.put(FilePlace.of(9).key(), ObjectBody.of(new byte[1]));
    assertThat(bucket.highestFileNumber()).isEqualTo(OptionalLong.of(9));
  }
}
