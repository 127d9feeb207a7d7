package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.environment.Environment;
import io.weft.environment.Tasks;
import io.weft.storage.bucket.BucketOwnership;
import io.weft.storage.bucket.BucketOwnership.Owner;
import io.weft.storage.file.FileLayout;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectStoreException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/// A store that is away for a while ends no start.
class BucketClaimTest {
  private final FailingStore store = new FailingStore();
  private final AtomicInteger waits = new AtomicInteger();
  private final BucketClaim claim =
      new BucketClaim(new OpenStore("bucket", "file:b", store, store), withoutWaiting());

  @Test
  void waitsForAStoreThatTakesNoMark() throws InterruptedException {
    store.store.put(FileLayout.key(1), ObjectBody.of(new byte[1]));
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

  private Environment withoutWaiting() {
    Environment system = Environment.system();
    Tasks tasks =
        new Tasks() {
          @Override
          public Thread start(String name, Runnable body) {
            return system.tasks().start(name, body);
          }

          @Override
          public void sleepMs(long durationMs) {
            waits.incrementAndGet();
          }

          @Override
          public boolean awaitMs(ReentrantLock lock, Condition condition, long timeoutMs)
              throws InterruptedException {
            return system.tasks().awaitMs(lock, condition, timeoutMs);
          }
        };
    return new Environment(system.clock(), tasks, system.randomness());
  }
}
