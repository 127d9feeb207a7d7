package io.weft.controlplane.state;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;

/// Bytes for a run's outcomes, in journal and snapshot alike.
///
/// ```
/// outcomes = verdicts:bytes modes baseOffsets logAppendTimesMs logStartOffset    (see Columns)
/// ```
final class OutcomeColumns {
  private static final int VERDICTS = Verdict.values().length;

  private OutcomeColumns() {}

  static void write(WireWriter out, BatchOutcomes outcomes) {
    int rows = outcomes.count();
    Columns.Column offsets = row -> outcomes.baseOffsets()[row];
    Columns.Column times = row -> outcomes.logAppendTimesMs()[row];
    int offsetsMode = Columns.mode(offsets, rows);
    int timesMode = Columns.mode(times, rows);
    out.writeBytes(outcomes.verdicts());
    out.writeVarInt(offsetsMode | timesMode << Columns.MODE_BITS);
    Columns.write(out, offsetsMode, 0, offsets, rows);
    Columns.write(out, timesMode, 0, times, rows);
    out.writeVarLong(outcomes.logStartOffset());
  }

  static BatchOutcomes read(WireReader in) {
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
        Columns.read(in, modes, 0, 0, verdicts.length),
        Columns.read(in, modes, 1, 0, verdicts.length),
        in.readVarLong());
  }
}
