package io.weft.agent.fetch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// A batch as a producer sends it, and the values in it.
///
/// @param producerId of the transaction it is part of, or -1
public record TestBatch(byte[] bytes, List<String> values, long maxTimestampMs, long producerId) {
  private static final List<Compression> CODECS =
      List.of(
          Compression.NONE,
          Compression.NONE,
          Compression.gzip().build(),
          Compression.snappy().build(),
          Compression.lz4().build(),
          Compression.zstd().build());

  /// Records with rising times from `firstTimestampMs` on.
  public static TestBatch of(long firstTimestampMs, String... values) {
    return of(Compression.NONE, firstTimestampMs, List.of(values));
  }

  /// As [#of], of a producer's transaction.
  public static TestBatch transactional(
      long producerId, int sequence, long firstTimestampMs, String... values) {
    MemoryRecords records =
        MemoryRecords.withTransactionalRecords(
            Compression.NONE,
            producerId,
            (short) 0,
            sequence,
            records(firstTimestampMs, List.of(values)));
    return of(records, firstTimestampMs, List.of(values), producerId);
  }

  static TestBatch of(Compression compression, long firstTimestampMs, List<String> values) {
    MemoryRecords records =
        MemoryRecords.withRecords(compression, records(firstTimestampMs, values));
    return of(records, firstTimestampMs, values, -1);
  }

  private static SimpleRecord[] records(long firstTimestampMs, List<String> values) {
    return IntStream.range(0, values.size())
        .mapToObj(
            i ->
                new SimpleRecord(
                    firstTimestampMs + i, values.get(i).getBytes(StandardCharsets.UTF_8)))
        .toArray(SimpleRecord[]::new);
  }

  private static TestBatch of(
      MemoryRecords records, long firstTimestampMs, List<String> values, long producerId) {
    ByteBuffer buffer = records.buffer();
    byte[] bytes = Arrays.copyOfRange(buffer.array(), buffer.arrayOffset(), buffer.limit());
    return new TestBatch(bytes, values, firstTimestampMs + values.size() - 1, producerId);
  }

  /// One to six records of up to 200 bytes.
  static TestBatch random(Random random, String prefix) {
    List<String> values =
        IntStream.range(0, 1 + random.nextInt(6))
            .mapToObj(i -> prefix + "." + i + "x".repeat(random.nextInt(200)))
            .toList();
    return of(CODECS.get(random.nextInt(CODECS.size())), 1_000 + random.nextInt(1_000), values);
  }

  public int size() {
    return bytes.length;
  }
}
