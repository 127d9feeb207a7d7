package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.storage.bucket.BucketOwnership;
import io.weft.storage.bucket.BucketOwnership.Owner;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectStoreException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A store that is away for a while ends no start.
class BucketClaimTest {
  private final FailingStore store = new FailingStore();
  private final AtomicInteger waits = new AtomicInteger();
  private final BucketClaim claim =
      new BucketClaim(
          new OpenStore("bucket", "file:b", store, store),
          Hasty.environment(waits::incrementAndGet));

  @Test
  void waitsForAStoreThatTakesNoMark() throws InterruptedException {
    store.store.put(FilePlace.of(1).key(), ObjectBody.of(new byte[1]));
    store.putFailures.add(away());
    store.putFailures.add(away());

    assertThat(claim.claimWithFiles("ours").clusterId()).isEqualTo("ours");
    assertThat(waits).hasValue(2);
    assertThat(new BucketOwnership(store).owner()).isEqualTo(new Owner.Cluster("ours"));
  }

  @Test
  void waitsForAStoreThatDoesNotSayWhoseItIs() throws InterruptedException {
    store.failures.add(away());

    assertThat(claim.claim("ours").clusterId()).isEqualTo("ours");
    assertThat(waits).hasValue(1);
  }

  private static ObjectStoreException away() {
    return new ObjectStoreException.Unavailable("away", null);
  }
}
