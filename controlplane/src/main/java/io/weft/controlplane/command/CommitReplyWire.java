package io.weft.controlplane.command;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.ValueWire.Limit;
import io.weft.model.Invariant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The bytes of the reply to one commit, of the commit's own shape: an outcome for every file, run
/// and batch it had, no more and no fewer. Thread-safe.
///
///     outcomes = files:count outcome*
///     outcome  = 0 runs:count run*            committed
///              | 1                            expired
///     run      = rows:count verdict:byte* baseOffset-delta:varlong* logAppendTime-delta:varlong*
///                logStartOffset:varlong
record CommitReplyWire(Command.Commit commit) implements Wire<List<FileOutcome>> {
  private static final int COMMITTED = 0;
  private static final int EXPIRED = 1;
  private static final int ROW_BYTES_MIN = 3;
  private static final int RUN_BYTES_MIN = 2 + ROW_BYTES_MIN;
  private static final int VERDICTS = Verdict.values().length;

  @Override
  public void write(List<FileOutcome> outcomes, WireWriter out) {
    List<UploadedFile> files = commit.files();
    Invariant.check(outcomes.size() == files.size(), "outcomes for %d files", outcomes.size());
    out.writeVarInt(outcomes.size());
    for (int i = 0; i < outcomes.size(); i++) {
      switch (outcomes.get(i)) {
        case FileOutcome.Committed committed -> {
          out.writeByte(COMMITTED);
          writeRuns(files.get(i), committed.partitions(), out);
        }
        case FileOutcome.Expired expired -> out.writeByte(EXPIRED);
      }
    }
  }

  @Override
  public List<FileOutcome> read(WireReader in) {
    List<UploadedFile> files = commit.files();
    ValueWire.requireCount(in.readCount(1), files.size());
    List<FileOutcome> outcomes = new ArrayList<>(files.size());
    for (UploadedFile file : files) {
      byte kind = in.readByte();
      outcomes.add(
          switch (kind) {
            case COMMITTED -> new FileOutcome.Committed(readRuns(file, in));
            case EXPIRED -> new FileOutcome.Expired();
            default -> throw ValueWire.unknown("file outcome", kind);
          });
    }
    return Collections.unmodifiableList(outcomes);
  }

  private static void writeRuns(UploadedFile file, List<BatchOutcomes> runs, WireWriter out) {
    Invariant.check(runs.size() == file.partitions().size(), "outcomes for %d runs", runs.size());
    out.writeVarInt(runs.size());
    for (int i = 0; i < runs.size(); i++) {
      writeRun(file.partitions().get(i), runs.get(i), out);
    }
  }

  private static List<BatchOutcomes> readRuns(UploadedFile file, WireReader in) {
    ValueWire.requireCount(in.readCount(RUN_BYTES_MIN), file.partitions().size());
    List<BatchOutcomes> runs = new ArrayList<>(file.partitions().size());
    for (UploadedBatches asked : file.partitions()) {
      runs.add(readRun(asked.count(), in));
    }
    return Collections.unmodifiableList(runs);
  }

  private static void writeRun(UploadedBatches asked, BatchOutcomes run, WireWriter out) {
    int rows = asked.count();
    Invariant.check(
        run.verdicts().length == rows
            && run.baseOffsets().length == rows
            && run.logAppendTimesMs().length == rows,
        "not an outcome for each of %d batches",
        rows);
    out.writeVarInt(rows);
    for (byte verdict : run.verdicts()) {
      out.writeByte(verdict);
    }
    Columns.writeDeltas(run.baseOffsets(), out);
    Columns.writeDeltas(run.logAppendTimesMs(), out);
    out.writeVarLong(run.logStartOffset());
  }

  private static BatchOutcomes readRun(int asked, WireReader in) {
    int rows = new Limit("batches", ROW_BYTES_MIN, asked).readCount(in);
    ValueWire.requireCount(rows, asked);
    byte[] verdicts = new byte[rows];
    for (int i = 0; i < rows; i++) {
      verdicts[i] = in.readByte();
      if (verdicts[i] < 0 || verdicts[i] >= VERDICTS) {
        throw ValueWire.unknown("verdict", verdicts[i]);
      }
    }
    long[] baseOffsets = Columns.readDeltas(rows, in);
    long[] logAppendTimesMs = Columns.readDeltas(rows, in);
    return new BatchOutcomes(verdicts, baseOffsets, logAppendTimesMs, in.readVarLong());
  }
}
