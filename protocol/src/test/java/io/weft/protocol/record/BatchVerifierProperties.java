package io.weft.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.weft.protocol.record.Verification.Accepted;
import io.weft.protocol.record.Verification.Refused;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever bytes come, the verifier answers; and whatever it accepts, Kafka's own reader reads.
class BatchVerifierProperties {
  private static final int ROUNDS = 4000;
  private static final BatchRules RULES =
      new BatchRules(1 << 16, false, true, Long.MIN_VALUE, Long.MAX_VALUE, 1 << 20, 1 << 20);

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void everyMutationIsAnsweredAndWhatIsAcceptedIsReadable(CompressionType codec) {
    int accepted = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long seed = codec.id * 1_000_003L + round;
      ByteBuffer bytes = mutate(new Random(seed), codec);
      try {
        Verification verification = BatchVerifier.verify(bytes, RULES);
        assertThat(BatchVerifier.verify(outsideTheHeap(bytes), RULES)).isEqualTo(verification);
        switch (verification) {
          case Accepted(VerifiedBatch batch) -> {
            accepted++;
            assertReadable(batch);
          }
          case Refused _ -> refused++;
        }
      } catch (RuntimeException | AssertionError e) {
        fail("seed " + seed + ", codec " + codec, e);
      }
    }
    assertThat(accepted).isPositive();
    assertThat(refused).isPositive();
  }

  private static ByteBuffer outsideTheHeap(ByteBuffer bytes) {
    int before = 7;
    return ByteBuffer.allocateDirect(before + bytes.remaining())
        .position(before)
        .put(bytes.duplicate())
        .position(before);
  }

  private static void assertReadable(VerifiedBatch batch) {
    DefaultRecordBatch read = BatchVerifierTest.read(batch);
    read.ensureValid();
    assertThat(read.sizeInBytes()).isEqualTo(batch.sizeInBytes());
    List<Long> offsets = new ArrayList<>();
    long maxTimestampMs = -1;
    for (Record record : read) {
      offsets.add(record.offset());
      maxTimestampMs = Math.max(maxTimestampMs, record.timestamp());
    }
    assertThat(offsets).hasSize(batch.records());
    for (int i = 0; i < offsets.size(); i++) {
      assertThat(offsets.get(i)).isEqualTo(i);
    }
    assertThat(batch.maxTimestampMs()).isEqualTo(maxTimestampMs).isEqualTo(read.maxTimestamp());
  }

  private static int valueBytes(Random random) {
    return random.nextInt(random.nextInt(6) == 0 ? 1_200 : 90);
  }

  private static ByteBuffer mutate(Random random, CompressionType codec) {
    RawBatch batch = new RawBatch().codec(codec).producer(random.nextInt(3) - 1, 0, 5);
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      RawRecord record = new RawRecord(random.nextInt(50), i).value("v".repeat(valueBytes(random)));
      batch.record(random.nextBoolean() ? record.key("k") : record.header("h", "hv"));
    }
    ByteBuffer bytes = batch.build();
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.capacity());
      switch (random.nextInt(3)) {
        case 0 -> bytes.put(at, (byte) random.nextInt());
        case 1 -> bytes.put(at, (byte) (bytes.get(at) ^ (1 << random.nextInt(8))));
        default -> bytes.put(at, (byte) (random.nextBoolean() ? -1 : 0));
      }
    }
    if (random.nextInt(8) == 0) {
      bytes.limit(random.nextInt(bytes.capacity()));
    }
    // Most mutations are under a right checksum, or the checksum would be all that is tested.
    return bytes.limit() > BatchHeader.BYTES && random.nextInt(8) != 0
        ? RawBatch.seal(bytes)
        : bytes;
  }
}
