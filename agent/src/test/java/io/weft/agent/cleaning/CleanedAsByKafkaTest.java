package io.weft.agent.cleaning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weft.model.AbortedRange;
import io.weft.protocol.cleaning.KeyOffsets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same records through Kafka's own log cleaner and through ours.
final class CleanedAsByKafkaTest {
  private static final int SEQUENCES = Integer.getInteger("sequences", 1_000);
  private static final long DELETE_RETENTION_MS = 1_000;
  private static final int PRODUCERS = 4;

  @TempDir private Path folder;

  @Test
  void whatStaysIsWhatKafkasOwnCleanerLeaves() throws Exception {
    long first = Long.getLong("seed", System.nanoTime());
    for (int i = 0; i < SEQUENCES; i++) {
      long seed = first + i;
      try {
        new Sequence(new Random(seed)).play();
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /// One random history. Producers 2 and 3 write in transactions.
  private final class Sequence {
    private final Random random;
    private final KafkaLog kafka;
    private final PlainLog ours;
    private final PlainLog never = new PlainLog(DELETE_RETENTION_MS, 1 << 10);
    private final int keys;
    private final long[] openSince = new long[PRODUCERS];
    private final int[] sequences = new int[PRODUCERS];
    private long nowMs = 1_000_000;
    private long offset;

    Sequence(Random random) {
      this.random = random;
      this.keys = 1 + random.nextInt(12);
      int mapBytes = KeyOffsets.BYTES_PER_SLOT * (16 + random.nextInt(6) * random.nextInt(6));
      this.kafka = new KafkaLog(folder, DELETE_RETENTION_MS, mapBytes);
      this.ours = new PlainLog(DELETE_RETENTION_MS, mapBytes);
      java.util.Arrays.fill(openSince, -1);
    }

    void play() throws Exception {
      try (kafka) {
        int steps = 8 + random.nextInt(24);
        for (int i = 0; i < steps; i++) {
          step();
        }
        clean();
      }
    }

    private void step() throws Exception {
      switch (random.nextInt(12)) {
        case 0 -> kafka.roll();
        case 1 -> nowMs += random.nextLong(2 * DELETE_RETENTION_MS);
        case 2 -> clean();
        case 3, 4 -> end(2 + random.nextInt(2));
        default -> append(random.nextInt(PRODUCERS));
      }
    }

    private void append(int producer) throws IOException {
      boolean transactional = producer >= 2;
      if (transactional && openSince[producer] < 0) {
        openSince[producer] = offset;
      }
      Compression codec =
          Compression.of(CompressionType.forId(random.nextInt(CompressionType.values().length)))
              .build();
      MemoryRecordsBuilder builder =
          MemoryRecords.builder(
              ByteBuffer.allocate(1 << 10),
              RecordBatch.MAGIC_VALUE_V2,
              codec,
              TimestampType.CREATE_TIME,
              offset,
              RecordBatch.NO_TIMESTAMP,
              producer == 0 ? -1 : producer,
              producer == 0 ? -1 : (short) 0,
              producer == 0 ? -1 : sequences[producer],
              transactional,
              false,
              0);
      int count = 1 + random.nextInt(6);
      for (int i = 0; i < count; i++) {
        byte[] key = ("k" + random.nextInt(keys)).getBytes(UTF_8);
        byte[] value =
            random.nextInt(4) == 0 ? null : (offset + i + ":" + random.nextInt()).getBytes(UTF_8);
        builder.append(
            new SimpleRecord(
                nowMs - random.nextInt(100), random.nextInt(20) == 0 ? null : key, value));
      }
      put(builder.build().buffer());
      sequences[producer] += count;
      offset += count;
    }

    private void put(ByteBuffer batch) throws IOException {
      kafka.append(batch);
      ours.append(batch);
      never.append(batch);
    }

    private void end(int producer) throws IOException {
      if (openSince[producer] < 0) {
        return;
      }
      boolean commits = random.nextBoolean();
      kafka.append(
          MemoryRecords.withEndTransactionMarker(
                  offset,
                  nowMs,
                  0,
                  producer,
                  (short) 0,
                  new EndTransactionMarker(
                      commits ? ControlRecordType.COMMIT : ControlRecordType.ABORT, 0))
              .buffer());
      if (!commits) {
        AbortedRange range = new AbortedRange(producer, openSince[producer], offset);
        ours.abort(range);
        never.abort(range);
      }
      openSince[producer] = -1;
      offset++;
    }

    private void clean() throws Exception {
      if (random.nextBoolean()) {
        kafka.roll();
      }
      long end = kafka.cleanableEnd();
      kafka.clean(end, nowMs);
      ours.clean(end, nowMs);
      compare();
    }

    private void compare() {
      List<RecordBatch> theirs = kafka.batches();
      assertEquals(
          theirs.stream().map(this::told).toList(),
          ours.batches().stream().map(this::told).toList());
      long stableEnd = offset;
      for (long since : openSince) {
        stableEnd = since < 0 ? stableEnd : Math.min(stableEnd, since);
      }
      Map<String, String> table = ours.table(stableEnd);
      assertEquals(never.table(stableEnd), table);
    }

    private String told(RecordBatch batch) {
      StringBuilder told =
          new StringBuilder(
              "%d..%d producer %d sequence %d codec %s horizon %s max %d transactional %s:"
                  .formatted(
                      batch.baseOffset(),
                      batch.lastOffset(),
                      batch.producerId(),
                      batch.baseSequence(),
                      batch.compressionType(),
                      batch.deleteHorizonMs(),
                      batch.maxTimestamp(),
                      batch.isTransactional()));
      batch.ensureValid();
      for (Record each : batch) {
        told.append(
            " %d@%d %s=%s"
                .formatted(
                    each.offset(),
                    each.timestamp(),
                    each.hasKey() ? PlainLog.text(each.key()) : "-",
                    each.hasValue() ? PlainLog.text(each.value()) : "-"));
      }
      return told.toString();
    }
  }
}
