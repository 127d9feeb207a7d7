package io.weft.controlplane.command;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;

/// What became of a run of a commit, by columns. Stateless.
///
///     outcomes = rows:count verdict:byte* baseOffset-delta:varlong* logAppendTime-delta:varlong*
///                logStartOffset:varlong
final class BatchOutcomesShape implements Shape<BatchOutcomes> {
  private static final int ROW_BYTES_MIN = 3;

  /// Of memory: a verdict, an offset and a time.
  private static final long ROW_BYTES = 17;

  private static final int VERDICTS = Verdict.values().length;

  @Override
  public void write(BatchOutcomes run, WireWriter out) {
    out.writeVarInt(run.count());
    for (byte verdict : run.verdicts()) {
      out.writeByte(verdict);
    }
    Columns.writeDeltas(run.baseOffsets(), out);
    Columns.writeDeltas(run.logAppendTimesMs(), out);
    out.writeVarLong(run.logStartOffset());
  }

  @Override
  public BatchOutcomes read(WireReader in) {
    int rows = in.readCount(ROW_BYTES_MIN);
    byte[] verdicts = new byte[rows];
    for (int i = 0; i < rows; i++) {
      verdicts[i] = in.readByte();
      if (verdicts[i] < 0 || verdicts[i] >= VERDICTS) {
        throw new MalformedBytesException("unknown verdict " + verdicts[i]);
      }
    }
    long[] baseOffsets = Columns.readDeltas(rows, in);
    long[] logAppendTimesMs = Columns.readDeltas(rows, in);
    return new BatchOutcomes(verdicts, baseOffsets, logAppendTimesMs, in.readVarLong());
  }

  @Override
  public int bytesMin() {
    return 2 + ROW_BYTES_MIN;
  }

  @Override
  public boolean weighs() {
    return true;
  }

  @Override
  public long weight(BatchOutcomes run) {
    return run.count() * ROW_BYTES;
  }
}
