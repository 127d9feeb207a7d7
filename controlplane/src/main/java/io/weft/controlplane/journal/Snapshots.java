package io.weft.controlplane.journal;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import io.weft.storage.object.StorePurpose;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The snapshots in the object store. Thread-safe; every call blocks.
///
/// *Layout*: `snapshots/` and the index of the last entry it holds, as 20 decimal digits: the whole
/// snapshot if it is small, else what its parts are ([SnapshotFrame]). Parts are
/// `snapshot-parts/<index>-<writer of that entry, 16 hex digits>-<number, 6 digits>`; they are
/// stored first, and are nothing without the object that names them. No call moves more than a
/// part, so that none takes longer because the state has grown.
///
/// Every method may throw [JournalException.Unavailable].
public final class Snapshots {
  /// Snapshots that are kept: should the newest be damaged, the older and the entries after it
  /// still give the whole state.
  public static final int KEPT = 2;

  /// The most bytes of a state of which there can be a snapshot.
  public static final long BYTES_MAX =
      (long) SnapshotFrame.PARTS_MAX * (SnapshotFrame.PART_BYTES_MAX - SnapshotFrame.PART_SLACK);

  /// The most bytes of a snapshot that earlier releases wrote as one object.
  static final int WHOLE_BYTES_MAX = 1 << 30;

  static final String PREFIX = "snapshots/";
  static final String PART_PREFIX = "snapshot-parts/";

  private static final int READS_MAX = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

  private final ObjectStore store;
  private final NumberedObjects snapshotObjects;
  private final NumberedObjects partObjects;

  public Snapshots(ObjectStore store) {
    this.store = store.usedFor(StorePurpose.SNAPSHOTS);
    this.snapshotObjects = NumberedObjects.plain(this.store, PREFIX);
    this.partObjects = NumberedObjects.followedBy(this.store, PART_PREFIX, '-');
  }

  /// Where a state is written to, to be kept by [#write]. Throws
  /// [io.weft.controlplane.codec.OversizeException] if it becomes larger than [#BYTES_MAX].
  public static WireWriter writer() {
    return WireWriter.paged(SnapshotFrame.PART_BYTES_MAX, BYTES_MAX);
  }

  /// The entries after which there is a snapshot, the newest first.
  public List<Long> indexes() {
    try {
      return snapshotObjects.numbers().reversed();
    } catch (ObjectStoreException e) {
      throw unavailable("list the snapshots", e);
    }
  }

  /// The snapshot after an entry, or empty if it does not exist (any more). Its parts are looked at
  /// as they are read.
  ///
  /// @throws JournalException.Unusable if its bytes are wrong, however often they are fetched
  public Optional<Snapshot> read(long index) {
    ObjectKey key = snapshotObjects.key(index);
    for (int reads = 1; ; reads++) {
      try {
        Optional<ObjectInfo> there = store.stat(key);
        if (there.isEmpty()) {
          return Optional.empty();
        }
        return Optional.of(opened(SnapshotFrame.read(index, inPieces(there.get()))));
      } catch (JournalException.Damaged damage) {
        if (reads == READS_MAX) {
          throw damage;
        }
        LOG.warn("A snapshot looks damaged, it is read again: {}", damage.getMessage());
      } catch (ObjectStoreException.NotFound e) {
        return Optional.empty();
      } catch (ObjectStoreException e) {
        throw unavailable("read the snapshot after entry " + index, e);
      }
    }
  }

  /// A whole object, with no call that moves more than a part.
  private byte[] inPieces(ObjectInfo there) {
    if (there.length() > WHOLE_BYTES_MAX) {
      throw new JournalException.Damaged(
          "%s has %d bytes, more than any snapshot that was ever written as one object"
              .formatted(there.key(), there.length()));
    }
    ByteBuffer whole = ByteBuffer.allocate((int) there.length());
    while (whole.position() < whole.capacity()) {
      int end = Math.min(whole.capacity(), whole.position() + SnapshotFrame.PART_BYTES_MAX);
      store.read(there.key(), whole.position(), whole.limit(end));
    }
    return whole.array();
  }

  private Snapshot opened(SnapshotFrame frame) {
    return switch (frame) {
      case SnapshotFrame.Whole whole ->
          new Snapshot(whole.tip(), whole.bytes(), new WireReader(whole.state()));
      case SnapshotFrame.InParts inParts ->
          new Snapshot(
              inParts.tip(),
              inParts.bytes(),
              new WireReader(new FetchedParts(inParts), inParts.bytes()));
    };
  }

