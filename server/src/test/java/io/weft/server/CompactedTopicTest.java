package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A compacted topic is cleaned while the cluster runs, and consumers see of each key what they
/// would have seen, at the same offset.
class CompactedTopicTest {
  private static final TopicPartition PARTITION = new TopicPartition("table", 0);
  private static final int KEYS = 15;
  private static final int ROUNDS = 40;

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void whatIsLeftIsTheLastOfEachKey() throws Exception {
    try (WeftProcess weft =
        WeftProcess.dev(folder, "--metrics-listen", "127.0.0.1:0", "--flush-interval-ms", "5")) {
      createTopic(weft.address());
      produce(weft.address());
      List<ConsumerRecord<String, String>> before = readAll(weft.address());
      assertThat(before).hasSizeGreaterThan(4 * KEYS);

      Deadline deadline = Deadline.usual();
      List<ConsumerRecord<String, String>> after = before;
      while (after.size() > 2 * KEYS) {
        deadline.check("%s of %s records are left", after.size(), before.size());
        Thread.sleep(Duration.ofMillis(500));
        after = readAll(weft.address());
        assertThat(table(after)).isEqualTo(table(before));
      }

      assertThat(told(before)).containsAll(told(after));
      assertThat(weft.metric("weft_cleaning_rounds_total")).isPositive();
      assertThat(weft.metric("weft_cleaning_swapped_total")).isPositive();
    }
  }

  private static void createTopic(String bootstrapServers) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      NewTopic topic =
          new NewTopic(PARTITION.topic(), 1, (short) 1)
              .configs(Map.of("cleanup.policy", "compact", "max.compaction.lag.ms", "1000"));
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  /// Plain records, tombstones, and transactions of which some are aborted.
  private static void produce(String bootstrapServers) {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (KafkaProducer<String, String> plain =
            producer(Map.of("compression.type", "zstd"), bootstrapServers);
        KafkaProducer<String, String> transactional =
            producer(Map.of("transactional.id", "t"), bootstrapServers)) {
      transactional.initTransactions();
      for (int round = 0; round < ROUNDS; round++) {
        boolean inTransaction = random.nextInt(3) == 0;
        KafkaProducer<String, String> producer = inTransaction ? transactional : plain;
        if (inTransaction) {
          transactional.beginTransaction();
        }
        for (int i = 0; i < 5; i++) {
          String value = random.nextInt(5) == 0 ? null : "%d.%d".formatted(round, i);
          var _ =
              producer.send(
                  new ProducerRecord<>(PARTITION.topic(), "k" + random.nextInt(KEYS), value));
        }
        producer.flush();
        if (inTransaction && random.nextBoolean()) {
          transactional.commitTransaction();
        } else if (inTransaction) {
          transactional.abortTransaction();
        }
      }
    }
  }

  private static KafkaProducer<String, String> producer(
      Map<String, Object> settings, String bootstrapServers) {
    Map<String, Object> all = new TreeMap<>(settings);
    all.put("bootstrap.servers", bootstrapServers);
    return new BoundedProducer<>(all, new StringSerializer(), new StringSerializer());
  }

  private static List<ConsumerRecord<String, String>> readAll(String bootstrapServers) {
    List<ConsumerRecord<String, String>> read = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
      Deadline deadline = Deadline.usual();
      while (consumer.position(PARTITION) < end) {
        deadline.check("the end at %s is reached", end);
        consumer.poll(Duration.ofMillis(200)).forEach(read::add);
      }
    }
    return read;
  }

  private static Map<String, String> table(List<ConsumerRecord<String, String>> records) {
    Map<String, String> table = new TreeMap<>();
    for (ConsumerRecord<String, String> each : records) {
      if (each.value() == null) {
        table.remove(each.key());
      } else {
        table.put(each.key(), "%d: %s".formatted(each.offset(), each.value()));
      }
    }
    return table;
  }

  private static List<String> told(List<ConsumerRecord<String, String>> records) {
    return records.stream()
        .map(each -> "%d %s %s".formatted(each.offset(), each.key(), each.value()))
        .toList();
  }
}
