package io.weft.agent.removal;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.environment.ManualTime;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.model.AgentId;
import io.weft.model.FileTier;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectPart;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class FileRemovalTest {
  private static final AgentId AGENT = new AgentId(3);

  private final ManualTime time = new ManualTime(1);
  private final StubbornStore store = new StubbornStore();
  private final Desk desk = new Desk();

  private FileRemoval start() {
    return start(RemovalSettings.STANDARD);
  }

  private FileRemoval start(RemovalSettings settings) {
    return FileRemoval.start(
        time.environment(),
        desk,
        new ClusterBucket(store, "cluster"),
        () -> Optional.of(AGENT),
        settings);
  }

  private static List<Long> ids(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  @Test
  void whatTheStoreHasConfirmedIsReported() throws InterruptedException {
    desk.dead.addAll(ids(1, 2_501));
    store.put(FilePlace.of(2).key(), ObjectBody.of(new byte[] {1}));
    store.put(FilePlace.of(3_000).key(), ObjectBody.of(new byte[] {1}));
    FileRemoval removal = start();
    time.runUntil(desk.dead::isEmpty);
    removal.close();
    assertThat(store.stat(FilePlace.of(2).key())).isEmpty();
    assertThat(store.stat(FilePlace.of(3_000).key())).isPresent();
    assertThat(store.calls).hasValue(3);
  }

  @Test
  void eachFileIsDeletedInTheStoreThatItsIdSays() throws InterruptedException {
    MemoryObjectStore lowLatency = new MemoryObjectStore();
    long fresh = FileTier.LOW_LATENCY.id(7);
    ObjectKey merged = FilePlace.of(8).key();
    lowLatency.put(FilePlace.of(fresh).key(), ObjectBody.of(new byte[] {1}));
    lowLatency.put(merged, ObjectBody.of(new byte[] {1}));
    store.put(merged, ObjectBody.of(new byte[] {1}));
    desk.dead.addAll(List.of(8L, fresh));
    FileRemoval removal =
        FileRemoval.start(
            time.environment(),
            desk,
            new ClusterBucket(store, Optional.of(lowLatency), "cluster"),
            () -> Optional.of(AGENT),
            RemovalSettings.STANDARD);
    time.runUntil(desk.dead::isEmpty);
    removal.close();
    assertThat(store.stat(merged)).isEmpty();
    assertThat(lowLatency.stat(FilePlace.of(fresh).key())).isEmpty();
    assertThat(lowLatency.stat(merged)).isPresent();
  }

  @Test
  void whatLiesInAnUnknownStoreIsNotReportedAndHoldsUpNothing() throws InterruptedException {
    List<Long> fresh = ids(FileTier.LOW_LATENCY.id(1), FileTier.LOW_LATENCY.id(401));
    desk.dead.addAll(fresh);
    desk.dead.addAll(ids(1, 601));
    FileRemoval removal = start();
    time.runUntil(() -> desk.dead.size() == fresh.size());
    assertThat(store.calls).hasValue(1);
    desk.dead.add(1_000L);
    time.runUntil(() -> desk.dead.size() == fresh.size());
    removal.close();
    assertThat(desk.dead).containsExactlyElementsOf(fresh);
    assertThat(store.calls).hasValue(2);
  }

  @Test
  void filesOfAnUnknownStoreAloneAreAskedForRarely() throws InterruptedException {
    desk.dead.add(FileTier.LOW_LATENCY.id(7));
    long startedMs = time.monotonicMs();
    FileRemoval removal = start(new RemovalSettings(1_000, 10, 100, 1, 10));
    time.runUntil(() -> desk.takes.get() == 24);
    assertThat(time.monotonicMs() - startedMs).isGreaterThanOrEqualTo(20 * 100);
    assertThat(store.calls).hasValue(0);
    removal.close();
  }

  @Test
  void aFileThatCannotBeDeletedHoldsUpNoOther() throws InterruptedException {
    desk.dead.addAll(ids(1, 1_001));
    store.stubborn.add(FilePlace.of(500).key());
    FileRemoval removal = start();
    time.runUntil(() -> desk.dead.size() == 1);
    assertThat(desk.dead).containsExactly(500L);
    store.stubborn.clear();
    time.runUntil(desk.dead::isEmpty);
    removal.close();
  }

  @Test
  void whileTheStoreIsAwayItIsAskedRarely() throws InterruptedException {
    desk.dead.addAll(ids(1, 1_001));
    store.isAway = true;
    FileRemoval removal = start();
    for (int minutes = 0; minutes < 60; minutes++) {
      time.awaitWaiting(1);
      time.advanceMs(60_000);
    }
    assertThat(desk.dead).hasSize(1_000);
    assertThat(store.calls.get()).isBetween(1, 70);
    removal.close();
  }

  @Test
  void aReportThatIsLostIsMadeAgain() throws InterruptedException {
    desk.dead.addAll(ids(1, 11));
    desk.reportsLost.set(2);
    FileRemoval removal = start();
    time.runUntil(desk.dead::isEmpty);
    removal.close();
  }

  @Test
  void whileThereIsNothingToDeleteFewAsk() throws InterruptedException {
    long startedMs = time.monotonicMs();
    FileRemoval removal = start(new RemovalSettings(1_000, 10, 100, 1, 10));
    time.runUntil(() -> desk.takes.get() == 24);
    // The first pauses are shorter: 20, 40 and 80 ms.
    assertThat(time.monotonicMs() - startedMs).isGreaterThanOrEqualTo(20 * 100);
    assertThat(store.calls).hasValue(0);
    removal.close();
  }

  /// Hands out the same files until they are reported.
  private static final class Desk implements DeadFiles {
    final Set<Long> dead = new ConcurrentSkipListSet<>();
    final AtomicInteger takes = new AtomicInteger();
    final AtomicInteger reportsLost = new AtomicInteger();

    @Override
    public List<Long> take(AgentId agent, int max, long wallMs) {
      takes.incrementAndGet();
      return dead.stream().limit(max).toList();
    }

    @Override
    public void deleted(AgentId agent, List<Long> fileIds) {
      if (reportsLost.getAndDecrement() > 0) {
        throw new ControlPlaneException.Unavailable("it is away", null);
      }
      dead.removeAll(new TreeSet<>(fileIds));
    }
  }

  /// Deletes nothing of a call that names one of some objects.
  private static final class StubbornStore implements ObjectStore {
    private final MemoryObjectStore objects = new MemoryObjectStore();
    final Set<ObjectKey> stubborn = ConcurrentHashMap.newKeySet();
    final AtomicInteger calls = new AtomicInteger();
    volatile boolean isAway;

    @Override
    public void delete(Collection<ObjectKey> keys) {
      calls.incrementAndGet();
      if (isAway || keys.stream().anyMatch(stubborn::contains)) {
        throw new ObjectStoreException.Unavailable("it does not delete", null);
      }
      objects.delete(keys);
    }

    @Override
    public void put(ObjectKey key, ObjectBody body) {
      objects.put(key, body);
    }

    @Override
    public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
      return objects.putIfAbsent(key, body);
    }

    @Override
    public void read(ObjectKey key, long position, ByteBuffer target) {
      objects.read(key, position, target);
    }

    @Override
    public byte[] readAll(ObjectKey key, int lengthMax) {
      return objects.readAll(key, lengthMax);
    }

    @Override
    public ObjectPart readUpTo(ObjectKey key, long position, int lengthMax) {
      return objects.readUpTo(key, position, lengthMax);
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectKey key) {
      return objects.stat(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String startAfter, int max) {
      return objects.list(prefix, startAfter, max);
    }

    @Override
    public void close() {}
  }
}
