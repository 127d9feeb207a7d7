package io.weft.agent.fetch;

import io.weft.agent.cache.CorruptObjectException;
import io.weft.agent.cache.VerifiedBatches;
import io.weft.agent.fetch.Located.Place;
import io.weft.agent.fetch.ReadPlan.Read;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.Span;
import io.weft.protocol.record.BatchHeader;
import io.weft.protocol.record.BatchView;
import io.weft.protocol.record.StampedRecords;

/// Reads one partition's batches: walks over those before the offset asked for, gives the others
/// their offsets, makes the control batches of its markers up, stops at the limits. Thread-safe.
final class PartitionReader {
  /// How many bytes are looked at in one go while walking towards an offset.
  private static final int WALK_BYTES = 1024 * 1024;

  private final VerifiedBatches batches;
  private final Bookmarks bookmarks;

  PartitionReader(VerifiedBatches batches, Bookmarks bookmarks) {
    this.batches = batches;
    this.bookmarks = bookmarks;
  }

  /// Says whether bytes that are not in memory may be asked for.
  interface Permit {
    boolean allows(long fileId, long position, int length);
  }

  /// @param end the offset after the last batch looked at
  /// @param heldBack there is more that the limits would let in, but it is not at hand
  record Reading(StampedRecords records, long end, boolean heldBack) {}

  /// @param bytesMax stop before the answer would be larger
  /// @param oneAtLeast give the first batch however large it is
  /// @throws CorruptObjectException if what is stored is damaged
  /// @throws io.weft.storage.object.ObjectStoreException if it cannot be had
  Reading read(Read read, int bytesMax, boolean oneAtLeast, Permit permit) {
    Walk walk = new Walk(read, bytesMax, oneAtLeast, permit);
    for (int i = 0; i < read.spans().size(); i++) {
      Span span = read.spans().get(i);
      boolean isOver =
          switch (span) {
            case Extent extent ->
                !walk.over(extent, i == 0 ? read.start() : Place.beginningOf(extent));
            case Marker marker -> !walk.take(marker);
          };
      if (isOver) {
        return new Reading(walk.records.build(), walk.end, walk.heldBack);
      }
    }
    return new Reading(walk.records.build(), walk.end, !read.isWhole());
  }

  /// One reading. Owned by one thread.
  private final class Walk {
    private final Read read;
    private final int bytesMax;
    private final boolean oneAtLeast;
    private final Permit permit;
    private final StampedRecords.Builder records = new StampedRecords.Builder();
    private long end;
    private boolean heldBack;

    Walk(Read read, int bytesMax, boolean oneAtLeast, Permit permit) {
      this.read = read;
      this.bytesMax = bytesMax;
      this.oneAtLeast = oneAtLeast;
      this.permit = permit;
    }

    /// @return false where the reading ends
    boolean over(Extent extent, Place start) {
      int skip = start.skip();
      long offset = start.offset();
      while (skip < extent.length()) {
        if (offset >= read.end() || !hasRoomFor(BatchHeader.BYTES)) {
          bookmarks.put(extent, new Place(skip, offset));
          return false;
        }
        int rest = extent.length() - skip;
        long position = extent.position() + skip;
        int wanted = Math.min(rest, Math.max(BatchHeader.BYTES, wantedBytes(offset)));
        if (!permit.allows(extent.fileId(), position, wanted)) {
          heldBack = true;
          bookmarks.put(extent, new Place(skip, offset));
          return false;
        }
        for (BatchView batch : batches.read(read.want().partition(), extent, skip, wanted)) {
          if (!take(extent, batch, offset)) {
            bookmarks.put(extent, new Place(skip, offset));
            return false;
          }
          skip += batch.sizeInBytes();
          offset += batch.offsets();
        }
      }
      if (offset != extent.lastOffset() + 1) {
        throw new CorruptObjectException(
            extent.fileId(),
            extent.position(),
            "its batches end before offset %d, the extent after %d"
                .formatted(offset, extent.lastOffset()));
      }
      return true;
    }

    /// @return false where the reading ends
    boolean take(Marker marker) {
      if (marker.offset() >= read.end() || !hasRoomFor(Marker.BATCH_BYTES)) {
        return false;
      }
      records.addMarker(
          marker.offset(),
          marker.producerId(),
          marker.producerEpoch(),
          marker.committed(),
          marker.timeMs());
      end = marker.offset() + 1;
      return true;
    }

    private boolean take(Extent extent, BatchView batch, long offset) {
      if (offset + batch.offsets() <= read.want().offset()) {
        return true;
      }
      if (offset >= read.end() || !hasRoomFor(batch.sizeInBytes())) {
        return false;
      }
      if (extent.logAppendTimeMs() >= 0) {
        records.addTimed(batch, offset, extent.logAppendTimeMs());
      } else {
        records.add(batch, offset);
      }
      end = offset + batch.offsets();
      return true;
    }

    private boolean hasRoomFor(int bytes) {
      return (oneAtLeast && records.isEmpty()) || bytes <= bytesMax - records.sizeInBytes();
    }

    private int wantedBytes(long offset) {
      int room = Math.max(0, bytesMax - records.sizeInBytes());
      return offset < read.want().offset() ? Math.max(room, WALK_BYTES) : room;
    }
  }
}
