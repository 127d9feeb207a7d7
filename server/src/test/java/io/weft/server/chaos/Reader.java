package io.weft.server.chaos;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// An assigned consumer that asks one agent first.
final class Reader {
  private static final Duration POLL = Duration.ofMillis(500);

  private final NumberedTopic topic;
  private final String zone;
  private final String bootstrapServers;
  private final Environment environment;
  private final LogCopy copy;
  private final Pending<Boolean> stopped = new Pending<>();
  private volatile boolean stopping;

  Reader(NumberedTopic topic, String zone, String bootstrapServers, Environment environment) {
    this.topic = topic;
    this.zone = zone;
    this.bootstrapServers = bootstrapServers;
    this.environment = environment;
    this.copy = new LogCopy(topic.partitions());
  }

  /// Follows the topic from its beginning, on a thread of its own.
  void follow() {
    environment
        .tasks()
        .start(
            "reader-" + zone,
            () -> {
              try (KafkaConsumer<byte[], byte[]> consumer = open()) {
                while (!stopping) {
                  consumer.poll(POLL).forEach(copy::add);
                }
              } catch (KafkaException e) {
                copy.problem("reader %s stops: %s".formatted(zone, e));
              } finally {
                stopped.complete(true);
              }
            });
  }

  /// @return what it has been given while it followed
  LogCopy stop() throws InterruptedException {
    stopping = true;
    stopped.await();
    return copy;
  }

  /// Reads the topic to its end as it is now, through the agent on one port only.
  ///
  /// @throws IllegalStateException if it takes longer
  LogCopy readAll(int port, long timeoutMs) {
    long deadlineMs = environment.clock().monotonicMs() + timeoutMs;
    try (KafkaConsumer<byte[], byte[]> consumer = open()) {
      while (consumer.partitionsFor(topic.name()).stream()
          .anyMatch(info -> info.leader() == null || info.leader().port() != port)) {
        checkTime(deadlineMs, "clients of zone " + zone + " are not sent to their agent");
        consumer.poll(POLL).forEach(copy::add);
      }
      Map<TopicPartition, Long> ends = consumer.endOffsets(topic.all());
      while (ends.entrySet().stream()
          .anyMatch(end -> copy.next(end.getKey().partition()) < end.getValue())) {
        checkTime(deadlineMs, "reading does not come to " + ends + " but " + positions());
        consumer.poll(POLL).forEach(copy::add);
      }
    }
    return copy;
  }

  private Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new HashMap<>();
    topic.all().forEach(p -> positions.put(p.partition(), copy.next(p.partition())));
    return positions;
  }

  private void checkTime(long deadlineMs, String late) {
    if (environment.clock().monotonicMs() > deadlineMs) {
      throw new IllegalStateException(late);
    }
  }

  private KafkaConsumer<byte[], byte[]> open() {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "client.id", "reader,weft_az=" + zone,
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
    return consumer;
  }
}
