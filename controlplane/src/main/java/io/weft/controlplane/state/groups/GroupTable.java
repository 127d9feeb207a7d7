package io.weft.controlplane.state.groups;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.OpaqueBytes;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The last record of every key that Kafka's group coordinator wrote. Owned by one thread.
///
/// Records have rising numbers, as they would have offsets in a log. A record of a transaction is
/// staged; when the transaction commits it takes effect, unless a later record of its key has done
/// so before (the rule of the coordinator itself). Dropping a key drops what is staged for it too.
public final class GroupTable implements StatePart {
  /// The producer of a record that belongs to no transaction.
  public static final long NO_PRODUCER = -1;

  /// The least bytes a row takes: two lengths and a number.
  private static final int ROW_BYTES_MIN = 3;

  private static final TreeSet<Long> NOBODY = new TreeSet<>();

  /// By the order in which they took effect.
  private final SequencedMap<OpaqueBytes, Row> rows = new LinkedHashMap<>();

  private final TreeMap<Long, SequencedMap<OpaqueBytes, Row>> stagedByProducer = new TreeMap<>();
  private final Map<OpaqueBytes, TreeSet<Long>> producersByKey = new HashMap<>();
  private final GroupCounts counts = new GroupCounts();
  private long nextNumber;

  /// @param number of the record, among all that were ever written
  public record Row(OpaqueBytes key, OpaqueBytes value, long number) {}

  /// How much there is of each group.
  public GroupCounts counts() {
    return counts;
  }

  /// Bytes of the value that is in effect or staged for a key, the longest; empty if there is none.
  public OptionalInt valueBytes(OpaqueBytes key) {
    OptionalInt longest = OptionalInt.empty();
    Row row = rows.get(key);
    if (row != null) {
      longest = OptionalInt.of(row.value().size());
    }
    for (long producerId : producersByKey.getOrDefault(key, NOBODY)) {
      int staged = stagedByProducer.get(producerId).get(key).value().size();
      longest = OptionalInt.of(Math.max(longest.orElse(0), staged));
    }
    return longest;
  }

  /// The number the next record will have.
  public long nextNumber() {
    return nextNumber;
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    switch ((GroupRecord) record) {
      case GroupRecord.GroupRowPut put -> put(put.key(), put.value(), put.producerId());
      case GroupRecord.GroupRowDropped dropped -> drop(dropped.key());
    }
  }

  /// Writes a record.
  ///
  /// @param producerId of the transaction it belongs to, or [#NO_PRODUCER]
  public void put(OpaqueBytes key, OpaqueBytes value, long producerId) {
    Row row = new Row(key, value, nextNumber++);
    if (producerId == NO_PRODUCER) {
      takeEffect(row);
    } else {
      stage(producerId, row);
    }
  }

  /// Writes a tombstone.
  public void drop(OpaqueBytes key) {
    nextNumber++;
    left(rows.remove(key));
    TreeSet<Long> producers = producersByKey.remove(key);
    if (producers != null) {
      for (long producerId : producers) {
        SequencedMap<OpaqueBytes, Row> staged = stagedByProducer.get(producerId);
        left(staged.remove(key));
        if (staged.isEmpty()) {
          stagedByProducer.remove(producerId);
        }
      }
    }
  }

  /// The producer's transaction has ended: what it staged takes effect or is forgotten.
  public void endTransaction(long producerId, boolean committed) {
    SequencedMap<OpaqueBytes, Row> staged = stagedByProducer.remove(producerId);
    if (staged == null) {
      return;
    }
    for (Row row : staged.values()) {
      left(row);
      unstage(row.key(), producerId);
      Row there = rows.get(row.key());
      if (committed && (there == null || there.number() < row.number())) {
        takeEffect(row);
      }
    }
  }

  /// In the order in which they took effect.
  public Collection<Row> rows() {
    return Collections.unmodifiableCollection(rows.values());
  }

  /// The producers with something staged, by id.
  public Collection<Long> producers() {
    return Collections.unmodifiableCollection(stagedByProducer.keySet());
  }

  /// What a producer has staged, in the order it was written.
  public Collection<Row> staged(long producerId) {
    SequencedMap<OpaqueBytes, Row> staged = stagedByProducer.get(producerId);
    return staged == null
        ? Collections.emptyList()
        : Collections.unmodifiableCollection(staged.values());
  }

  /// Bytes: nextNumber rows producers (producerId rows)*; rows = count (key value number)*.
  @Override
  public void write(WireWriter out) {
    out.writeVarLong(nextNumber);
    writeRows(rows.values(), out);
    out.writeVarInt(stagedByProducer.size());
    stagedByProducer.forEach(
        (producerId, staged) -> {
          out.writeVarLong(producerId);
          writeRows(staged.values(), out);
        });
  }

  @Override
  public void read(WireReader in) {
    nextNumber = in.readVarLong();
    int count = in.readCount(ROW_BYTES_MIN);
    for (int i = 0; i < count; i++) {
      Row row = readRow(in);
      if (rows.put(row.key(), row) != null) {
        throw new MalformedBytesException("a row twice");
      }
      counts.came(row);
    }
    int producers = in.readCount(2);
    for (int i = 0; i < producers; i++) {
      long producerId = in.readVarLong();
      int stagedCount = in.readCount(ROW_BYTES_MIN);
      for (int j = 0; j < stagedCount; j++) {
        stage(producerId, readRow(in));
      }
    }
  }

  private void takeEffect(Row row) {
    // Removed first: a row that is replaced goes to the end.
    left(rows.remove(row.key()));
    rows.put(row.key(), row);
    counts.came(row);
  }

  /// @param row null if there was none
  private void left(Row row) {
    if (row != null) {
      counts.left(row);
    }
  }

  private void stage(long producerId, Row row) {
    SequencedMap<OpaqueBytes, Row> staged =
        stagedByProducer.computeIfAbsent(producerId, _ -> new LinkedHashMap<>());
    left(staged.remove(row.key()));
    staged.put(row.key(), row);
    counts.came(row);
    producersByKey.computeIfAbsent(row.key(), _ -> new TreeSet<>()).add(producerId);
  }

  private void unstage(OpaqueBytes key, long producerId) {
    TreeSet<Long> producers = producersByKey.get(key);
    producers.remove(producerId);
    if (producers.isEmpty()) {
      producersByKey.remove(key);
    }
  }

  private static void writeRows(Collection<Row> rows, WireWriter out) {
    out.writeVarInt(rows.size());
    for (Row row : rows) {
      out.writeBytes(row.key().array());
      out.writeBytes(row.value().array());
      out.writeVarLong(row.number());
    }
  }

  private static Row readRow(WireReader in) {
    OpaqueBytes key = OpaqueBytes.of(in.readBytes());
    OpaqueBytes value = OpaqueBytes.of(in.readBytes());
    return new Row(key, value, in.readVarLong());
  }
}
