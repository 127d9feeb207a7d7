package io.weft.protocol.cleaning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/// What the comparison with Kafka's cleaner does not reach; it lies above, in `agent.cleaning`.
final class BatchCleanerTest {
  private static final BatchCleaner.Aborted NONE = (_, _) -> false;
  private static final long NOW_MS = 5_000;
  private static final int BYTES_MAX = 100_000;

  private final BatchCleaner cleaner = new BatchCleaner(NOW_MS, 1_000, BYTES_MAX);

  private static ByteBuffer batch(Compression codec, SimpleRecord... records) {
    return MemoryRecords.withRecords(codec, records).buffer();
  }

  private static SimpleRecord put(String key, byte[] value) {
    return new SimpleRecord(7, key.getBytes(UTF_8), value);
  }

  private static MutableRecordBatch head(ByteBuffer batch) {
    MutableRecordBatch head =
        MemoryRecords.readableRecords(batch.duplicate()).batches().iterator().next();
    head.ensureValid();
    return head;
  }

  private static List<Long> offsets(ByteBuffer batch) {
    List<Long> offsets = new ArrayList<>();
    for (Record each : head(batch)) {
      offsets.add(each.offset());
    }
    return offsets;
  }

  private static KeyOffsets table() {
    return new KeyOffsets(1 << 16, Long.MAX_VALUE);
  }

  @Test
  void theLastOfAKeyStaysAtItsOffset() throws UncleanableException {
    ByteBuffer batch =
        batch(
            Compression.gzip().build(),
            put("a", new byte[1]),
            put("b", new byte[1]),
            put("a", new byte[1]));
    KeyOffsets keys = table();
    assertThat(cleaner.note(batch, 0, NONE, keys)).isTrue();
    ByteBuffer left = cleaner.clean(batch, NONE, keys).orElseThrow();

    assertThat(offsets(left)).containsExactly(1L, 2L);
    assertThat(head(left).compressionType()).isEqualTo(head(batch).compressionType());
  }

  @Test
  void aTombstoneGetsAHorizonAndGoesAfterIt() throws UncleanableException {
    ByteBuffer batch = batch(Compression.NONE, put("a", null));
    KeyOffsets keys = table();
    assertThat(cleaner.note(batch, 0, NONE, keys)).isTrue();
    ByteBuffer left = cleaner.clean(batch, NONE, keys).orElseThrow();

    assertThat(head(left).deleteHorizonMs()).hasValue(NOW_MS + 1_000);
    assertThat(head(left).iterator().next().timestamp()).isEqualTo(7);
    BatchCleaner before = new BatchCleaner(NOW_MS + 999, 1_000, BYTES_MAX);
    assertThat(before.clean(left, NONE, keys)).contains(left);
    BatchCleaner after = new BatchCleaner(NOW_MS + 1_000, 1_000, BYTES_MAX);
    assertThat(after.clean(left, NONE, keys)).isEmpty();
  }

  @Test
  void anEmptiedBatchKeepsItsOffsets() {
    ByteBuffer batch = batch(Compression.NONE, put("a", null), put("b", null));
    ByteBuffer empty = BatchCleaner.emptied(batch);

    assertThat(offsets(empty)).isEmpty();
    assertThat(head(empty).lastOffset()).isEqualTo(1);
    assertThat(head(empty).maxTimestamp()).isEqualTo(7);
  }

  /// A few hundred bytes that unfold to a megabyte, in one record and in many.
  @Test
  void whatUnfoldsToTooMuchIsRefused() {
    ByteBuffer one = batch(Compression.zstd().build(), put("a", new byte[1 << 20]));
    SimpleRecord[] records = new SimpleRecord[64];
    for (int i = 0; i < records.length; i++) {
      records[i] = put("k" + i, new byte[1 << 14]);
    }
    ByteBuffer many = batch(Compression.zstd().build(), records);

    for (ByteBuffer batch : List.of(one, many)) {
      assertThatThrownBy(() -> cleaner.clean(batch, NONE, table()))
          .isInstanceOf(UncleanableException.class);
    }
    assertThatThrownBy(() -> cleaner.note(one, 0, NONE, table()))
        .isInstanceOf(UncleanableException.class);
  }

  @Test
  void aFullTableTakesNoMore() throws UncleanableException {
    KeyOffsets keys = new KeyOffsets(1, 1);
    int put = 0;
    while (keys.put(ByteBuffer.wrap(("k" + put).getBytes(UTF_8)), put)) {
      put++;
    }

    assertThat(put).isEqualTo(14);
    assertThat(keys.lastOffset()).isEqualTo(13);
    for (int i = 0; i < put; i++) {
      assertThat(keys.offsetOf(ByteBuffer.wrap(("k" + i).getBytes(UTF_8)))).isEqualTo(i);
    }
    assertThat(cleaner.note(batch(Compression.NONE, put("new", null)), 0, NONE, keys)).isFalse();
    assertThat(keys.offsetOf(ByteBuffer.wrap("new".getBytes(UTF_8)))).isEqualTo(-1);
  }

  @Test
  void tenMillionKeysHaveRoomInTheStandardMemory() {
    long slots = (256L << 20) / KeyOffsets.BYTES_PER_SLOT;

    assertThat((long) (slots * 0.9)).isGreaterThan(10_000_000);
  }
}
