package io.weft.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class TimedOffsetTest {
  private static BatchView batch(Compression compression, long... timestamps) {
    SimpleRecord[] records = new SimpleRecord[timestamps.length];
    for (int i = 0; i < timestamps.length; i++) {
      records[i] = new SimpleRecord(timestamps[i], new byte[] {1, 2, 3});
    }
    return BatchView.at(
            GatheredBytes.of(MemoryRecords.withRecords(compression, records).buffer()), 0)
        .orElseThrow();
  }

  @Test
  void theFirstRecordOfThatTimeOrLaterIsFound() {
    for (Compression compression :
        List.of(
            Compression.NONE,
            Compression.gzip().build(),
            Compression.snappy().build(),
            Compression.lz4().build(),
            Compression.zstd().build())) {
      BatchView batch = batch(compression, 10, 40, 20, 40, 30);
      assertThat(TimedOffset.firstSince(batch, 100, 5, 0)).contains(new TimedOffset(100, 10));
      assertThat(TimedOffset.firstSince(batch, 100, 11, 0)).contains(new TimedOffset(101, 40));
      assertThat(TimedOffset.firstSince(batch, 100, 41, 0)).isEmpty();
    }
  }

  @Test
  void recordsBeforeTheLogStartDoNotCount() {
    BatchView batch = batch(Compression.NONE, 10, 40, 20, 40, 30);
    assertThat(TimedOffset.firstSince(batch, 100, 40, 102)).contains(new TimedOffset(103, 40));
    assertThat(TimedOffset.firstSince(batch, 100, 40, 104)).isEmpty();
  }
}
