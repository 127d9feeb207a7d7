package io.weft.controlplane.state.partition;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.ReaderTooOldException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.span.SpansShape;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.Marker;

/// The bytes of a partition's extents and markers in a snapshot. Stateless.
///
/// ```
/// spans  = count firstOffset span*
/// span   = offsets fileId-delta position length maxTimestamp-delta logAppendTimeMs sum:long?
///        | 0 producerId epoch committed:byte (offset - firstOffset) time-delta
/// ```
///
/// `offsets` is how many an extent has, negative (from level 2 on) if they are its own; 0 says that
/// a marker comes. `length` is negative (from level 2 on) where there is a sum. A delta is to the
/// span before that has such a thing; numbers are of variable length.
final class SpanRows {
  private static final int SPAN_BYTES_MIN = 6;

  /// The level from which on extents have sums.
  private static final int SUMS_SINCE = 2;

  private SpanRows() {}

  static void write(PackedExtents spans, WireWriter out) {
    out.writeVarInt(spans.count());
    out.writeVarLong(spans.firstOffset());
    long fileId = 0;
    long timestamp = 0;
    for (int i = 0; i < spans.count(); i++) {
      switch (spans.get(i)) {
        case Extent extent -> {
          SpansShape.checkLevel(extent, out.level());
          long offsets = extent.lastOffset() - extent.baseOffset() + 1;
          out.writeVarLong(extent.hasOwnOffsets() ? -offsets : offsets);
          out.writeVarLong(extent.fileId() - fileId);
          out.writeVarLong(extent.position());
          boolean summed = spans.hasSum(i);
          checkLevel(summed, out.level());
          out.writeVarInt(summed ? -extent.length() : extent.length());
          out.writeVarLong(extent.maxTimestampMs() - timestamp);
          out.writeVarLong(extent.logAppendTimeMs());
          if (summed) {
            out.writeLong(spans.sumOf(i, 1));
          }
          fileId = extent.fileId();
          timestamp = extent.maxTimestampMs();
        }
        case Marker marker -> {
          out.writeVarLong(0);
          out.writeVarLong(marker.producerId());
          out.writeVarInt(marker.producerEpoch());
          out.writeBoolean(marker.committed());
          out.writeVarLong(marker.offset() - marker.firstOffset());
          out.writeVarLong(marker.timeMs() - timestamp);
          timestamp = marker.timeMs();
        }
      }
    }
  }

  static PackedExtents read(WireReader in) {
    int count = in.readCount(SPAN_BYTES_MIN);
    long offset = in.readVarLong();
    PackedExtents spans = PackedExtents.beginningAt(offset, count);
    long fileId = 0;
    long timestamp = 0;
    for (int i = 0; i < count; i++) {
      long offsets = in.readVarLong();
      boolean own = offsets < 0 && in.level() >= SpansShape.OWN_OFFSETS_SINCE;
      offsets = own ? -offsets : offsets;
      if (offsets == 0) {
        long producerId = in.readVarLong();
        int epoch = in.readVarInt();
        boolean committed = in.readBoolean();
        long first = offset - in.readVarLong();
        timestamp += in.readVarLong();
        spans.append(
            new Marker(offset, producerId, checkedEpoch(epoch), committed, first, timestamp));
        offset++;
      } else {
        fileId += in.readVarLong();
        long position = in.readVarLong();
        int length = in.readVarInt();
        boolean summed = length < 0 && in.level() >= SUMS_SINCE;
        timestamp += in.readVarLong();
        Extent extent =
            new Extent(
                fileId,
                position,
                summed ? -length : length,
                offset,
                offset + offsets - 1,
                timestamp,
                in.readVarLong(),
                own ? Offsets.OWN : Offsets.DENSE);
        if (summed) {
          spans.append(extent, in.readLong());
        } else {
          spans.append(extent);
        }
        offset += offsets;
      }
    }
    return spans;
  }

  private static void checkLevel(boolean summed, int level) {
    if (summed && level < SUMS_SINCE) {
      throw new ReaderTooOldException("the sum of an extent", level);
    }
  }

  private static short checkedEpoch(int epoch) {
    if (epoch != (short) epoch) {
      throw new MalformedBytesException("a marker of epoch " + epoch);
    }
    return (short) epoch;
  }
}
