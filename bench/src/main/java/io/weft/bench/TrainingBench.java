package io.weft.bench;

import io.weft.environment.Environment;
import io.weft.server.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Some of everything that clients ask most, one after the other: what the AOT cache of a server is
/// made from (`bin/make-aot-cache`). Not a measurement.
final class TrainingBench {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long GROUP_MS_MAX = 60_000;

  private TrainingBench() {}

  /// @return of the records that were produced
  static BenchReport run(Settings settings, Environment environment) throws InterruptedException {
    BenchReport produced = ProduceBench.run(settings, environment);
    ConsumeBench.run(settings, environment);
    TransactionBench.run(settings, environment);
    for (String protocol : List.of("classic", "consumer")) {
      readInGroup(protocol, settings, environment);
    }
    return produced;
  }

  /// Reads the topic as the one member of a group, and commits what it has read.
  private static void readInGroup(String protocol, Settings settings, Environment environment) {
    long wanted = settings.whole("records");
    long deadlineMs = environment.clock().monotonicMs() + GROUP_MS_MAX;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(protocol, settings)) {
      consumer.subscribe(List.of(settings.text("topic")));
      for (long read = 0; read < wanted; ) {
        read += consumer.poll(POLL).count();
        consumer.commitSync();
        if (read < wanted && environment.clock().monotonicMs() >= deadlineMs) {
          throw new KafkaException("the %s group read %d records".formatted(protocol, read));
        }
      }
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String protocol, Settings settings) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            settings.text("bootstrap.servers"),
            ConsumerConfig.CLIENT_ID_CONFIG,
            settings.text("client.id"),
            ConsumerConfig.GROUP_ID_CONFIG,
            settings.text("topic") + "-" + protocol,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            protocol,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
