package io.weft.controlplane.state.file;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;

/// Bytes for a run's outcomes, in journal and snapshot alike.
///
/// ```
/// outcomes = verdicts:bytes modes baseOffsets logAppendTimesMs logStartOffset    (see NumberColumns)
/// ```
public final class OutcomeColumns implements Shape<BatchOutcomes> {
  private static final int VERDICTS = Verdict.values().length;

  @Override
  public void write(BatchOutcomes outcomes, WireWriter out) {
    int rows = outcomes.count();
    NumberColumns.Column offsets = row -> outcomes.baseOffsets()[row];
    NumberColumns.Column times = row -> outcomes.logAppendTimesMs()[row];
    int offsetsMode = NumberColumns.mode(offsets, rows);
    int timesMode = NumberColumns.mode(times, rows);
    out.writeBytes(outcomes.verdicts());
    out.writeVarInt(offsetsMode | timesMode << NumberColumns.MODE_BITS);
    NumberColumns.write(out, offsetsMode, 0, offsets, rows);
    NumberColumns.write(out, timesMode, 0, times, rows);
    out.writeVarLong(outcomes.logStartOffset());
  }

  @Override
  public BatchOutcomes read(WireReader in) {
    byte[] verdicts = in.readBytes();
    if (verdicts.length == 0) {
      throw new MalformedBytesException("outcomes of no batch");
    }
    for (byte verdict : verdicts) {
      if (verdict < 0 || verdict >= VERDICTS) {
        throw new MalformedBytesException("no verdict: " + verdict);
      }
    }
    int modes = in.readVarInt();
    return new BatchOutcomes(
        verdicts,
        NumberColumns.read(in, modes, 0, 0, verdicts.length),
        NumberColumns.read(in, modes, 1, 0, verdicts.length),
        in.readVarLong());
  }

  @Override
  public int bytesMin() {
    return 3;
  }
}
