package io.weft.controlplane.state.partition;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;

/// The transactions that have records in a partition and have not ended, and where each begins
/// there. Owned by one thread.
final class OpenTransactions {
  /// For the many partitions that have none; nothing is ever noted in it.
  static final OpenTransactions NONE = new OpenTransactions();

  private static final int WIDTH = 2;
  private static final int FIRST_OFFSET = 1;

  private final LongTable table = new LongTable(WIDTH);

  /// The smallest first offset, or `Long.MAX_VALUE`.
  private long oldest = Long.MAX_VALUE;

  /// The first offset of the oldest one, or `Long.MAX_VALUE` if there is none.
  long oldest() {
    return oldest;
  }

  boolean isEmpty() {
    return table.size() == 0;
  }

  boolean contains(long producerId) {
    return table.find(producerId) >= 0;
  }

  /// @return the offset, or -1 if the producer has no transaction open here
  long firstOffset(long producerId) {
    int row = table.find(producerId);
    return row < 0 ? -1 : table.get(row, FIRST_OFFSET);
  }

  /// A producer places a transactional batch.
  void note(long producerId, long offset) {
    if (table.find(producerId) < 0) {
      table.set(table.add(producerId), FIRST_OFFSET, offset);
      oldest = Math.min(oldest, offset);
    }
  }

  /// The producer's transaction has ended; no effect if it has nothing here.
  void remove(long producerId) {
    int row = table.find(producerId);
    if (row < 0) {
      return;
    }
    boolean wasOldest = table.get(row, FIRST_OFFSET) == oldest;
    table.remove(row);
    if (wasOldest) {
      oldest = Long.MAX_VALUE;
      for (int each = 0; each < table.size(); each++) {
        oldest = Math.min(oldest, table.get(each, FIRST_OFFSET));
      }
    }
  }

  /// Bytes: count, per producer (by id) id and first offset; all numbers of variable length.
  void write(WireWriter out) {
    out.writeVarInt(table.size());
    for (long producerId : table.sortedKeys()) {
      out.writeVarLong(producerId);
      out.writeVarLong(table.get(table.find(producerId), FIRST_OFFSET));
    }
  }

  static OpenTransactions read(WireReader in) {
    OpenTransactions open = new OpenTransactions();
    int count = in.readCount(2);
    for (int i = 0; i < count; i++) {
      long producerId = in.readVarLong();
      if (open.contains(producerId)) {
        throw new MalformedBytesException("a producer with two transactions: " + producerId);
      }
      open.note(producerId, in.readVarLong());
    }
    return open;
  }
}
