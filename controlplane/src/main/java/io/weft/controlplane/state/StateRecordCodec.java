package io.weft.controlplane.state;

import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.level.LevelRaised;
import io.weft.controlplane.state.part.StateRecord;
import java.util.List;
import java.util.stream.IntStream;

/// Bytes of one record: its [kind][io.weft.controlplane.codec.shape.Kind], then its components as
/// [Shapes] writes them. Stateless.
///
/// A kind keeps its number and its layout for ever; a change of layout is a new kind. A record is
/// written at the level of its writer, and has no bytes at a level before that of its kind.
public final class StateRecordCodec {
  /// As each level knows them, from the first on.
  private static final List<Shape<StateRecord>> SHAPES =
      IntStream.rangeClosed(Levels.FIRST, Levels.KNOWN).mapToObj(StateRecordCodec::shape).toList();

  private static final Shape<StateRecord> SHAPE = SHAPES.getLast();

  private StateRecordCodec() {}

  private static Shape<StateRecord> shape(int known) {
    return Shapes.unlimited()
        .union(StateRecord.class, "a record", new ControlPlaneState().records(), known);
  }

  public static void write(StateRecord record, WireWriter out) {
    SHAPE.write(record, out);
  }

  /// @throws MalformedBytesException if these are no record's bytes
  public static StateRecord read(WireReader in) {
    return read(in, Levels.KNOWN);
  }

  /// Reads as a release does that knows levels up to this one.
  ///
  /// @throws MalformedBytesException if these are no record's bytes, or the record raises the
  ///   cluster to a level above those
  public static StateRecord read(WireReader in, int known) {
    Shape<StateRecord> shape = SHAPES.get(known - Levels.FIRST);
    StateRecord record = MalformedBytesException.ifImpossible("record", () -> shape.read(in));
    if (record instanceof LevelRaised raised) {
      NewerFormatException.check(
          "the level that is final", raised.level(), Levels.FIRST + 1, known);
    }
    return record;
  }
}
