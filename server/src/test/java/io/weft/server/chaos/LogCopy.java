package io.weft.server.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What a consumer has been given of a topic, from its beginning. Owned by one thread.
///
/// Every record must be the one that follows and must be, byte by byte, what its writer sent.
final class LogCopy {
  private static final int PROBLEMS_MAX = 20;

  private final List<List<Entry>> partitions;
  private final List<String> problems = new ArrayList<>();

  LogCopy(int partitionCount) {
    this.partitions =
        IntStream.range(0, partitionCount).<List<Entry>>mapToObj(_ -> new ArrayList<>()).toList();
  }

  /// The index of an entry is its offset.
  record Entry(Payload payload, long timestampMs) {}

  void add(ConsumerRecord<byte[], byte[]> record) {
    List<Entry> log = partitions.get(record.partition());
    Payload payload = Payload.of(record.value());
    if (record.offset() != log.size()) {
      problem(
          "partition %d gave offset %d where %d is next"
              .formatted(record.partition(), record.offset(), log.size()));
    }
    if (record.key() != null || !Arrays.equals(record.value(), payload.toBytes())) {
      problem(
          "partition %d, offset %d: not the bytes that were sent"
              .formatted(record.partition(), record.offset()));
    }
    log.add(new Entry(payload, record.timestamp()));
  }

  void problem(String text) {
    if (problems.size() < PROBLEMS_MAX) {
      problems.add(text);
    }
  }

  List<Entry> log(int partition) {
    return partitions.get(partition);
  }

  long next(int partition) {
    return partitions.get(partition).size();
  }

  long records() {
    return partitions.stream().mapToLong(List::size).sum();
  }

  List<String> problems() {
    return problems;
  }
}
