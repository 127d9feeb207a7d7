package io.weft.controlplane.command;

import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.transaction.Fingerprint;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.PartitionColumn;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.model.PartitionId;
import java.util.Arrays;

/// A run of a commit, by columns. Stateless.
///
///     run           = partition rows:count length:varint* records:varint* timestamp-delta:varlong*
///                     producerId-delta:varlong* producerEpoch:varint* baseSequence-delta:varint*
///                     transactions named* told
///     transactions  = 0, 1 or 2 (all batches alike) | 3 byte*
///     named         = 0 (the transactional id of the named before) | 1 fingerprint:long
///     told          = 0 | 1 checksum:int*                                     from level 2 on
///
/// A delta is to the row before; the first row's to zero. Each transactional batch has a `named`.
final class UploadedBatchesShape implements Shape<UploadedBatches> {
  private static final Shape<PartitionId> PARTITION = new PartitionColumn();
  private static final Shape<Short> SHORT = Shapes.limited().of(Short.class);
  private static final int ROW_BYTES_MIN = 6;

  /// Of memory.
  private static final long ROW_BYTES = 64;

  private static final int EACH = 3;

  /// The level from which on checksums are told.
  private static final int CHECKSUMS_SINCE = 2;

  @Override
  public void write(UploadedBatches run, WireWriter out) {
    PARTITION.write(run.partition(), out);
    out.writeVarInt(run.count());
    Columns.writeInts(run.lengths(), out);
    Columns.writeInts(run.records(), out);
    Columns.writeDeltas(run.maxTimestampsMs(), out);
    Columns.writeDeltas(run.producerIds(), out);
    for (short epoch : run.producerEpochs()) {
      SHORT.write(epoch, out);
    }
    int sequence = 0;
    for (int next : run.baseSequences()) {
      out.writeVarInt(next - sequence);
      sequence = next;
    }
    writeTransactions(run.transactions(), out);
    writeTransactionalIds(run, out);
    if (out.level() >= CHECKSUMS_SINCE) {
      out.writeBoolean(run.tellsChecksums());
      for (int checksum : run.checksums()) {
        out.writeInt(checksum);
      }
    }
  }

  @Override
  public UploadedBatches read(WireReader in) {
    PartitionId partition = PARTITION.read(in);
    int rows = in.readCount(ROW_BYTES_MIN);
    int[] lengths = Columns.readInts(rows, in);
    int[] records = Columns.readInts(rows, in);
    long[] maxTimestampsMs = Columns.readDeltas(rows, in);
    long[] producerIds = Columns.readDeltas(rows, in);
    short[] producerEpochs = new short[rows];
    for (int i = 0; i < rows; i++) {
      producerEpochs[i] = SHORT.read(in);
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
        readTransactionalIds(transactions, in),
        readChecksums(rows, in));
  }

  private static int[] readChecksums(int rows, WireReader in) {
    boolean told = in.level() >= CHECKSUMS_SINCE && in.readBoolean();
    int[] checksums = new int[told ? rows : 0];
    for (int i = 0; i < checksums.length; i++) {
      checksums[i] = in.readInt();
    }
    return checksums;
  }

  @Override
  public int versionAt(int level) {
    return level < CHECKSUMS_SINCE ? 1 : CHECKSUMS_SINCE;
  }

  @Override
  public int bytesMin() {
    return PARTITION.bytesMin() + 1 + ROW_BYTES_MIN + 1;
  }

  @Override
  public boolean weighs() {
    return true;
  }

  @Override
  public long weight(UploadedBatches run) {
    return run.count() * ROW_BYTES;
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
