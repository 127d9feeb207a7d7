package io.weft.controlplane.journal;

import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The snapshots in the object store. Thread-safe; every call blocks.
///
/// *Layout*: `snapshots/` and the index of the last entry it holds, as 20 decimal digits. Every
/// method may throw [JournalException.Unavailable].
public final class Snapshots {
  /// Snapshots that are kept: should the newest be damaged, the older and the entries after it
  /// still give the whole state.
  public static final int KEPT = 2;

  /// The most bytes of one snapshot.
  public static final int BYTES_MAX = 1 << 30;

  static final String PREFIX = "snapshots/";

  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

  private final ObjectStore store;

  public Snapshots(ObjectStore store) {
    this.store = store;
  }

  /// The entries after which there is a snapshot, the newest first.
  public List<Long> indexes() {
    try {
      List<Long> indexes = new ArrayList<>();
      String after = "";
      while (true) {
        List<ObjectInfo> page = store.list(PREFIX, after, ObjectStore.KEYS_PER_CALL_MAX);
        page.forEach(info -> indexes.add(NumberedKey.number(PREFIX, info.key())));
        if (page.size() < ObjectStore.KEYS_PER_CALL_MAX) {
          indexes.sort(Comparator.reverseOrder());
          return List.copyOf(indexes);
        }
        after = page.getLast().key().name();
      }
    } catch (ObjectStoreException e) {
      throw unavailable("list the snapshots", e);
    }
  }

  /// The snapshot after an entry, or empty if there is none (any more).
  ///
  /// @throws JournalException.Damaged if its bytes are wrong, fetched once more too
  public Optional<Snapshot> read(long index) {
    try {
      return Optional.of(readOnce(index));
    } catch (JournalException.Damaged damage) {
      LOG.warn("A snapshot looks damaged, it is read again: {}", damage.getMessage());
    } catch (ObjectStoreException.NotFound e) {
      return Optional.empty();
    } catch (ObjectStoreException e) {
      throw unavailable("read the snapshot after entry " + index, e);
    }
    try {
      return Optional.of(readOnce(index));
    } catch (ObjectStoreException.NotFound e) {
      return Optional.empty();
    } catch (ObjectStoreException e) {
      throw unavailable("read the snapshot after entry " + index, e);
    }
  }

  private Snapshot readOnce(long index) {
    return Snapshot.read(index, store.readAll(NumberedKey.of(PREFIX, index), BYTES_MAX));
  }

  /// Keeps a snapshot; it is durable on return. One that is there already (of another leader, or of
  /// an attempt whose answer was lost) is as good, if it can be read.
  public void write(Snapshot snapshot) {
    long index = snapshot.tip().index();
    try {
      PutOutcome outcome = store.putIfAbsent(NumberedKey.of(PREFIX, index), snapshot.frame());
      if (outcome == PutOutcome.EXISTS) {
        read(index);
      }
    } catch (ObjectStoreException e) {
      throw unavailable("write the snapshot after entry " + index, e);
    }
  }

  /// Removes all but the newest [#KEPT].
  public void removeOld() {
    List<ObjectKey> doomed =
        indexes().stream().skip(KEPT).map(index -> NumberedKey.of(PREFIX, index)).toList();
    try {
      for (int from = 0; from < doomed.size(); from += ObjectStore.KEYS_PER_CALL_MAX) {
        int to = Math.min(doomed.size(), from + ObjectStore.KEYS_PER_CALL_MAX);
        store.delete(doomed.subList(from, to));
      }
    } catch (ObjectStoreException e) {
      throw unavailable("remove old snapshots", e);
    }
  }

  private static JournalException unavailable(String what, ObjectStoreException cause) {
    return new JournalException.Unavailable("cannot " + what + ": " + cause.getMessage(), cause);
  }
}
