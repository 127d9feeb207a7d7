package io.weft.agent.fetch;

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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A memory store that counts its GETs and can be made to fail, to lie and to be slow. Thread-safe.
public final class TestStore implements ObjectStore {
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private final AtomicInteger gets = new AtomicInteger();
  private final AtomicInteger stats = new AtomicInteger();
  private final Map<ObjectKey, AtomicInteger> lies = new ConcurrentHashMap<>();
  private final Set<ObjectKey> away = ConcurrentHashMap.newKeySet();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  public int gets() {
    return gets.get();
  }

  public int stats() {
    return stats.get();
  }

  public void putFile(long fileId, byte[] bytes) {
    put(FilePlace.of(fileId).key(), ObjectBody.of(bytes));
  }

  public void deleteFile(long fileId) {
    delete(List.of(FilePlace.of(fileId).key()));
  }

  /// The next `reads` of this file have every bit of one byte wrong in every 64.
  public void lie(long fileId, int reads) {
    lies.put(FilePlace.of(fileId).key(), new AtomicInteger(reads));
  }

  /// Reads of this file fail, or no longer.
  public void setAway(long fileId, boolean isAway) {
    if (isAway) {
      away.add(FilePlace.of(fileId).key());
    } else {
      away.remove(FilePlace.of(fileId).key());
    }
  }

  /// Reads wait until the gate is opened.
  public CountDownLatch closeGate() {
    gate = new CountDownLatch(1);
    return gate;
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    begin(key);
    int from = target.position();
    objects.read(key, position, target);
    damage(key, target.slice(from, target.position() - from));
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    begin(key);
    byte[] bytes = objects.readAll(key, lengthMax);
    damage(key, ByteBuffer.wrap(bytes));
    return bytes;
  }

  @Override
  public ObjectPart readUpTo(ObjectKey key, long position, int lengthMax) {
    begin(key);
    ObjectPart part = objects.readUpTo(key, position, lengthMax);
    damage(key, part.bytes());
    return part;
  }

  private void begin(ObjectKey key) {
    gets.incrementAndGet();
    try {
      gate.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unavailable("interrupted", interrupted);
    }
    if (away.contains(key)) {
      throw new ObjectStoreException.Unavailable("away", null);
    }
  }

  private void damage(ObjectKey key, ByteBuffer bytes) {
    AtomicInteger left = lies.get(key);
    if (left != null && left.getAndDecrement() > 0) {
      for (int i = 40; i < bytes.limit(); i += 64) {
        bytes.put(i, (byte) ~bytes.get(i));
      }
    }
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
  public Optional<ObjectInfo> stat(ObjectKey key) {
    stats.incrementAndGet();
    return objects.stat(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    return objects.list(prefix, startAfter, max);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    objects.delete(keys);
  }

  @Override
  public void close() {}
}
