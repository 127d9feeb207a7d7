package io.weft.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.postgresql.PostgresServer;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A control plane whose journal is in PostgreSQL: its leader is killed, then the database.
class PostgresJournalFaultsTest {
  private static final int RECORDS = 100;
  private static final int WAIT_MS_MAX = 240_000;

  @TempDir Path folder;

  private final List<String> acknowledged = new ArrayList<>();

  @Test
  void nothingAcknowledgedIsLost() throws Exception {
    try (PostgresServer database = PostgresServer.start();
        WeftProcess first = controlPlane("first", database);
        WeftProcess second = controlPlane("second", database);
        WeftProcess agent =
            WeftProcess.agent(
                folder,
                "agent",
                first.address() + "," + second.address(),
                List.of("-Xmx256m"),
                List.of())) {
      try (KafkaProducer<String, String> producer = producer(agent)) {
        produce(producer, "before", () -> {});
        produce(producer, "leader killed", first.process()::kill);
        produce(
            producer,
            "database killed",
            () -> {
              database.kill();
              database.begin();
            });
        produce(
            producer,
            "database stopped",
            () -> {
              database.stop();
              database.begin();
            });
      }
      assertThat(consumed(agent, acknowledged.size())).isEqualTo(acknowledged);
      assertThat(second.process().output())
          .contains("fsync=on")
          .doesNotContain(PostgresServer.PASSWORD);
    }
  }

  private interface Fault {
    void happen() throws Exception;
  }

  /// The first half is on its way when the fault happens.
  private void produce(KafkaProducer<String, String> producer, String name, Fault fault)
      throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      if (i == RECORDS / 2) {
        fault.happen();
      }
      String value = name + " " + i;
      sent.add(producer.send(new ProducerRecord<>("t", 0, null, value)));
      acknowledged.add(value);
    }
    for (Future<RecordMetadata> each : sent) {
      assertThat(each.get(WAIT_MS_MAX, TimeUnit.MILLISECONDS)).isNotNull();
    }
  }

  private static KafkaProducer<String, String> producer(WeftProcess agent) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            agent.address(),
            "delivery.timeout.ms",
            WAIT_MS_MAX,
            "max.block.ms",
            WAIT_MS_MAX,
            "linger.ms",
            0),
        new StringSerializer(),
        new StringSerializer());
  }

  private static List<String> consumed(WeftProcess agent, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", agent.address(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition("t", 0)));
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS_MAX);
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofSeconds(1)).forEach(each -> values.add(each.value()));
      }
    }
    return values;
  }

  private WeftProcess controlPlane(String name, PostgresServer database)
      throws InterruptedException {
    return WeftProcess.start(
        folder.resolve(name),
        List.of("-Xmx256m"),
        List.of(
            "control-plane",
            "--listen",
            "127.0.0.1:0",
            "--journal",
            database.url("faults"),
            "--leader-lease-ms",
            "2000"));
  }
}
