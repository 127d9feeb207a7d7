package io.weft.controlplane.command;

import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.transaction.Fingerprint;
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
///                     transactions named*
///     transactions  = 0, 1 or 2 (all batches alike) | 3 byte*
///     named         = 0 (the transactional id of the named before) | 1 fingerprint:long
///
/// A delta is to the row before; the first row's to zero. Each transactional batch has a `named`.
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

  private static final int EACH = 3;

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
    writeTransactions(run.transactions(), out);
    writeTransactionalIds(run, out);
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
    byte[] transactions = readTransactions(rows, in);
    return new UploadedBatches(
        partition,
        lengths,
        records,
        maxTimestampsMs,
        producerIds,
        producerEpochs,
        baseSequences,
        transactions,
        readTransactionalIds(transactions, in));
  }

  private static void writeTransactions(byte[] rows, WireWriter out) {
    for (byte row : rows) {
      if (row != rows[0]) {
        out.writeByte(EACH);
        for (byte each : rows) {
          out.writeByte(each);
        }
        return;
      }
    }
    out.writeByte(rows[0]);
  }

  private static void writeTransactionalIds(UploadedBatches run, WireWriter out) {
    long before = Fingerprint.NONE;
    for (int i = 0; i < run.count(); i++) {
      if (run.isTransactional(i)) {
        long id = run.transactionalId(i);
        out.writeBoolean(id != before);
        if (id != before) {
          out.writeLong(id);
        }
        before = id;
      }
    }
  }

  private static long[] readTransactionalIds(byte[] transactions, WireReader in) {
    long[] ids = {};
    long before = Fingerprint.NONE;
    for (int i = 0; i < transactions.length; i++) {
      if (transactions[i] != UploadedBatches.NOT_TRANSACTIONAL) {
        if (ids.length == 0) {
          ids = new long[transactions.length];
        }
        before = in.readBoolean() ? in.readLong() : before;
        ids[i] = before;
      }
    }
    return ids;
  }

  private static byte[] readTransactions(int rows, WireReader in) {
    byte[] transactions = new byte[rows];
    byte form = in.readByte();
    if (form == EACH) {
      for (int i = 0; i < rows; i++) {
        transactions[i] = in.readByte();
      }
    } else {
      Arrays.fill(transactions, form);
    }
    return transactions;
  }
}
