package io.weft.controlplane.command;

import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.ValueWire.Limit;
import java.util.Arrays;
import java.util.List;

/// The bytes of a commit. Stateless.
///
///     commit        = agent settledBelow:varlong files:count file*
///     file          = id:varlong bytes:varlong firstPosition:varint runs:count run*
///     run           = partition rows:count length:varint* records:varint* timestamp-delta:varlong*
///                     producerId-delta:varlong* producerEpoch:varint* baseSequence-delta:varint*
///                     transactional
///     transactional = 0 (no batch is) | 1 (all are) | 2 boolean*
///
/// A delta is to the row before; the first row's to zero.
final class CommitWire {
  private static final Limit FILES = new Limit("files", 4, Sequencer.FILES_PER_COMMIT_MAX);
  private static final int ROW_BYTES_MIN = 6;
  private static final Limit RUNS =
      new Limit(
          "partitions in a file",
          PartitionColumn.BYTES_MIN + 1 + ROW_BYTES_MIN + 1,
          TopicCatalog.PARTITIONS_MAX);
  private static final Limit ROWS =
      new Limit("batches of a partition", ROW_BYTES_MIN, Integer.MAX_VALUE);

  private static final int NONE = 0;
  private static final int ALL = 1;
  private static final int SOME = 2;

  private CommitWire() {}

  static void write(Command.Commit commit, WireWriter out) {
    ValueWire.writeAgent(commit.agent(), out);
    out.writeVarLong(commit.settledBelow());
    ValueWire.writeList(commit.files(), out, CommitWire::writeFile);
  }

  static Command.Commit read(WireReader in) {
    return new Command.Commit(
        ValueWire.readAgent(in),
        in.readVarLong(),
        ValueWire.readList(in, FILES, CommitWire::readFile));
  }

  private static void writeFile(UploadedFile file, WireWriter out) {
    out.writeVarLong(file.fileId());
    out.writeVarLong(file.bytes());
    out.writeVarInt(file.firstPosition());
    PartitionColumn partitions = new PartitionColumn();
    ValueWire.writeList(file.partitions(), out, (run, to) -> writeRun(run, partitions, to));
  }

  private static UploadedFile readFile(WireReader in) {
    long fileId = in.readVarLong();
    long bytes = in.readVarLong();
    int firstPosition = in.readVarInt();
    PartitionColumn partitions = new PartitionColumn();
    List<UploadedBatches> runs = ValueWire.readList(in, RUNS, from -> readRun(partitions, from));
    return new UploadedFile(fileId, bytes, firstPosition, runs);
  }

  private static void writeRun(UploadedBatches run, PartitionColumn partitions, WireWriter out) {
    partitions.write(run.partition(), out);
    out.writeVarInt(run.count());
    Columns.writeInts(run.lengths(), out);
    Columns.writeInts(run.records(), out);
    Columns.writeDeltas(run.maxTimestampsMs(), out);
    Columns.writeDeltas(run.producerIds(), out);
    for (short epoch : run.producerEpochs()) {
      out.writeVarInt(epoch);
    }
    int sequence = 0;
    for (int next : run.baseSequences()) {
      out.writeVarInt(next - sequence);
      sequence = next;
    }
    writeTransactional(run.transactional(), out);
  }

  private static UploadedBatches readRun(PartitionColumn partitions, WireReader in) {
    var partition = partitions.read(in);
    int rows = ROWS.readCount(in);
    int[] lengths = Columns.readInts(rows, in);
    int[] records = Columns.readInts(rows, in);
    long[] maxTimestampsMs = Columns.readDeltas(rows, in);
    long[] producerIds = Columns.readDeltas(rows, in);
    short[] producerEpochs = new short[rows];
    for (int i = 0; i < rows; i++) {
      producerEpochs[i] = ValueWire.readVarShort(in);
    }
    int[] baseSequences = new int[rows];
    int sequence = 0;
    for (int i = 0; i < rows; i++) {
      sequence += in.readVarInt();
      baseSequences[i] = sequence;
    }
    return new UploadedBatches(
        partition,
        lengths,
        records,
        maxTimestampsMs,
        producerIds,
        producerEpochs,
        baseSequences,
        readTransactional(rows, in));
  }

  private static void writeTransactional(boolean[] rows, WireWriter out) {
    int set = 0;
    for (boolean row : rows) {
      set += row ? 1 : 0;
    }
    if (set == 0 || set == rows.length) {
      out.writeByte(set == 0 ? NONE : ALL);
      return;
    }
    out.writeByte(SOME);
    for (boolean row : rows) {
      out.writeBoolean(row);
    }
  }

  private static boolean[] readTransactional(int rows, WireReader in) {
    boolean[] transactional = new boolean[rows];
    byte form = in.readByte();
    switch (form) {
      case NONE -> {}
      case ALL -> Arrays.fill(transactional, true);
      case SOME -> {
        for (int i = 0; i < rows; i++) {
          transactional[i] = in.readBoolean();
        }
      }
      default -> throw ValueWire.unknown("form of transactional rows", form);
    }
    return transactional;
  }
}
