package io.weft.controlplane.state.file;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.Optional;

/// Bytes of a committed run and its outcomes, from level 2 on. Stateless.
///
/// ```
/// run = modes topic? partition-delta rows? lengths records maxTimestampsMs producerIds
///       producerEpochs baseSequences transactions verdicts baseOffsets logAppendTimesMs
///       logStartOffset checksum:int*
/// ```
///
/// The lowest bit of `modes` says that the topic is that of the run before; partitions are told as
/// the difference to that run's then. The next one says that there are `rows`: without them it is
/// one batch with its checksum. Above are the modes of the nine columns after `lengths` (see
/// [NumberColumns]), each bit reversed that a usual run has set, so that its modes take one byte.
/// `rows` is negative where checksums are told. `lengths` is always written row by row: it backs
/// the number of rows. Timestamps are relative to the record's time; `transactions` and `verdicts`
/// are one less, so that "none" and "placed" are written as nothing.
final class RunColumns {
  static final int BYTES_MIN = 5;

  /// One of each, and its offset: all the same in a run of one batch.
  private static final int USUAL =
      NumberColumns.EQUAL
          | NumberColumns.EQUAL << NumberColumns.MODE_BITS
          | NumberColumns.EQUAL << (7 * NumberColumns.MODE_BITS);

  private static final int TIMESTAMPS = 1;
  private static final int SAME_TOPIC = 1;
  private static final int TELLS_ROWS = 2;
  private static final int FLAG_BITS = 2;

  /// One row, and its checksum is told.
  private static final int USUAL_ROWS = -1;

  private static final int VERDICTS = Verdict.values().length;

  private RunColumns() {}

  /// A run and what became of its batches.
  record Judged(UploadedBatches run, BatchOutcomes outcomes) {}

  /// @param before the partition of the run before
  static void write(Judged judged, Optional<PartitionId> before, long timeMs, WireWriter out) {
    UploadedBatches run = judged.run;
    BatchOutcomes outcomes = judged.outcomes;
    NumberColumns.Column[] columns = {
      row -> run.records()[row],
      row -> run.maxTimestampsMs()[row],
      row -> run.producerIds()[row],
      row -> run.producerEpochs()[row],
      row -> run.baseSequences()[row],
      row -> run.transactions()[row] - 1,
      row -> outcomes.verdicts()[row] - 1,
      row -> outcomes.baseOffsets()[row],
      row -> outcomes.logAppendTimesMs()[row]
    };
    int rows = run.count();
    int modes = NumberColumns.modes(columns, rows);
    TopicId topic = run.partition().topic();
    boolean same = before.map(PartitionId::topic).filter(topic::equals).isPresent();
    int signed = run.tellsChecksums() ? -rows : rows;
    out.writeVarInt(
        (modes ^ USUAL) << FLAG_BITS
            | (same ? SAME_TOPIC : 0)
            | (signed == USUAL_ROWS ? 0 : TELLS_ROWS));
    if (!same) {
      out.writeLong(topic.high());
      out.writeLong(topic.low());
    }
    out.writeVarInt(run.partition().partition() - (same ? before.get().partition() : 0));
    if (signed != USUAL_ROWS) {
      out.writeVarInt(signed);
    }
    NumberColumns.writeEach(out, 0, row -> run.lengths()[row], rows);
    for (int i = 0; i < columns.length; i++) {
      int mode = NumberColumns.modeOf(modes, i);
      NumberColumns.write(out, mode, i == TIMESTAMPS ? timeMs : 0, columns[i], rows);
    }
    out.writeVarLong(outcomes.logStartOffset());
    for (int checksum : run.checksums()) {
      out.writeInt(checksum);
    }
  }

  static Judged read(Optional<PartitionId> before, long timeMs, WireReader in) {
    int head = in.readVarInt();
    int modes = (head >>> FLAG_BITS) ^ USUAL;
    boolean same = (head & SAME_TOPIC) != 0;
    if (same && before.isEmpty()) {
      throw new MalformedBytesException("no topic before this run");
    }
    TopicId topic = same ? before.orElseThrow().topic() : new TopicId(in.readLong(), in.readLong());
    int partition = in.readVarInt() + (same ? before.orElseThrow().partition() : 0);
    int signed = (head & TELLS_ROWS) == 0 ? USUAL_ROWS : in.readVarInt();
    int rows = signed < 0 ? -signed : signed;
    if (rows <= 0 || rows > in.remaining()) {
      throw new MalformedBytesException("impossible count " + signed);
    }
    long[] lengths = new long[rows];
    NumberColumns.readEach(in, 0, lengths);
    UploadedBatches run =
        new UploadedBatches(
            new PartitionId(topic, partition),
            NumberColumns.ints(lengths),
            NumberColumns.ints(NumberColumns.read(in, modes, 0, 0, rows)),
            NumberColumns.read(in, modes, TIMESTAMPS, timeMs, rows),
            NumberColumns.read(in, modes, 2, 0, rows),
            NumberColumns.shorts(NumberColumns.read(in, modes, 3, 0, rows)),
            NumberColumns.ints(NumberColumns.read(in, modes, 4, 0, rows)),
            NumberColumns.bytesFromMinusOne(NumberColumns.read(in, modes, 5, 0, rows)));
    BatchOutcomes outcomes =
        new BatchOutcomes(
            verdicts(NumberColumns.read(in, modes, 6, 0, rows)),
            NumberColumns.read(in, modes, 7, 0, rows),
            NumberColumns.read(in, modes, 8, 0, rows),
            in.readVarLong());
    int[] checksums = new int[signed < 0 ? rows : 0];
    for (int i = 0; i < checksums.length; i++) {
      checksums[i] = in.readInt();
    }
    return new Judged(run.withChecksums(checksums), outcomes);
  }

  private static byte[] verdicts(long[] column) {
    byte[] verdicts = NumberColumns.bytesFromMinusOne(column);
    for (byte verdict : verdicts) {
      if (verdict < 0 || verdict >= VERDICTS) {
        throw new MalformedBytesException("no verdict: " + verdict);
      }
    }
    return verdicts;
  }
}
