package io.weft.server.chaos;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.history.Action;
import io.weft.history.Recorder;
import io.weft.server.clients.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// An assigned consumer that asks one agent first, and records what it is given.
final class Reader {
  private static final Duration POLL = Duration.ofMillis(500);

  /// A reader that is given nothing for so long, though it should be, will never be.
  private static final long IDLE_MS_MAX = 180_000;

  /// How long it may take to read everything.
  static final Duration ALL_MAX = Duration.ofMinutes(10);

  private final int number;
  private final NumberedTopic topic;
  private final String clientId;
  private final String bootstrapServers;
  private final Recorder recorder;
  private final Environment environment;
  private final LogCopy copy;
  private final Pending<Boolean> stopped = new Pending<>();
  private volatile Goal goal = new Goal(List.of());
  private volatile boolean abandoned;
  private long records;
  private long progressMs;

  /// @param number of its process in the history
  /// @param clientId may say a zone
  Reader(
      int number,
      NumberedTopic topic,
      String clientId,
      String bootstrapServers,
      Recorder recorder,
      Environment environment) {
    this.number = number;
    this.topic = topic;
    this.clientId = clientId;
    this.bootstrapServers = bootstrapServers;
    this.recorder = recorder;
    this.environment = environment;
    this.copy = new LogCopy(topic.partitions());
  }

  /// Where it stops.
  ///
  /// @param ends by partition; empty while it goes on
  private record Goal(List<Long> ends) {}

  /// Follows the topic from its beginning, on a thread of its own.
  void follow() {
    environment
        .tasks()
        .start(
            "reader-" + number,
            () -> {
              try (KafkaConsumer<byte[], byte[]> consumer = open()) {
                while (!abandoned && !hasReached(goal)) {
                  poll(consumer);
                }
              } catch (Throwable e) {
                copy.problem("reader %s stops: %s".formatted(clientId, e));
              } finally {
                stopped.complete(true);
              }
            });
  }

  /// Waits until it has come to the end of what somebody else has read.
  ///
  /// @return what it has been given
  LogCopy finish(LogCopy whole) throws InterruptedException {
    goal = new Goal(IntStream.range(0, topic.partitions()).mapToObj(whole::next).toList());
    Deadline.await(stopped, environment, ALL_MAX, clientId + " does not come to the end");
    return copy;
  }

  /// Reads no more.
  void abandon() {
    abandoned = true;
  }

  /// Reads the topic to its end as it is now, through the broker on one port only.
  ///
  /// @throws IllegalStateException if it is given nothing more before
  LogCopy readAll(int port) {
    try (KafkaConsumer<byte[], byte[]> consumer = open()) {
      Goal none = new Goal(List.of());
      Deadline deadline = Deadline.in(ALL_MAX);
      progressMs = environment.clock().monotonicMs();
      while (consumer.partitionsFor(topic.name()).stream()
          .anyMatch(info -> info.leader() == null || info.leader().port() != port)) {
        poll(consumer);
        checkProgress(none);
      }
      Map<TopicPartition, Long> ends = consumer.endOffsets(topic.all());
      Goal end = new Goal(topic.all().stream().map(ends::get).toList());
      while (!hasReached(end)) {
        poll(consumer);
        deadline.check("%s has not read up to %s", clientId, end.ends());
      }
    }
    return copy;
  }

  private boolean hasReached(Goal wanted) {
    if (wanted.ends().isEmpty()) {
      progressMs = environment.clock().monotonicMs();
      return false;
    }
    checkProgress(wanted);
    boolean reached = true;
    for (int partition = 0; partition < wanted.ends().size(); partition++) {
      reached &= copy.next(partition) >= wanted.ends().get(partition);
    }
    return reached;
  }

  private void checkProgress(Goal wanted) {
    long nowMs = environment.clock().monotonicMs();
    if (copy.records() > records) {
      records = copy.records();
      progressMs = nowMs;
    } else if (nowMs - progressMs > IDLE_MS_MAX) {
      throw new IllegalStateException(
          "%s does not come to %s but %s"
              .formatted(
                  clientId,
                  wanted.ends(),
                  IntStream.range(0, topic.partitions()).mapToObj(copy::next).toList()));
    }
  }

  private void poll(KafkaConsumer<byte[], byte[]> consumer) {
    int op = recorder.invoke(number, new Action.Poll());
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = consumer.poll(POLL);
    } catch (KafkaException e) {
      recorder.info(op, new Action.Poll());
      throw e;
    }
    List<Action.Run> runs = new ArrayList<>();
    for (TopicPartition partition : records.partitions()) {
      runs.add(run(partition.partition(), records.records(partition)));
    }
    recorder.ok(op, new Action.Poll(runs));
  }

  private Action.Run run(int partition, List<ConsumerRecord<byte[], byte[]>> records) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      copy.add(partition, record.offset(), record.value(), record.timestamp());
    }
    return new Action.Run(
        topic.key(partition),
        records.stream().mapToLong(ConsumerRecord::offset).toArray(),
        records.stream().mapToLong(record -> Payload.of(record.value()).toLong()).toArray());
  }

  private KafkaConsumer<byte[], byte[]> open() {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "client.id", clientId,
                "auto.offset.reset", "none",
                "request.timeout.ms", "5000",
                "default.api.timeout.ms", "120000",
                "metadata.max.age.ms", "3000",
                "reconnect.backoff.max.ms", "500"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> all = topic.all();
    consumer.assign(all);
    // Not seekToBeginning: the beginning is 0, and nobody may say otherwise.
    all.forEach(partition -> consumer.seek(partition, 0));
    recorder.note(
        number, new Action.Assign(all.stream().map(p -> topic.key(p.partition())).toList()));
    return consumer;
  }
}
