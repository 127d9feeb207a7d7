package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Function;

/// A list that is written and read item by item, so that all its items are never in memory at once:
/// a table in a snapshot. Its bytes are a list's. Thread-safe.
public final class Rows<T> {
  private final Shape<T> row;

  Rows(Shape<T> row) {
    this.row = row;
  }

  /// @param rowOf makes the row of an entry
  public <E> void write(Collection<E> entries, Function<? super E, T> rowOf, WireWriter out) {
    out.writeVarInt(entries.size());
    for (E each : entries) {
      row.write(rowOf.apply(each), out);
    }
  }

  /// @return how many there were
  public int read(WireReader in, Consumer<? super T> each) {
    int count = in.readCount(row.bytesMin());
    for (int i = 0; i < count; i++) {
      each.accept(row.read(in));
    }
    return count;
  }
}
