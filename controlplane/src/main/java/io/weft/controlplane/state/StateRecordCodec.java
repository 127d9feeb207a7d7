package io.weft.controlplane.state;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.part.StateRecord;

/// Bytes of one record: its [kind][io.weft.controlplane.codec.shape.Kind], then its components as
/// [Shapes] writes them. Stateless.
///
/// A kind keeps its number and its layout for ever; a change of layout is a new kind.
public final class StateRecordCodec {
  private static final Shape<StateRecord> SHAPE =
      Shapes.unlimited().union(StateRecord.class, "a record", new ControlPlaneState().records());

  private StateRecordCodec() {}

  public static void write(StateRecord record, WireWriter out) {
    SHAPE.write(record, out);
  }

  /// @throws MalformedBytesException if these are no record's bytes
  public static StateRecord read(WireReader in) {
    return MalformedBytesException.ifImpossible("record", () -> SHAPE.read(in));
  }
}
