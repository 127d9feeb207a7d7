package io.weft.controlplane.state.partition;

import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.Transactions.ActiveProducer;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.ArrayList;
import java.util.List;

/// What a partition remembers of each idempotent producer: its epoch and its last five batches.
/// Owned by one thread.
///
/// Sequences count from 0 to `Integer.MAX_VALUE` and begin again at 0; all of Kafka's rules for
/// them are here (KIP-98, `ProducerAppendInfo` in Kafka). An epoch that a transaction's end began
/// has no batches yet. A batch that was aborted counts as sent, but no other repeats it.
///
/// ```
/// row   = producerId, epoch and ended and number of batches, lastPlacedMs, forgotten, batch{5}
/// batch = baseSequence and lastSequence, baseOffset, logAppendTimeMs      (oldest first)
/// ```
final class ProducerWindows {
  static final int BATCHES_MAX = 5;

  private static final int HEAD = 1;
  private static final int LAST_PLACED = 2;

  /// Records placed in this epoch, before the oldest batch that is remembered.
  private static final int FORGOTTEN = 3;

  private static final int BATCHES = 4;
  private static final int BATCH_WIDTH = 3;
  private static final int WIDTH = BATCHES + BATCHES_MAX * BATCH_WIDTH;
  private static final int COUNT_BITS = 8;
  private static final int COUNT_MASK = 0x7F;

  /// Set once a transaction of the producer's has ended here.
  private static final int ENDED = 0x80;

  /// Stands for the offset of a batch that was aborted.
  private static final long ABORTED = -1;

  /// So far back may a forgotten batch lie: beyond it, past and future cannot be told apart.
  private static final int FORGOTTEN_DISTANCE_MAX = 1 << 30;

  private final LongTable table = new LongTable(WIDTH);

  /// The highest id of a producer that was forgotten here, or -1.
  private long highestRemoved = -1;

  /// None that has no transaction open placed its last batch before this: spares most looks for
  /// idle ones the way through all rows.
  private long placedSinceMs = Long.MAX_VALUE;

  int size() {
    return table.size();
  }

  /// @return the row of a producer, or -1; good until a producer is added or removed
  int find(long producerId) {
    return table.find(producerId);
  }

  /// Whether a producer that is not known here may have been: ids rise in the order they are given
  /// out, so that those above all that were forgotten have placed nothing here yet.
  boolean mayBeForgotten(long producerId) {
    return producerId <= highestRemoved;
  }

  /// Takes over what another has of one producer that is not known here.
  ///
  /// @return its row here, or -1 if the other does not know it either
  int copy(ProducerWindows source, long producerId) {
    int sourceRow = source.find(producerId);
    if (sourceRow < 0) {
      return -1;
    }
    int row = table.add(producerId);
    System.arraycopy(source.table.rows, sourceRow * WIDTH, table.rows, row * WIDTH, WIDTH);
    placedSinceMs = Math.min(placedSinceMs, table.get(row, LAST_PLACED));
    return row;
  }

  /// The remembered batch of exactly these sequences, or -1.
  int repeated(int row, short epoch, int baseSequence, int records) {
    if (epoch(row) != epoch) {
      return -1;
    }
    long sequences = sequences(baseSequence, records);
    for (int batch = 0; batch < count(row); batch++) {
      if (table.rows[at(row, batch)] == sequences && baseOffset(row, batch) != ABORTED) {
        return batch;
      }
    }
    return -1;
  }

  long baseOffset(int row, int batch) {
    return table.rows[at(row, batch) + 1];
  }

  long logAppendTimeMs(int row, int batch) {
    return table.rows[at(row, batch) + 2];
  }

  /// Judges a batch that is not [#repeated].
  ///
  /// Kafka answers "out of order" for everything that neither repeats nor continues; here a batch
  /// that has surely been placed, but so long ago that its offset is forgotten, has its own
  /// verdict. Surely: an epoch's batches are without gaps from its first one here on. What is older
  /// than that first one was perhaps never placed, and must not be taken for a duplicate.
  Verdict judge(int row, short epoch, int baseSequence, int records) {
    if (epoch < epoch(row)) {
      return Verdict.INVALID_PRODUCER_EPOCH;
    }
    if (epoch > epoch(row)) {
      return baseSequence == 0 ? Verdict.PLACED : Verdict.OUT_OF_ORDER_SEQUENCE;
    }
    if (count(row) == 0) {
      return baseSequence == 0 ? Verdict.PLACED : Verdict.OUT_OF_ORDER_SEQUENCE;
    }
    if (baseSequence == advance(lastSequence(row), 1)) {
      return Verdict.PLACED;
    }
    int oldestBase = (int) (table.rows[at(row, 0)] >>> 32);
    int back = (oldestBase - baseSequence) & Integer.MAX_VALUE;
    boolean forgotten =
        records <= back
            && back <= FORGOTTEN_DISTANCE_MAX
            && back <= table.rows[row * WIDTH + FORGOTTEN];
    return forgotten ? Verdict.DUPLICATE_FORGOTTEN : Verdict.OUT_OF_ORDER_SEQUENCE;
  }

