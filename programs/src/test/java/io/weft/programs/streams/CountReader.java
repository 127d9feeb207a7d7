package io.weft.programs.streams;

import io.weft.programs.Clients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// Reads what is committed of the counts. Of an application that works exactly once, the counts of
/// a word are 1, 2, 3, … without a gap or a repetition.
final class CountReader implements AutoCloseable {
  private static final int WRONG_MAX = 20;

  private final KafkaConsumer<String, String> consumer;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();
  private long read;

  CountReader(Clients clients, String topic, int partitions) {
    this.consumer = clients.consumer(Map.of("isolation.level", "read_committed"));
    for (int partition = 0; partition < partitions; partition++) {
      this.partitions.add(new TopicPartition(topic, partition));
    }
    consumer.assign(this.partitions);
  }

  /// Reads on until there were so many more.
  void readMore(long count, Duration timeout) {
    readUntil(read + count, timeout);
  }

  /// Reads on until there were so many in all.
  void readUntil(long total, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (read < total) {
      poll(Duration.ofMillis(200));
      if (System.nanoTime() > deadline) {
        throw new AssertionError("%d of %d counts within %s".formatted(read, total, timeout));
      }
    }
  }

  /// Reads to the last stable offset of each partition.
  void readToTheEnd(Duration timeout) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long deadline = System.nanoTime() + timeout.toNanos();
    while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
      poll(Duration.ofMillis(200));
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the end %s is not reached within %s".formatted(ends, timeout));
      }
    }
  }

  /// The last count of each word.
  Map<String, Long> counts() {
    return counts;
  }

  /// The first of the counts that do not follow the one before.
  List<String> wrong() {
    return wrong;
  }

  private void poll(Duration timeout) {
    for (ConsumerRecord<String, String> record : consumer.poll(timeout)) {
      read++;
      long count = Long.parseLong(record.value());
      Long before = counts.put(record.key(), count);
      if (count != (before == null ? 1 : before + 1) && wrong.size() < WRONG_MAX) {
        wrong.add("%s: %d after %s".formatted(record, count, before));
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
