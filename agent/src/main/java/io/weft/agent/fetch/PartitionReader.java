package io.weft.agent.fetch;

import io.weft.agent.cache.CorruptObjectException;
import io.weft.agent.cache.VerifiedBatches;
import io.weft.agent.cache.VerifiedBatches.Run;
import io.weft.agent.fetch.Fetched.Gap;
import io.weft.agent.fetch.Located.Place;
import io.weft.agent.fetch.ReadPlan.Read;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.protocol.record.BatchHeader;
import io.weft.protocol.record.BatchView;
import io.weft.protocol.record.StampedRecords;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one partition's batches: walks over those before the offset asked for, gives the others
/// their offsets, makes the control batches of its markers up, stops at the limits and at what
/// cannot be read. Thread-safe.
///
/// Where it finds that all records from the offset asked for on were removed, as far as it can
/// look, it makes up a batch without records at the last of these offsets: the reader goes on
/// behind it.
final class PartitionReader {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);

  /// How many bytes are looked at in one go while walking towards an offset.
  private static final int WALK_BYTES = 1024 * 1024;

  /// What a batch takes in memory besides its bytes, until it is sent.
  private static final int BATCH_OVERHEAD_BYTES = 320;

  /// Very small batches end an answer when they take as much memory besides their bytes as it may
  /// have bytes, and this much more.
  private static final int OVERHEAD_SLACK_BYTES = 64 << 10;

  private final VerifiedBatches batches;
  private final Bookmarks bookmarks;

  PartitionReader(VerifiedBatches batches, Bookmarks bookmarks) {
    this.batches = batches;
    this.bookmarks = bookmarks;
  }

  /// Says whether bytes that are not in memory may be asked for.
  interface Permit {
    boolean allows(FilePlace file, long position, int length);
  }

  /// @param end the offset after the last batch looked at
  /// @param gaps as [Fetched.Records] has them
  /// @param bytesHeld what the records keep in memory
  /// @param isCutShort whether it ends at something that could not be read, or was damaged
  record Reading(
      StampedRecords records, List<Gap> gaps, long end, long bytesHeld, boolean isCutShort) {}

  /// @param bytesMax stop before the answer would be larger
  /// @param oneAtLeast give the first batch however large it is
  /// @throws CorruptObjectException if what is stored is damaged where the reading begins
  /// @throws ObjectStoreException if that cannot be read
  Reading read(Read read, int bytesMax, boolean oneAtLeast, Permit permit) {
    Walk walk = new Walk(read, bytesMax, oneAtLeast, permit);
    boolean cutShort = false;
    try {
      walk.overAll();
    } catch (ObjectStoreException | CorruptObjectException failure) {
      if (walk.records.isEmpty()) {
        throw failure;
      }
      cutShort = true;
      LOG.debug("{} is read up to {} only: {}", read.want(), walk.end, failure.getMessage());
    }
    return new Reading(
        walk.records.build(), List.copyOf(walk.gaps), walk.end, walk.bytesHeld(), cutShort);
  }

  /// Whether the limit lets all in, whatever the batches.
  static boolean letsAllIn(Read read, int bytesMax) {
    long batchesMax = read.bytes() / BatchHeader.BYTES;
    return read.bytes() <= bytesMax
        && batchesMax * BATCH_OVERHEAD_BYTES <= (long) bytesMax + OVERHEAD_SLACK_BYTES;
  }

  /// A batch's base offset.
  ///
  /// @param next the offset after the batch before it, or that of the extent
  /// @throws CorruptObjectException if it is out of order, or outside of the extent
  static long baseOffset(Extent extent, BatchView batch, long next) {
    long base = extent.hasOwnOffsets() ? batch.ownOffset() : next;
    if (base < next) {
      throw damage(
          extent,
          "the batch at offset %d comes where offset %d or a later one was expected"
              .formatted(base, next));
    }
    if (base > extent.lastOffset() + 1 - batch.offsets()) {
      throw damage(
          extent,
          "the batch at offset %d reaches beyond offset %d, the extent's last"
              .formatted(base, extent.lastOffset()));
    }
    return base;
  }

  /// Checks that an extent is over where it should be.
  ///
  /// @param next the offset after its last batch
  /// @throws CorruptObjectException if offsets are missing that are not removed records'
  private static void checkEnd(Extent extent, long next) {
    if (!extent.hasOwnOffsets() && next != extent.lastOffset() + 1) {
      throw damage(
          extent,
          "its batches end before offset %d, the extent after %d"
              .formatted(next, extent.lastOffset()));
    }
  }

  private static CorruptObjectException damage(Extent extent, String what) {
    return new CorruptObjectException(extent.fileId(), extent.position(), what);
  }

  /// One reading. Owned by one thread.
  private final class Walk {
    private final Read read;
    private final int bytesMax;
    private final boolean oneAtLeast;
    private final Permit permit;
    private final StampedRecords.Builder records = new StampedRecords.Builder();
    private final List<Gap> gaps = new ArrayList<>();
    private long end;
    private long bytesHeld;
    private long batchesTaken;

    Walk(Read read, int bytesMax, boolean oneAtLeast, Permit permit) {
      this.read = read;
      this.bytesMax = bytesMax;
      this.oneAtLeast = oneAtLeast;
      this.permit = permit;
    }

    void overAll() {
      boolean goesOn = true;
      for (int i = 0; i < read.spans().size() && goesOn; i++) {
        goesOn =
            switch (read.spans().get(i)) {
              case Extent extent -> over(extent, i == 0 ? read.start() : Place.beginningOf(extent));
              case Marker marker -> take(marker);
            };
      }
      if (records.isEmpty() && !gaps.isEmpty() && hasRoomFor(BatchHeader.BYTES)) {
        end = gaps.getLast().last() + 1;
        records.addEmpty(gaps.getLast().last());
      }
    }

    long bytesHeld() {
      return bytesHeld + batchesTaken * BATCH_OVERHEAD_BYTES;
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
        if (!permit.allows(FilePlace.of(extent), position, wanted)) {
          bookmarks.put(extent, new Place(skip, offset));
          return false;
        }
        Run run = batches.readToKeep(read.want().partition(), extent, skip, wanted, read.purpose());
        long takenBefore = batchesTaken;
        for (BatchView batch : run.batches()) {
          long base = baseOffset(extent, batch, offset);
          noteGap(offset, base);
          if (!take(extent, batch, base)) {
            bytesHeld += batchesTaken > takenBefore ? run.bytesHeld() : 0;
            bookmarks.put(extent, new Place(skip, records.isEmpty() ? base : offset));
            return false;
          }
          skip += batch.sizeInBytes();
          offset = base + batch.offsets();
        }
        bytesHeld += batchesTaken > takenBefore ? run.bytesHeld() : 0;
      }
      checkEnd(extent, offset);
      noteGap(offset, extent.lastOffset() + 1);
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
      batchesTaken++;
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
      batchesTaken++;
      return true;
    }

    /// Notes what of the offsets from `from` up to, not including, `to` was asked for: there are no
    /// records.
    private void noteGap(long from, long to) {
      long first = Math.max(from, read.want().offset());
      long last = Math.min(to, read.end()) - 1;
      if (first <= last) {
        gaps.add(new Gap(first, last));
      }
    }

    private boolean hasRoomFor(int bytes) {
      return (oneAtLeast && records.isEmpty())
          || (bytes <= bytesMax - records.sizeInBytes()
              && batchesTaken * BATCH_OVERHEAD_BYTES <= (long) bytesMax + OVERHEAD_SLACK_BYTES);
    }

    private int wantedBytes(long offset) {
      int room = Math.max(0, bytesMax - records.sizeInBytes());
      return offset < read.want().offset() ? Math.max(room, WALK_BYTES) : room;
    }
  }
}
