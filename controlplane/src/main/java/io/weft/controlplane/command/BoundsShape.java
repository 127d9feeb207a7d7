package io.weft.controlplane.command;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;

/// Where a partition begins and ends, mostly by small numbers. Stateless.
///
///     bounds = logStartOffset:varlong (highWatermark − logStartOffset):varlong
///              (highWatermark − lastStableOffset):varlong
final class BoundsShape implements Shape<PartitionBounds> {
  @Override
  public void write(PartitionBounds bounds, WireWriter out) {
    out.writeVarLong(bounds.logStartOffset());
    out.writeVarLong(bounds.highWatermark() - bounds.logStartOffset());
    out.writeVarLong(bounds.highWatermark() - bounds.lastStableOffset());
  }

  @Override
  public PartitionBounds read(WireReader in) {
    long logStartOffset = in.readVarLong();
    long highWatermark = logStartOffset + in.readVarLong();
    return new PartitionBounds(logStartOffset, highWatermark, highWatermark - in.readVarLong());
  }

  @Override
  public int bytesMin() {
    return 3;
  }
}
