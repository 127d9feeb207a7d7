package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.process.WeftProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a consumer sees of a file that is damaged or missing.
class DamageSeenTest {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final String TOPIC = "t";
  private static final String DAMAGED = "this-record-is-damaged";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Timeout(300)
  void aConsumerGetsAllIntactRecordsAndThenAnError(boolean fileIsMissing) throws Exception {
    String data = folder.resolve("data").toString();
    try (WeftProcess weft = WeftProcess.dev(folder, "--data", data)) {
      produce(weft.address());
    }
    List<Path> damaged = filesWith(DAMAGED);
    assertThat(damaged).isNotEmpty();
    for (Path file : damaged) {
      if (fileIsMissing) {
        Files.delete(file);
      } else {
        damage(file);
      }
    }
    try (WeftProcess weft = WeftProcess.dev(folder, "--data", data);
        KafkaConsumer<String, String> consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", weft.address()),
                new StringDeserializer(),
                new StringDeserializer())) {
      List<TopicPartition> partitions =
          List.of(
              new TopicPartition(TOPIC, 0),
              new TopicPartition(TOPIC, 1),
              new TopicPartition(TOPIC, 2));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      List<String> seen = new ArrayList<>();
      Optional<KafkaException> failure = Optional.empty();
      Deadline deadline = Deadline.usual();
      while (failure.isEmpty() || seen.size() < 3) {
        deadline.check("seen are only %s and the failure %s", seen, failure);
        try {
          consumer.poll(POLL).forEach(record -> seen.add(record.value()));
        } catch (KafkaException e) {
          failure = Optional.of(e);
        }
      }
      assertThat(seen).containsExactlyInAnyOrder("before", "one", "two");
      assertThat(failure.get()).hasMessageContaining("corrupt message");
      assertThat(consumer.position(partitions.getFirst())).isEqualTo(1);
    }
  }

  /// Each record becomes a file of its own.
  private static void produce(String address) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address));
        KafkaProducer<String, String> producer =
            new BoundedProducer<>(
                Map.of("bootstrap.servers", address),
                new StringSerializer(),
                new StringSerializer())) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1))).all().get();
      producer.send(new ProducerRecord<>(TOPIC, 0, null, "before")).get();
      producer.send(new ProducerRecord<>(TOPIC, 0, null, DAMAGED)).get();
      producer.send(new ProducerRecord<>(TOPIC, 0, null, "after")).get();
      producer.send(new ProducerRecord<>(TOPIC, 1, null, "one")).get();
      producer.send(new ProducerRecord<>(TOPIC, 2, null, "two")).get();
    }
  }

  private List<Path> filesWith(String text) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("data").resolve("records"))) {
      List<Path> found = new ArrayList<>();
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (contents(file).contains(text)) {
          found.add(file);
        }
      }
      return found;
    }
  }

  private static String contents(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private static void damage(Path file) throws IOException {
    String damaged = contents(file).replace(DAMAGED, DAMAGED.toUpperCase(Locale.ROOT));
    Files.writeString(file, damaged, StandardCharsets.ISO_8859_1);
  }
}