  /// Makes a producer known at this epoch; a new epoch begins with no batches.
  ///
  /// @return its row
  int enter(long producerId, short epoch, long nowMs) {
    int row = table.find(producerId);
    if (row < 0) {
      row = table.add(producerId);
      setHead(row, epoch, 0);
    } else if (epoch(row) != epoch) {
      setHead(row, epoch, 0);
      table.set(row, FORGOTTEN, 0);
    }
    table.set(row, LAST_PLACED, nowMs);
    placedSinceMs = Math.min(placedSinceMs, nowMs);
    return row;
  }

  /// A transaction of the producer's has ended here.
  ///
  /// @param epoch that the producer has at least from now on
  /// @param aborted whether it had batches here that were aborted
  void end(long producerId, short epoch, boolean aborted, long nowMs) {
    int row = enter(producerId, epoch, nowMs);
    table.rows[row * WIDTH + HEAD] |= ENDED;
    if (aborted && count(row) > 0) {
      // The sequences go on behind the last one, but none of them may be taken for placed.
      keepNewest(row);
      table.rows[at(row, 0) + 1] = ABORTED;
      table.rows[at(row, 0) + 2] = -1;
    }
  }

  /// Whether a batch begins behind the last one, next to it or further on.
  boolean isAhead(int row, short epoch, int baseSequence) {
    return epoch == epoch(row)
        && count(row) > 0
        && ((baseSequence - advance(lastSequence(row), 1)) & Integer.MAX_VALUE)
            <= FORGOTTEN_DISTANCE_MAX;
  }

  /// Whether a remembered batch begins here that was placed and not aborted.
  boolean begins(int row, short epoch, int baseSequence) {
    if (epoch(row) != epoch) {
      return false;
    }
    for (int batch = 0; batch < count(row); batch++) {
      if ((int) (table.rows[at(row, batch)] >>> 32) == baseSequence
          && baseOffset(row, batch) != ABORTED) {
        return true;
      }
    }
    return false;
  }

  /// Takes over the producers of another that are not known here.
  void addUnknown(ProducerWindows other) {
    highestRemoved = Math.max(highestRemoved, other.highestRemoved);
    for (long producerId : other.table.sortedKeys()) {
      if (find(producerId) < 0) {
        copy(other, producerId);
      }
    }
  }

  /// Whether it knows of no producer.
  boolean isBlank() {
    return size() == 0 && highestRemoved < 0;
  }

  /// Remembers a batch that has its place.
  void remember(int row, int baseSequence, int records, long baseOffset, long logAppendTimeMs) {
    if (count(row) == BATCHES_MAX) {
      forgetOldest(row);
    }
    int count = count(row);
    int at = at(row, count);
    table.rows[at] = sequences(baseSequence, records);
    table.rows[at + 1] = baseOffset;
    table.rows[at + 2] = logAppendTimeMs;
    setCount(row, count + 1);
  }

  /// All of them by id, but no more than so many.
  List<ActiveProducer> list(OpenTransactions open, int countMax) {
    List<ActiveProducer> all = new ArrayList<>();
    for (long producerId : table.sortedKeys()) {
      if (all.size() >= countMax) {
        break;
      }
      int row = table.find(producerId);
      all.add(
          new ActiveProducer(
              new ProducerEpoch(producerId, epoch(row)),
              count(row) == 0 ? -1 : lastSequence(row),
              table.get(row, LAST_PLACED),
              hasEnded(row),
              open.firstOffset(producerId)));
    }
    return all;
  }

  /// Whether there are producers to be forgotten: not those with an open transaction.
  boolean anyUnusedSince(long timeMs, OpenTransactions open) {
    if (placedSinceMs >= timeMs) {
      return false;
    }
    long oldestMs = Long.MAX_VALUE;
    for (int row = 0; row < table.size(); row++) {
      // One with an open transaction places its marker when that ends, and is counted then.
      if (!open.contains(table.get(row, 0))) {
        oldestMs = Math.min(oldestMs, table.get(row, LAST_PLACED));
      }
    }
    placedSinceMs = oldestMs;
    return oldestMs < timeMs;
  }

  void removeUnusedSince(long timeMs, OpenTransactions open) {
    if (!anyUnusedSince(timeMs, open)) {
      return;
    }
    for (int row = table.size() - 1; row >= 0; row--) {
      if (table.get(row, LAST_PLACED) < timeMs && !open.contains(table.get(row, 0))) {
        highestRemoved = Math.max(highestRemoved, table.get(row, 0));
        table.remove(row);
      }
    }
    placedSinceMs = timeMs;
  }

