package io.weft.storage.object;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A store in which somebody deletes an object just before it is asked about. Test double.
record StoreThatLosesBeforeStat(ObjectStore store, ObjectStore behind) implements ObjectStore {
  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    behind.delete(List.of(key));
    return store.stat(key);
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    store.put(key, body);
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    return store.putIfAbsent(key, body);
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    store.read(key, position, target);
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    return store.readAll(key, lengthMax);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    return store.list(prefix, startAfter, max);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    store.delete(keys);
  }

  @Override
  public void close() {
    store.close();
  }
}
