package io.weft.agent.produce;

import io.weft.storage.file.FileLayout;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A store whose puts end when, and as, the test says. It copies the bytes when a put ends, not
/// when it begins. Thread-safe.
public final class GatedStore implements ObjectStore {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Long> begun = new ArrayList<>();
  private final Set<Long> opened = new HashSet<>();
  private final Set<Long> failing = new HashSet<>();
  private final TreeMap<Long, byte[]> objects = new TreeMap<>();
  private final List<Long> damaged = new ArrayList<>();

  /// Puts of a file that may go through though it is not open.
  private final Map<Long, Integer> passes = new HashMap<>();

  private boolean allOpen;
  private int underWay;
  private int underWayMost;

  /// Every put, now and later, goes through.
  public void openAll() {
    locked(() -> allOpen = true);
  }

  void open(long fileId) {
    locked(() -> opened.add(fileId));
  }

  /// One put of this file goes through, and no other by that.
  void openOnce(long fileId) {
    locked(() -> passes.merge(fileId, 1, Integer::sum));
  }

  void fail(long fileId) {
    locked(() -> failing.add(fileId));
  }

  /// File ids of the puts there were, in the order they began.
  List<Long> begun() {
    lock.lock();
    try {
      return List.copyOf(begun);
    } finally {
      lock.unlock();
    }
  }

  void awaitStored(long fileId) throws InterruptedException {
    lock.lock();
    try {
      while (!objects.containsKey(fileId)) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  List<Long> stored() {
    lock.lock();
    try {
      return List.copyOf(objects.keySet());
    } finally {
      lock.unlock();
    }
  }

  /// File ids of the puts whose bytes were others than when they began.
  List<Long> damaged() {
    lock.lock();
    try {
      return List.copyOf(damaged);
    } finally {
      lock.unlock();
    }
  }

  int underWayMost() {
    lock.lock();
    try {
      return underWayMost;
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Somebody else's object, there at once; or the bytes that are there from now on.
  void plant(long fileId, byte[] bytes) {
    locked(() -> objects.put(fileId, bytes));
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    throw new UnsupportedOperationException("a file is created, never overwritten");
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    long fileId = FileLayout.fileId(key).orElseThrow();
    lock.lock();
    try {
      begun.add(fileId);
      underWay++;
      underWayMost = Math.max(underWayMost, underWay);
      changed.signalAll();
      while (!allOpen
          && !opened.contains(fileId)
          && !failing.contains(fileId)
          && !passes.containsKey(fileId)) {
        changed.await();
      }
      passes.computeIfPresent(fileId, (_, left) -> left > 1 ? left - 1 : null);
      if (failing.contains(fileId)) {
        throw new ObjectStoreException.Unavailable("told to fail", null);
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) body.length());
      body.slices().forEach(bytes::put);
      if (!body.intact()) {
        damaged.add(fileId);
      }
      return objects.putIfAbsent(fileId, bytes.array()) == null
          ? PutOutcome.CREATED
          : PutOutcome.EXISTS;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unavailable("interrupted", e);
    } finally {
      underWay--;
      changed.signalAll();
      lock.unlock();
    }
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    target.put(readAll(key, Integer.MAX_VALUE), (int) position, target.remaining());
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    lock.lock();
    try {
      return objects.get(FileLayout.fileId(key).orElseThrow()).clone();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    lock.lock();
    try {
      return Optional.ofNullable(objects.get(FileLayout.fileId(key).orElseThrow()))
          .map(bytes -> new ObjectInfo(key, bytes.length));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
