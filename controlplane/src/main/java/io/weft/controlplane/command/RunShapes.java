package io.weft.controlplane.command;

import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.Acknowledgement;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;

/// Runs of offsets that a share group has acquired, and what becomes of them. Stateless.
///
///     run          = firstOffset:varlong (lastOffset − firstOffset):varlong
///     acquired     = run deliveries:varint
///     acknowledged = run kind:byte
final class RunShapes {
  private static final int BYTES_MIN = 3;

  private RunShapes() {}

  private static void write(long firstOffset, long lastOffset, WireWriter out) {
    out.writeVarLong(firstOffset);
    out.writeVarLong(lastOffset - firstOffset);
  }

  static final class Acquired implements Shape<AcquiredRun> {
    @Override
    public void write(AcquiredRun run, WireWriter out) {
      RunShapes.write(run.firstOffset(), run.lastOffset(), out);
      out.writeVarInt(run.deliveries());
    }

    @Override
    public AcquiredRun read(WireReader in) {
      long first = in.readVarLong();
      return new AcquiredRun(first, first + in.readVarLong(), in.readVarInt());
    }

    @Override
    public int bytesMin() {
      return BYTES_MIN;
    }
  }

  static final class Acknowledged implements Shape<AcknowledgedRun> {
    private static final Shape<Acknowledgement> KIND = Shapes.limited().of(Acknowledgement.class);

    @Override
    public void write(AcknowledgedRun run, WireWriter out) {
      RunShapes.write(run.firstOffset(), run.lastOffset(), out);
      KIND.write(run.kind(), out);
    }

    @Override
    public AcknowledgedRun read(WireReader in) {
      long first = in.readVarLong();
      return new AcknowledgedRun(first, first + in.readVarLong(), KIND.read(in));
    }

    @Override
    public int bytesMin() {
      return BYTES_MIN;
    }
  }
}