  /// Bytes: highestRemoved + 1, count, per producer (by id) id, epoch, ended:byte, lastPlacedMs,
  /// forgotten, count of batches, per batch baseSequence, lastSequence, baseOffset,
  /// logAppendTimeMs; all numbers of variable length.
  void write(WireWriter out) {
    out.writeVarLong(highestRemoved + 1);
    out.writeVarInt(table.size());
    for (long producerId : table.sortedKeys()) {
      int row = table.find(producerId);
      out.writeVarLong(producerId);
      out.writeVarInt(epoch(row));
      out.writeBoolean(hasEnded(row));
      out.writeVarLong(table.get(row, LAST_PLACED));
      out.writeVarLong(table.get(row, FORGOTTEN));
      out.writeVarInt(count(row));
      for (int batch = 0; batch < count(row); batch++) {
        int at = at(row, batch);
        out.writeVarInt((int) (table.rows[at] >>> 32));
        out.writeVarInt((int) table.rows[at]);
        out.writeVarLong(table.rows[at + 1]);
        out.writeVarLong(table.rows[at + 2]);
      }
    }
  }

  static ProducerWindows read(WireReader in) {
    ProducerWindows windows = new ProducerWindows();
    windows.highestRemoved = in.readVarLong() - 1;
    int producers = in.readCount(6);
    for (int i = 0; i < producers; i++) {
      long producerId = in.readVarLong();
      if (windows.find(producerId) >= 0) {
        throw new MalformedBytesException("a producer twice: " + producerId);
      }
      int row = windows.table.add(producerId);
      int epoch = in.readVarInt();
      boolean ended = in.readBoolean();
      long lastPlacedMs = in.readVarLong();
      windows.table.set(row, LAST_PLACED, lastPlacedMs);
      windows.placedSinceMs = Math.min(windows.placedSinceMs, lastPlacedMs);
      windows.table.set(row, FORGOTTEN, in.readVarLong());
      int batches = in.readVarInt();
      if (epoch != (short) epoch || batches < 0 || batches > BATCHES_MAX) {
        throw new MalformedBytesException("epoch %d, %d batches".formatted(epoch, batches));
      }
      windows.setHead(row, (short) epoch, batches | (ended ? ENDED : 0));
      for (int batch = 0; batch < batches; batch++) {
        int at = windows.at(row, batch);
        long baseSequence = in.readVarInt();
        windows.table.rows[at] = (baseSequence << 32) | in.readVarInt();
        windows.table.rows[at + 1] = in.readVarLong();
        windows.table.rows[at + 2] = in.readVarLong();
      }
    }
    return windows;
  }

  private void forgetOldest(int row) {
    long sequences = table.rows[at(row, 0)];
    if (baseOffset(row, 0) != ABORTED) {
      int records = (((int) sequences - (int) (sequences >>> 32)) & Integer.MAX_VALUE) + 1;
      table.rows[row * WIDTH + FORGOTTEN] += Integer.toUnsignedLong(records);
    }
    int kept = count(row) - 1;
    System.arraycopy(table.rows, at(row, 1), table.rows, at(row, 0), kept * BATCH_WIDTH);
    setCount(row, kept);
  }

  private void keepNewest(int row) {
    System.arraycopy(table.rows, at(row, count(row) - 1), table.rows, at(row, 0), BATCH_WIDTH);
    setCount(row, 1);
    table.set(row, FORGOTTEN, 0);
  }

  private int lastSequence(int row) {
    return (int) table.rows[at(row, count(row) - 1)];
  }

  private short epoch(int row) {
    return (short) (table.rows[row * WIDTH + HEAD] >> COUNT_BITS);
  }

  private int count(int row) {
    return (int) table.rows[row * WIDTH + HEAD] & COUNT_MASK;
  }

  private boolean hasEnded(int row) {
    return (table.rows[row * WIDTH + HEAD] & ENDED) != 0;
  }

  private void setCount(int row, int count) {
    table.rows[row * WIDTH + HEAD] = (table.rows[row * WIDTH + HEAD] & ~COUNT_MASK) | count;
  }

  private void setHead(int row, short epoch, int countAndEnded) {
    table.rows[row * WIDTH + HEAD] = ((long) epoch << COUNT_BITS) | countAndEnded;
  }

  private int at(int row, int batch) {
    return row * WIDTH + BATCHES + batch * BATCH_WIDTH;
  }

  private static long sequences(int baseSequence, int records) {
    return ((long) baseSequence << 32) | advance(baseSequence, records - 1);
  }

  /// The sequence so many further on, from `Integer.MAX_VALUE` back to 0.
  private static int advance(int sequence, int by) {
    return (sequence + by) & Integer.MAX_VALUE;
  }
}
