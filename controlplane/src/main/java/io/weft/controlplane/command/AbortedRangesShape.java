package io.weft.controlplane.command;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.model.AbortedRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Aborted transactions of a partition, by where they ended. Stateless.
///
///     aborteds = count aborted*
///     aborted  = producerId:varlong markerOffset-delta:varlong
///                (markerOffset − firstOffset):varlong
///
/// A delta is to the one before, the first's to zero.
///
/// @param countMax the most that may be read
record AbortedRangesShape(int countMax) implements Shape<List<AbortedRange>> {
  private static final int RANGE_BYTES_MIN = 3;

  /// Of memory.
  private static final long RANGE_BYTES = 64;

  @Override
  public void write(List<AbortedRange> aborted, WireWriter out) {
    out.writeVarInt(aborted.size());
    long markerOffset = 0;
    for (AbortedRange range : aborted) {
      out.writeVarLong(range.producerId());
      out.writeVarLong(range.markerOffset() - markerOffset);
      out.writeVarLong(range.markerOffset() - range.firstOffset());
      markerOffset = range.markerOffset();
    }
  }

  @Override
  public List<AbortedRange> read(WireReader in) {
    int count = in.readCount(RANGE_BYTES_MIN);
    if (count > countMax) {
      throw new MalformedBytesException(
          "%d aborted transactions, at most %d are allowed".formatted(count, countMax));
    }
    List<AbortedRange> aborted = new ArrayList<>(count);
    long markerOffset = 0;
    for (int i = 0; i < count; i++) {
      long producerId = in.readVarLong();
      markerOffset += in.readVarLong();
      aborted.add(new AbortedRange(producerId, markerOffset - in.readVarLong(), markerOffset));
    }
    return Collections.unmodifiableList(aborted);
  }

  @Override
  public boolean weighs() {
    return true;
  }

  @Override
  public long weight(List<AbortedRange> aborted) {
    return aborted.size() * RANGE_BYTES;
  }
}
