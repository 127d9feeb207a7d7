package io.weft.storage.file;

import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Batches and runs for tests: true heads and checksums around bodies of chance.
final class Batches {
  /// Of the file with the key that tests use.
  static final FileOrigin ORIGIN = new FileOrigin("kD3mJ0pWTzGq_8-Nf2sXyA", 7, 0x0123456789abcdefL);

  private Batches() {}

  static PartitionId partition(long topic, int partition) {
    return new PartitionId(new TopicId(topic, topic * 31), partition);
  }

  /// A batch of `records` records whose body is `bodyBytes` long, in the middle of a larger buffer.
  static StoredBatch batch(RandomGenerator random, int records, int bodyBytes) {
    int before = random.nextInt(8);
    ByteBuffer around =
        random.nextBoolean()
            ? ByteBuffer.allocate(before + BatchHead.BYTES + bodyBytes + 5)
            : ByteBuffer.allocateDirect(before + BatchHead.BYTES + bodyBytes + 5);
    ByteBuffer bytes = around.slice(before, BatchHead.BYTES + bodyBytes);
    byte[] body = new byte[bodyBytes];
    random.nextBytes(body);
    long firstTimestampMs = 1_700_000_000_000L + random.nextInt(1000);
    long maxTimestampMs = firstTimestampMs + random.nextInt(1000);
    bytes.putInt(BatchHead.LENGTH, bytes.limit() - BatchHead.LENGTH_OVERHEAD);
    bytes.putInt(BatchHead.LENGTH + Integer.BYTES, -1);
    bytes.put(BatchHead.MAGIC, BatchHead.MAGIC_V2);
    bytes.putInt(BatchHead.LAST_OFFSET_DELTA, records - 1);
    bytes.putLong(BatchHead.BASE_TIMESTAMP, firstTimestampMs);
    bytes.putLong(BatchHead.MAX_TIMESTAMP, maxTimestampMs);
    bytes.putLong(BatchHead.PRODUCER_ID, 42);
    bytes.putShort(BatchHead.PRODUCER_EPOCH, (short) 3);
    bytes.putInt(BatchHead.BASE_SEQUENCE, 17);
    bytes.putInt(BatchHead.RECORD_COUNT, records);
    bytes.put(BatchHead.BYTES, body);
    int covered = bytes.limit() - BatchHead.ATTRIBUTES;
    bytes.putInt(BatchHead.CRC, Crc32c.of(bytes.slice(BatchHead.ATTRIBUTES, covered)));
    around.position(before).limit(before + bytes.limit());
    return new StoredBatch(around, records, firstTimestampMs, maxTimestampMs);
  }

  static PartitionRun run(RandomGenerator random, PartitionId partition, int batches) {
    List<StoredBatch> all = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      all.add(batch(random, 1 + random.nextInt(100), random.nextInt(400)));
    }
    return new PartitionRun(partition, all);
  }
}
