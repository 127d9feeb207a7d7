package io.weft.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.Test;

final class MarkerBatchTest {
  @Test
  void itIsWhatKafkaWrites() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      long offset = random.nextLong() >>> (1 + random.nextInt(62));
      long producerId = random.nextLong() >>> (1 + random.nextInt(62));
      short epoch = (short) random.nextInt(Short.MAX_VALUE);
      long timeMs = random.nextLong() >>> (1 + random.nextInt(62));
      boolean committed = random.nextBoolean();

      ByteBuffer made = MarkerBatch.of(offset, producerId, epoch, committed, timeMs);

      ControlRecordType type = committed ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
      MemoryRecords kafkas =
          MemoryRecords.withEndTransactionMarker(
              offset,
              timeMs,
              StampedRecords.LEADER_EPOCH,
              producerId,
              epoch,
              new EndTransactionMarker(type, 0));
      assertThat(made).as("seed %d", seed).isEqualTo(kafkas.buffer());
    }
  }

  @Test
  void itStandsInOrderAmongOtherBatches() {
    StampedRecords records =
        new StampedRecords.Builder()
            .addMarker(10, 5, (short) 2, true, 1_000)
            .addMarker(11, 6, (short) 0, false, 1_001)
            .build();

    assertThat(records.sizeInBytes()).isEqualTo(2 * MarkerBatch.BYTES);
    long offset = 10;
    for (MutableRecordBatch batch : MemoryRecords.readableRecords(records.copied()).batches()) {
      batch.ensureValid();
      assertThat(batch.isControlBatch()).isTrue();
      assertThat(batch.isTransactional()).isTrue();
      assertThat(batch.baseOffset()).isEqualTo(offset);
      assertThat(batch.baseSequence()).isEqualTo(-1);
      assertThat(ControlRecordType.parse(batch.iterator().next().key()))
          .isEqualTo(offset == 10 ? ControlRecordType.COMMIT : ControlRecordType.ABORT);
      offset++;
    }
    assertThat(offset).isEqualTo(12);
  }
}
