package io.weft.server.chaos;

import io.weft.history.Action;
import io.weft.server.clients.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads all that is committed of a topic, through one broker, once no transaction is open. One
/// thread.
final class CommittedReader {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long IDLE_MS_MAX = 180_000;

  private final EosRun run;
  private final NumberedTopic topic;
  private final String zone;
  private final int port;
  private final int process;
  private final List<List<Given>> given = new ArrayList<>();

  /// @param zone of that broker
  CommittedReader(EosRun run, NumberedTopic topic, String zone, int port) {
    this.run = run;
    this.topic = topic;
    this.zone = zone;
    this.port = port;
    this.process = run.process();
    topic.all().forEach(_ -> given.add(new ArrayList<>()));
  }

  /// One record.
  record Given(long offset, long value, long timeMs) {}

  /// @return the records of each partition
  /// @throws IllegalStateException if it does not come to the end
  List<List<Given>> readAll() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", "127.0.0.1:" + port,
            "client.id", "reader-%d,weft_az=%s".formatted(process, zone),
            "isolation.level", "read_committed",
            "auto.offset.reset", "none",
            "request.timeout.ms", "5000",
            "default.api.timeout.ms", "120000",
            "metadata.max.age.ms", "1000",
            "reconnect.backoff.max.ms", "500");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(topic.all());
      topic.all().forEach(partition -> consumer.seek(partition, 0));
      run.recorder()
          .note(
              process,
              new Action.Assign(
                  topic.all().stream().map(one -> topic.key(one.partition())).toList()));
      Progress progress = new Progress();
      while (!isAtOneBroker(consumer)) {
        poll(consumer);
        progress.check("at one broker only");
      }
      while (!isAtEnd(consumer)) {
        progress.check(poll(consumer));
      }
    }
    return given;
  }

  /// Ends a reading that goes nowhere.
  private final class Progress {
    private final Deadline all = Deadline.in(Reader.ALL_MAX);
    private long sinceMs = run.environment().clock().monotonicMs();

    private void check(boolean went) {
      sinceMs = went ? run.environment().clock().monotonicMs() : sinceMs;
      check("at the end");
    }

    private void check(String goal) {
      all.check("a reader of %s through port %d is not %s", topic.name(), port, goal);
      if (run.environment().clock().monotonicMs() - sinceMs > IDLE_MS_MAX) {
        throw new IllegalStateException(
            "a reader of %s through port %d is not %s".formatted(topic.name(), port, goal));
      }
    }
  }

  private boolean isAtOneBroker(KafkaConsumer<byte[], byte[]> consumer) {
    return consumer.partitionsFor(topic.name()).stream()
        .allMatch(info -> info.leader() != null && info.leader().port() == port);
  }

  private boolean isAtEnd(KafkaConsumer<byte[], byte[]> consumer) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(topic.all());
    return topic.all().stream()
        .allMatch(partition -> consumer.position(partition) >= ends.get(partition));
  }

  private boolean poll(KafkaConsumer<byte[], byte[]> consumer) {
    int op = run.recorder().invoke(process, new Action.Poll());
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    List<Action.Run> runs = new ArrayList<>();
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> some = records.records(partition);
      for (ConsumerRecord<byte[], byte[]> record : some) {
        long value = Payload.of(record.value()).toLong();
        if (!Arrays.equals(record.value(), Payload.of(value).toBytes())) {
          run.problem(
              "%s at %d: not the bytes that were sent".formatted(partition, record.offset()));
        }
        given.get(partition.partition()).add(new Given(record.offset(), value, record.timestamp()));
      }
      runs.add(
          new Action.Run(
              topic.key(partition.partition()),
              some.stream().mapToLong(ConsumerRecord::offset).toArray(),
              some.stream().mapToLong(one -> Payload.of(one.value()).toLong()).toArray()));
    }
    run.recorder().ok(op, new Action.Poll(runs));
    return !records.isEmpty();
  }
}
