package io.weft.controlplane.state.file;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.state.file.FileRecord.FileCommitted;
import io.weft.controlplane.state.file.RunColumns.Judged;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Bytes of a [FileCommitted]: by far the most frequent record, hence the most compact one.
///
/// ```
/// committed = agent settledBelow timeMs fileId bytes firstPosition runs:count run*
/// run       = as RunColumns has it, from level 2 on
///           | modes topic? partition rows:count lengths records maxTimestampsMs producerIds
///             producerEpochs baseSequences transactions outcomes
/// ```
///
/// `modes` holds those of the six columns after `lengths` (see [NumberColumns]), and above them one
/// bit that says that the topic is that of the run before. `lengths` is always written row by row:
/// it backs the number of rows. Timestamps are relative to `timeMs`; `transactions` is one less, so
/// that "none" is written as nothing. The transactional ids are left out: they had their say when
/// the batches were judged.
public final class CommittedFileShape implements Shape<FileCommitted> {
  private static final int COLUMNS = 6;
  private static final int SAME_TOPIC = 1 << (COLUMNS * NumberColumns.MODE_BITS);
  private static final int RUN_BYTES_MIN = 7;

  /// The level from which on runs have another layout.
  private static final int COLUMNS_SINCE = 2;

  private static final OutcomeColumns OUTCOMES = new OutcomeColumns();

  @Override
  public void write(FileCommitted record, WireWriter out) {
    UploadedFile file = record.file();
    out.writeVarInt(record.agent().value());
    out.writeVarLong(record.settledBelow());
    out.writeVarLong(record.timeMs());
    out.writeVarLong(file.fileId());
    out.writeVarLong(file.bytes());
    out.writeVarInt(file.firstPosition());
    out.writeVarInt(file.partitions().size());
    Optional<PartitionId> before = Optional.empty();
    for (int i = 0; i < file.partitions().size(); i++) {
      UploadedBatches run = file.partitions().get(i);
      BatchOutcomes outcomes = record.outcomes().get(i);
      if (out.level() >= COLUMNS_SINCE) {
        RunColumns.write(new Judged(run, outcomes), before, record.timeMs(), out);
      } else {
        TopicId topic = run.partition().topic();
        boolean same = before.map(PartitionId::topic).filter(topic::equals).isPresent();
        writeRun(out, run, same, record.timeMs());
        OUTCOMES.write(outcomes, out);
      }
      before = Optional.of(run.partition());
    }
  }

  @Override
  public int versionAt(int level) {
    return level < COLUMNS_SINCE ? 1 : COLUMNS_SINCE;
  }

  @Override
  public FileCommitted read(WireReader in) {
    AgentId agent = new AgentId(in.readVarInt());
    long settledBelow = in.readVarLong();
    long timeMs = in.readVarLong();
    long fileId = in.readVarLong();
    long bytes = in.readVarLong();
    int firstPosition = in.readVarInt();
    int bytesMin = in.level() >= COLUMNS_SINCE ? RunColumns.BYTES_MIN : RUN_BYTES_MIN;
    int count = in.readCount(bytesMin);
    List<UploadedBatches> runs = new ArrayList<>(count);
    List<BatchOutcomes> outcomes = new ArrayList<>(count);
    Optional<PartitionId> before = Optional.empty();
    for (int i = 0; i < count; i++) {
      Judged judged =
          in.level() >= COLUMNS_SINCE
              ? RunColumns.read(before, timeMs, in)
              : readJudged(in, before.map(PartitionId::topic), timeMs);
      runs.add(judged.run());
      outcomes.add(judged.outcomes());
      before = Optional.of(judged.run().partition());
    }
    UploadedFile file = new UploadedFile(fileId, bytes, firstPosition, List.copyOf(runs));
    return new FileCommitted(agent, settledBelow, timeMs, file, List.copyOf(outcomes));
  }

  private static Judged readJudged(WireReader in, Optional<TopicId> before, long timeMs) {
    UploadedBatches run = readRun(in, before, timeMs);
    BatchOutcomes outcomes = OUTCOMES.read(in);
    if (outcomes.count() != run.count()) {
      throw new MalformedBytesException(
          "%d outcomes of %d batches".formatted(outcomes.count(), run.count()));
    }
    return new Judged(run, outcomes);
  }

  private static void writeRun(
      WireWriter out, UploadedBatches run, boolean sameTopic, long timeMs) {
    int rows = run.count();
    NumberColumns.Column[] columns = {
      row -> run.records()[row],
      row -> run.maxTimestampsMs()[row],
      row -> run.producerIds()[row],
      row -> run.producerEpochs()[row],
      row -> run.baseSequences()[row],
      row -> run.transactions()[row] - 1
    };
    int modes = NumberColumns.modes(columns, rows) | (sameTopic ? SAME_TOPIC : 0);
    out.writeVarInt(modes);
    if (!sameTopic) {
      out.writeLong(run.partition().topic().high());
      out.writeLong(run.partition().topic().low());
    }
    out.writeVarInt(run.partition().partition());
    out.writeVarInt(rows);
    NumberColumns.writeEach(out, 0, row -> run.lengths()[row], rows);
    for (int i = 0; i < COLUMNS; i++) {
      int mode = NumberColumns.modeOf(modes, i);
      NumberColumns.write(out, mode, i == 1 ? timeMs : 0, columns[i], rows);
    }
  }

  private static UploadedBatches readRun(WireReader in, Optional<TopicId> before, long timeMs) {
    int modes = in.readVarInt();
    TopicId topic =
        (modes & SAME_TOPIC) == 0
            ? new TopicId(in.readLong(), in.readLong())
            : before.orElseThrow(() -> new MalformedBytesException("no topic before this run"));
    PartitionId partition = new PartitionId(topic, in.readVarInt());
    int rows = in.readCount(1);
    long[] lengths = new long[rows];
    NumberColumns.readEach(in, 0, lengths);
    return new UploadedBatches(
        partition,
        NumberColumns.ints(lengths),
        NumberColumns.ints(NumberColumns.read(in, modes, 0, 0, rows)),
        NumberColumns.read(in, modes, 1, timeMs, rows),
        NumberColumns.read(in, modes, 2, 0, rows),
        NumberColumns.shorts(NumberColumns.read(in, modes, 3, 0, rows)),
        NumberColumns.ints(NumberColumns.read(in, modes, 4, 0, rows)),
        NumberColumns.bytesFromMinusOne(NumberColumns.read(in, modes, 5, 0, rows)));
  }
}
