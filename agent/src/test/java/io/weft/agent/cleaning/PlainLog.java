package io.weft.agent.cleaning;

import io.weft.model.AbortedRange;
import io.weft.protocol.cleaning.BatchCleaner;
import io.weft.protocol.cleaning.KeyOffsets;
import io.weft.protocol.cleaning.UncleanableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/// A partition's batches in memory, cleaned as agents clean them.
final class PlainLog {
  private static final int DECOMPRESSED_BYTES_MAX = 1 << 20;

  private final long deleteRetentionMs;
  private final int mapBytes;
  private final List<AbortedRange> aborted = new ArrayList<>();
  private List<ByteBuffer> batches = new ArrayList<>();
  private long dirtyFrom;

  PlainLog(long deleteRetentionMs, int mapBytes) {
    this.deleteRetentionMs = deleteRetentionMs;
    this.mapBytes = mapBytes;
  }

  void append(ByteBuffer batch) {
    batches.add(batch.duplicate());
  }

  void abort(AbortedRange range) {
    aborted.add(range);
  }

  void clean(long end, long nowMs) throws UncleanableException {
    while (dirtyFrom < end) {
      round(end, nowMs);
    }
  }

  private void round(long end, long nowMs) throws UncleanableException {
    BatchCleaner cleaner = new BatchCleaner(nowMs, deleteRetentionMs, DECOMPRESSED_BYTES_MAX);
    AbortedRecords ended = new AbortedRecords(aborted);
    KeyOffsets keys = new KeyOffsets(mapBytes, Long.MAX_VALUE);
    boolean room = true;
    for (ByteBuffer batch : batches) {
      MutableRecordBatch head = head(batch);
      if (room && head.lastOffset() >= dirtyFrom && head.baseOffset() < end) {
        room = cleaner.note(batch, dirtyFrom, ended, keys);
      }
    }
    if (room) {
      keys.passed(end - 1);
    }
    List<ByteBuffer> left = new ArrayList<>();
    for (ByteBuffer batch : batches) {
      if (head(batch).baseOffset() > keys.lastOffset()) {
        left.add(batch);
      } else {
        cleaner.clean(batch, ended, keys).ifPresent(left::add);
      }
    }
    batches = left;
    dirtyFrom = keys.lastOffset() + 1;
  }

  List<MutableRecordBatch> batches() {
    return batches.stream().map(PlainLog::head).toList();
  }

  /// What a reader of committed records makes of it: the last value of each key that has one.
  ///
  /// @param stableEnd records from here on are not yet committed
  Map<String, String> table(long stableEnd) {
    AbortedRecords ended = new AbortedRecords(aborted);
    Map<String, String> table = new TreeMap<>();
    for (MutableRecordBatch batch : batches()) {
      boolean counts =
          batch.baseOffset() < stableEnd
              && !(batch.isTransactional() && ended.hold(batch.producerId(), batch.baseOffset()));
      if (counts) {
        for (Record each : batch) {
          put(table, each);
        }
      }
    }
    return table;
  }

  private static void put(Map<String, String> table, Record each) {
    if (each.hasKey()) {
      Optional<String> value = each.hasValue() ? Optional.of(text(each.value())) : Optional.empty();
      value.ifPresentOrElse(
          some -> table.put(text(each.key()), some), () -> table.remove(text(each.key())));
    }
  }

  static String text(ByteBuffer bytes) {
    return java.nio.charset.StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  private static MutableRecordBatch head(ByteBuffer batch) {
    return MemoryRecords.readableRecords(batch.duplicate()).batches().iterator().next();
  }
}
