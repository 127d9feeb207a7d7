package io.weft.storage.object;

import io.weft.model.Invariant;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// A store in the heap of one process: for tests, simulation and trying things out. Thread-safe.
///
/// It outlives [#close()], so that several parts of a process may each open and close it.
public final class MemoryObjectStore implements ObjectStore {
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    objects.put(key.name(), checkedCopy(key, body));
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    return objects.putIfAbsent(key.name(), checkedCopy(key, body)) == null
        ? PutOutcome.CREATED
        : PutOutcome.EXISTS;
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    Invariant.check(position >= 0, "read at %d", position);
    byte[] object = require(key);
    if (position > object.length || target.remaining() > object.length - position) {
      throw new ObjectStoreException.Rejected(
          "object %s of %d bytes ends before %d + %d"
              .formatted(key, object.length, position, target.remaining()),
          null);
    }
    target.put(object, (int) position, target.remaining());
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    byte[] object = require(key);
    if (object.length > lengthMax) {
      throw new ObjectStoreException.Rejected(
          "object %s has %d bytes, more than %d".formatted(key, object.length, lengthMax), null);
    }
    return object.clone();
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    return Optional.ofNullable(objects.get(key.name()))
        .map(object -> new ObjectInfo(key, object.length));
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    Invariant.check(max >= 1 && max <= KEYS_PER_CALL_MAX, "a page of %d keys", max);
    boolean fromPrefix = prefix.compareTo(startAfter) > 0;
    List<ObjectInfo> page = new ArrayList<>();
    for (var entry : objects.tailMap(fromPrefix ? prefix : startAfter, fromPrefix).entrySet()) {
      if (page.size() == max || !entry.getKey().startsWith(prefix)) {
        break;
      }
      page.add(new ObjectInfo(new ObjectKey(entry.getKey()), entry.getValue().length));
    }
    return page;
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    Invariant.check(keys.size() <= KEYS_PER_CALL_MAX, "%d keys to delete", keys.size());
    for (ObjectKey key : keys) {
      objects.remove(key.name());
    }
  }

  @Override
  public void close() {}

  private byte[] require(ObjectKey key) {
    byte[] object = objects.get(key.name());
    if (object == null) {
      throw new ObjectStoreException.NotFound(key);
    }
    return object;
  }

  private static byte[] checkedCopy(ObjectKey key, ObjectBody body) {
    // The copy is checked, not the slices: nobody can write to it between the two.
    byte[] copy = body.toBytes();
    if (ObjectBody.of(copy).crc32c() != body.crc32c()) {
      throw new ObjectStoreException.Rejected(
          "the bytes of " + key + " do not have the CRC-32C they were announced with", null);
    }
    return copy;
  }
}