  /// Parts as they are needed. Owned by one thread.
  private final class FetchedParts implements WireReader.Pages {
    private final SnapshotFrame.InParts snapshot;
    private int number;

    FetchedParts(SnapshotFrame.InParts snapshot) {
      this.snapshot = snapshot;
    }

    @Override
    public byte[] next() {
      SnapshotFrame.Part part = snapshot.parts().get(number);
      byte[] bytes = checked(partKey(snapshot.tip(), number), part);
      number++;
      return bytes;
    }
  }

  private byte[] checked(ObjectKey key, SnapshotFrame.Part part) {
    try {
      for (int reads = 1; ; reads++) {
        byte[] bytes = store.readAll(key, SnapshotFrame.PART_BYTES_MAX);
        if (SnapshotFrame.Part.of(ByteBuffer.wrap(bytes)).equals(part)) {
          return bytes;
        }
        if (reads == READS_MAX) {
          throw new JournalException.Damaged(
              "%s, a part of a snapshot, is damaged: length or checksum does not match"
                  .formatted(key));
        }
        LOG.warn("A part of a snapshot looks damaged, it is read again: {}", key);
      }
    } catch (ObjectStoreException.NotFound e) {
      throw new JournalException.Damaged("%s, a part of a snapshot, is gone".formatted(key), e);
    } catch (ObjectStoreException e) {
      throw unavailable("read " + key, e);
    }
  }

  /// Keeps a snapshot; it is durable on return. One that is there already (of another leader, or of
  /// an attempt whose answer was lost) is as good: see [#read].
  ///
  /// @param tip the last entry that the state holds
  /// @param state what was written to a [#writer]. It is used up, also if this fails: each part is
  ///   let go as soon as it is stored
  /// @return bytes of the state
  /// @throws io.weft.controlplane.codec.OversizeException if there can be no snapshot of so much
  public long write(JournalTip tip, WireWriter state) {
    long bytes = state.length();
    Deque<ByteBuffer> pages = state.takePages();
    ObjectKey key = snapshotObjects.key(tip.index());
    try {
      ObjectBody frame =
          pages.size() == 1
              ? SnapshotFrame.whole(tip, pages.removeFirst())
              : SnapshotFrame.inParts(tip, storeParts(tip, pages));
      if (store.putIfAbsent(key, frame) == PutOutcome.EXISTS) {
        LOG.info("There is a snapshot after entry {} already", tip.index());
      }
      return bytes;
    } catch (ObjectStoreException e) {
      throw unavailable("write the snapshot after entry " + tip.index(), e);
    }
  }

  private List<SnapshotFrame.Part> storeParts(JournalTip tip, Deque<ByteBuffer> pages) {
    List<SnapshotFrame.Part> parts = new ArrayList<>();
    while (!pages.isEmpty()) {
      ByteBuffer page = pages.removeFirst();
      SnapshotFrame.Part part = SnapshotFrame.Part.of(page);
      // Nobody else writes these keys: an entry has one writer, and only the leader that wrote it
      // takes a snapshot after it. It does so again with the same bytes, if at all.
      store.put(partKey(tip, parts.size()), ObjectBody.of(List.of(page), part.crc()));
      parts.add(part);
    }
    return parts;
  }

  /// Removes the snapshots after entries before this one, and the parts of what was begun there.
  public void removeBefore(long index) {
    try {
      snapshotObjects.removeBefore(index);
      partObjects.removeBefore(index);
    } catch (ObjectStoreException e) {
      throw unavailable("remove old snapshots", e);
    }
  }

  /// Removes one that cannot be read. What it was made of goes when its time has come.
  public void remove(long index) {
    try {
      store.delete(List.of(snapshotObjects.key(index)));
    } catch (ObjectStoreException e) {
      throw unavailable("remove the snapshot after entry " + index, e);
    }
  }

  private ObjectKey partKey(JournalTip tip, int number) {
    return new ObjectKey(
        "%s-%s-%06d"
            .formatted(
                partObjects.key(tip.index()), HexFormat.of().toHexDigits(tip.writer()), number));
  }

  private static JournalException unavailable(String what, ObjectStoreException cause) {
    return new JournalException.Unavailable("cannot " + what + ": " + cause.getMessage(), cause);
  }
}
