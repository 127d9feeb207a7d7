package io.weft.storage.object.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreContract;
import io.weft.storage.object.ObjectStoreException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The S3 store does what every store does, against Ceph's gateway, where Ceph is installed.
final class CephObjectStoreTest extends ObjectStoreContract {
  private static final String BUCKET = "weft-contract";
  private static Optional<CephGateway> gateway = Optional.empty();
  private static int prefixes;

  @BeforeAll
  static void startGateway() throws Exception {
    assumeTrue(CephGateway.isInstalled(), "no Ceph here; bin/ceph-gateway --install installs it");
    gateway = Optional.of(CephGateway.start());
    gateway.get().endpoint().createBucket(BUCKET);
  }

  @AfterAll
  static void stopGateway() throws Exception {
    if (gateway.isPresent()) {
      gateway.get().close();
    }
  }

  @Override
  protected ObjectStore open() {
    prefixes++;
    return gateway.orElseThrow().endpoint().open(BUCKET, "test/" + prefixes);
  }

  /// Ceph 16 does not know the header.
  @Override
  protected boolean checksCrc() {
    return false;
  }

  @Test
  void aBucketThatIsNotThereIsRejected() {
    try (ObjectStore nowhere = gateway.orElseThrow().endpoint().open("no-such-bucket", "")) {
      assertThatThrownBy(() -> nowhere.put(new ObjectKey("a"), ObjectBody.of(text("1"))))
          .isInstanceOf(ObjectStoreException.Rejected.class)
          .hasMessageContaining("make the bucket");
    }
  }

  @Test
  void aThousandObjectsAreListedAndDeletedInOneCall() {
    List<ObjectKey> keys =
        IntStream.range(0, 1000).mapToObj(i -> new ObjectKey("k/%04d".formatted(i))).toList();
    keys.parallelStream().forEach(key -> store.put(key, ObjectBody.of(text("x"))));
    assertThat(store.list("k/", "", 1000)).extracting(ObjectInfo::key).isEqualTo(keys);
    store.delete(keys);
    assertThat(store.list("k/", "", 1000)).isEmpty();
  }
}
