package io.weft.controlplane.journal;

import io.weft.simulated.SimulatedStore;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A store so slow that a call which moves more than some bytes never comes to its end in time.
final class PiecesOnly implements ObjectStore {
  /// Around what is moved.
  private static final int EXTRA_BYTES = 100;

  private final SimulatedStore store;
  private final int bytesMax;
  private int reads;

  PiecesOnly(SimulatedStore store, int bytesMax) {
    this.store = store;
    this.bytesMax = bytesMax;
  }

  /// Ranged reads so far.
  int reads() {
    return reads;
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    inTime(body.length());
    store.put(key, body);
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    inTime(body.length());
    return store.putIfAbsent(key, body);
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    reads++;
    inTime(target.remaining());
    store.read(key, position, target);
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    byte[] whole = store.readAll(key, lengthMax);
    inTime(whole.length);
    return whole;
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    return store.stat(key);
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
  public void close() {}

  private void inTime(long bytes) {
    if (bytes > bytesMax + EXTRA_BYTES) {
      throw new ObjectStoreException.Unavailable("no answer in time", null);
    }
  }
}
