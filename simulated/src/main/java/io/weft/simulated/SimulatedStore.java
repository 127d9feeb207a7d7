package io.weft.simulated;

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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/// Objects in memory that a test may look at and damage. What one client sees of it, and how badly,
/// is a [StoreLink]'s matter. Thread-safe.
public final class SimulatedStore implements ObjectStore {
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  private final Set<String> deleted = ConcurrentHashMap.newKeySet();
  private final Set<String> returned = ConcurrentHashMap.newKeySet();

  private volatile boolean conditional = true;
  private volatile Consumer<ObjectKey> deletes = key -> {};

  /// From here on it ignores "if absent": every put is done, and told to be the first.
  public void ignoreConditions() {
    conditional = false;
  }

  private volatile String rotting = "/";

  /// From here on one bit is turned of each object that is put under this prefix; `/`: of none.
  public void rot(String prefix) {
    rotting = prefix;
  }

  public List<String> keys(String prefix) {
    return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  public byte[] bytes(String key) {
    return objects.get(key).clone();
  }

  public void replace(String key, byte[] bytes) {
    objects.put(key, bytes.clone());
  }

  public void remove(String key) {
    objects.remove(key);
  }

  /// Turns one bit in the middle of an object.
  public void damage(String key) {
    byte[] bytes = bytes(key);
    bytes[bytes.length / 2] ^= 0x10;
    replace(key, bytes);
  }

  /// @param watcher is told of each key that a client deletes; must not block
  public void watchDeletes(Consumer<ObjectKey> watcher) {
    deletes = watcher;
  }

  /// The keys that were put after a client had deleted them, by a call that was long under way.
  public Set<String> returned() {
    return Set.copyOf(returned);
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    objects.put(key.name(), bytes(body));
    noteReturn(key);
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    if (key.name().startsWith(rotting)) {
      put(key, body);
      damage(key.name());
      return PutOutcome.CREATED;
    }
    if (!conditional) {
      put(key, body);
      return PutOutcome.CREATED;
    }
    noteReturn(key);
    return objects.putIfAbsent(key.name(), bytes(body)) == null
        ? PutOutcome.CREATED
        : PutOutcome.EXISTS;
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    byte[] bytes = existing(key);
    if (position + target.remaining() > bytes.length) {
      throw new ObjectStoreException.Rejected("range outside " + key, null);
    }
    target.put(bytes, (int) position, target.remaining());
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    byte[] bytes = existing(key);
    if (bytes.length > lengthMax) {
      throw new ObjectStoreException.Rejected("too long: " + key, null);
    }
    return bytes.clone();
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    return Optional.ofNullable(objects.get(key.name()))
        .map(bytes -> new ObjectInfo(key, bytes.length));
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    return objects.tailMap(startAfter, false).entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .limit(max)
        .map(entry -> new ObjectInfo(new ObjectKey(entry.getKey()), entry.getValue().length))
        .toList();
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    for (ObjectKey key : keys) {
      objects.remove(key.name());
      deleted.add(key.name());
      deletes.accept(key);
    }
  }

  @Override
  public void close() {}

  private void noteReturn(ObjectKey key) {
    if (deleted.contains(key.name())) {
      returned.add(key.name());
    }
  }

  private byte[] existing(ObjectKey key) {
    byte[] bytes = objects.get(key.name());
    if (bytes == null) {
      throw new ObjectStoreException.NotFound(key);
    }
    return bytes;
  }

  private static byte[] bytes(ObjectBody body) {
    ByteBuffer whole = ByteBuffer.allocate((int) body.length());
    body.slices().forEach(whole::put);
    return whole.array();
  }
}
