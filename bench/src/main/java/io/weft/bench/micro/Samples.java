package io.weft.bench.micro;

import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.protocol.record.BatchRules;
import io.weft.protocol.record.BatchVerifier;
import io.weft.protocol.record.Verification;
import io.weft.protocol.record.VerifiedBatch;
import io.weft.storage.file.StoredBatch;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;

/// Batches as a producer sends them, with records of 1 KiB: half noise, half zeros.
final class Samples {
  static final int RECORD_BYTES = 1024;
  static final TopicId TOPIC = new TopicId(1, 1);
  static final long TIME_MS = 1_700_000_000_000L;

  private Samples() {}

  static PartitionId partition(int number) {
    return new PartitionId(TOPIC, number);
  }

  /// An idempotent producer's batch of about this size before compression, in memory of its own.
  static ByteBuffer batch(int batchBytes, String codec) {
    int records = Math.max(1, batchBytes / RECORD_BYTES - 1);
    MemoryRecordsBuilder builder =
        new MemoryRecordsBuilder(
            ByteBuffer.allocate(batchBytes + RECORD_BYTES),
            RecordBatch.MAGIC_VALUE_V2,
            Compression.of(CompressionType.forName(codec)).build(),
            TimestampType.CREATE_TIME,
            0,
            RecordBatch.NO_TIMESTAMP,
            7,
            (short) 0,
            0,
            false,
            false,
            RecordBatch.NO_PARTITION_LEADER_EPOCH,
            batchBytes + RECORD_BYTES);
    byte[] value = new byte[RECORD_BYTES];
    long noise = 1;
    for (int record = 0; record < records; record++) {
      ByteBuffer half = ByteBuffer.wrap(value, 0, RECORD_BYTES / 2);
      while (half.remaining() >= Long.BYTES) {
        noise = noise * 6364136223846793005L + 1442695040888963407L;
        half.putLong(noise);
      }
      builder.append(TIME_MS + record, null, value);
    }
    MemoryRecords built = builder.build();
    return built.buffer().slice();
  }

  static VerifiedBatch verified(ByteBuffer batch) {
    return switch (BatchVerifier.verify(batch, BatchRules.sizeOnly(Integer.MAX_VALUE))) {
      case Verification.Accepted(VerifiedBatch accepted) -> accepted;
      case Verification.Refused refused -> throw new IllegalStateException(refused.message());
    };
  }

  static StoredBatch stored(VerifiedBatch batch) {
    return new StoredBatch(
        batch.bytes(), batch.records(), batch.firstTimestampMs(), batch.maxTimestampMs());
  }
}
