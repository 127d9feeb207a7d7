package io.weft.server.process;

import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Fails in the order given, then answers.
final class FailingStore implements ObjectStore {
  final ObjectStore store = new MemoryObjectStore();
  final Deque<ObjectStoreException> failures = new ArrayDeque<>();

  /// Of unconditional puts alone.
  final Deque<ObjectStoreException> putFailures = new ArrayDeque<>();

  private ObjectStore next() {
    if (!failures.isEmpty()) {
      throw failures.poll();
    }
    return store;
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    if (!putFailures.isEmpty()) {
      throw putFailures.poll();
    }
    next().put(key, body);
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    return next().putIfAbsent(key, body);
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    next().read(key, position, target);
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    return next().readAll(key, lengthMax);
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    return next().stat(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    return next().list(prefix, startAfter, max);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    next().delete(keys);
  }

  @Override
  public void close() {}
}
