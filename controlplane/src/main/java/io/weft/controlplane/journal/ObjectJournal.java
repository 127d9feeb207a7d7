package io.weft.controlplane.journal;

import io.weft.model.Invariant;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import io.weft.storage.object.StorePurpose;
import java.util.Optional;
import java.util.OptionalLong;

/// The journal as objects, one an entry, made by "put, if absent" alone. Thread-safe.
///
/// *Layout*: `journal/` and the index as 20 decimal digits, so that key order is index order. The
/// store's listing must show every object whose put has returned (all stores we name do).
public final class ObjectJournal implements Journal {
  static final String PREFIX = "journal/";

  private final ObjectStore store;
  private final NumberedObjects entries;

  public ObjectJournal(ObjectStore store) {
    this.store = store.usedFor(StorePurpose.JOURNAL);
    this.entries = NumberedObjects.plain(this.store, PREFIX);
  }

  @Override
  public AppendOutcome append(long index, byte[] entry) {
    Invariant.check(entry.length <= ENTRY_BYTES_MAX, "an entry of %d bytes", entry.length);
    try {
      PutOutcome outcome = store.putIfAbsent(entries.key(index), ObjectBody.of(entry));
      return switch (outcome) {
        case CREATED -> AppendOutcome.APPENDED;
        case EXISTS -> AppendOutcome.TAKEN;
      };
    } catch (ObjectStoreException e) {
      throw unavailable("append entry " + index, e);
    }
  }

  @Override
  public Optional<byte[]> read(long index) {
    try {
      return Optional.of(store.readAll(entries.key(index), ENTRY_BYTES_MAX));
    } catch (ObjectStoreException.NotFound e) {
      return Optional.empty();
    } catch (ObjectStoreException e) {
      throw unavailable("read entry " + index, e);
    }
  }

  @Override
  public OptionalLong firstFrom(long index) {
    try {
      return entries.firstFrom(index);
    } catch (ObjectStoreException e) {
      throw unavailable("list entries from " + index, e);
    }
  }

  @Override
  public void truncateBefore(long index) {
    try {
      entries.removeBefore(index);
    } catch (ObjectStoreException e) {
      throw unavailable("truncate before entry " + index, e);
    }
  }

  private static JournalException unavailable(String what, ObjectStoreException cause) {
    return new JournalException.Unavailable("cannot " + what + ": " + cause.getMessage(), cause);
  }
}
