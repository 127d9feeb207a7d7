package io.weft.storage.object;

import io.weft.model.Invariant;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The little that Weft needs of an object store. Thread-safe; every call blocks.
///
/// Every method may throw [ObjectStoreException.Unavailable] (unknown outcome) and
/// [ObjectStoreException.Rejected]. An object, once readable, is readable whole and by every
/// reader, and never changes: callers never write two contents under one key. Take care when adding
/// here: each method is a promise about every store.
public interface ObjectStore extends AutoCloseable {
  /// The most keys one [#list] page and one [#delete] call may have.
  int KEYS_PER_CALL_MAX = 1000;

  /// Writes an object; returns once it is durable. An object of that key is overwritten, so callers
  /// only repeat a put with the same bytes. The store checks the body's CRC-32C where it can.
  void put(ObjectKey key, ObjectBody body);

  /// Writes an object unless there is one: of any number of concurrent callers, ever, exactly one
  /// is told `CREATED`. Atomic and durable on return.
  PutOutcome putIfAbsent(ObjectKey key, ObjectBody body);

  /// Fills `target` from its position to its limit with the object's bytes from `position` on. All
  /// or nothing: a short or wrong range from the store is `Unavailable`, never partial data; the
  /// target's position and limit are then as before, though its bytes may be overwritten.
  ///
  /// @throws ObjectStoreException.NotFound if there is no such object
  /// @throws ObjectStoreException.Rejected if the object ends before the range does
  void read(ObjectKey key, long position, ByteBuffer target);

  /// The whole object, if it has at most `lengthMax` bytes.
  ///
  /// @throws ObjectStoreException.NotFound if there is no such object
  /// @throws ObjectStoreException.Rejected if it is longer
  byte[] readAll(ObjectKey key, int lengthMax);

  /// Bytes of an object whose length is not known: those from `position` on, as many as there are,
  /// but at most `lengthMax` (one at least), and the object's length. What asks a store does so
  /// with one request; where that can't be, with two.
  ///
  /// @throws ObjectStoreException.NotFound if there is no such object
  /// @throws ObjectStoreException.Rejected if it ends before `position`
  default ObjectPart readUpTo(ObjectKey key, long position, int lengthMax) {
    Invariant.check(lengthMax >= 1, "at most %d bytes", lengthMax);
    long objectLength =
        stat(key).map(ObjectInfo::length).orElseThrow(() -> new ObjectStoreException.NotFound(key));
    long there = objectLength - position;
    ByteBuffer bytes = ByteBuffer.allocate(Math.clamp(there, 0, lengthMax));
    read(key, position, bytes);
    return new ObjectPart(bytes.flip(), objectLength);
  }

  /// What is there under this key, or empty.
  Optional<ObjectInfo> stat(ObjectKey key);

  /// One page of the objects whose keys begin with `prefix`, in key order, after `startAfter`
  /// (empty string: from the beginning). Fewer than `max` (at most 1,000) means: no more.
  List<ObjectInfo> list(String prefix, String startAfter, int max);

  /// One page of the objects whose keys begin with `prefix`, for a caller that wants all of them in
  /// whatever order the store has: some stores know none. An object that is there during the whole
  /// listing is in one of its pages.
  ///
  /// @param from empty for the first page, else what the page before said
  default ListedPage listInAnyOrder(String prefix, Optional<String> from, int max) {
    List<ObjectInfo> objects = list(prefix, from.orElse(""), max);
    return new ListedPage(
        objects,
        objects.size() < max ? Optional.empty() : Optional.of(objects.getLast().key().name()));
  }

  /// Deletes at most 1,000 objects; one that is not there is no error. On `Unavailable` all, some
  /// or none are gone, and it is safe to ask again.
  void delete(Collection<ObjectKey> keys);

  /// This store as one of its users has it: where requests are counted, those made through what is
  /// returned count for this purpose. Nothing else differs; closing either closes both.
  default ObjectStore usedFor(StorePurpose purpose) {
    return this;
  }

  @Override
  void close();
}
