package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.process.WeftProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Many small files become few large ones while the cluster runs, and clients read the same from
/// them.
class MergedFilesTest {
  private static final int PARTITIONS = 3;
  private static final int ROUNDS = 160;

  /// Of the files of all rounds nearly all were merged.
  private static final int INPUTS_MIN = 120;

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void clientsReadTheSameFromMergedFiles() throws Exception {
    try (WeftProcess weft =
        WeftProcess.dev(folder, "--metrics-listen", "127.0.0.1:0", "--flush-interval-ms", "5")) {
      new RoundTrip(weft.address(), "t", 100).createTopic(PARTITIONS);
      List<String> sent = produce(weft.address());
      assertThat(readAll(weft.address())).isEqualTo(sent);

      Deadline deadline = Deadline.usual();
      while (weft.metric("weft_compaction_inputs_total") < INPUTS_MIN
          || weft.metric("weft_compaction_jobs_total") < 1
          || weft.metric("weft_compaction_swapped_total") < 1) {
        deadline.check("%s files are merged", weft.metric("weft_compaction_inputs_total"));
        Thread.sleep(Duration.ofMillis(200));
      }

      assertThat(readAll(weft.address())).isEqualTo(sent);
      assertThat(weft.metric("weft_compaction_unreadable_total")).isZero();
    }
  }

  /// A file, at least, for each round.
  private static List<String> produce(String bootstrapServers) {
    List<List<String>> sent = new ArrayList<>();
    IntStream.range(0, PARTITIONS).forEach(_ -> sent.add(new ArrayList<>()));
    try (KafkaProducer<byte[], byte[]> producer =
        new BoundedProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < ROUNDS; i++) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
          String value = "%d of %d".formatted(i, partition);
          byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
          var _ = producer.send(new ProducerRecord<>("t", partition, null, bytes));
          sent.get(partition).add("%d: %s".formatted(i, value));
        }
        producer.flush();
      }
    }
    return sent.stream().flatMap(List::stream).toList();
  }

  /// `offset: value`, partition by partition.
  private static List<String> readAll(String bootstrapServers) {
    List<TopicPartition> partitions =
        IntStream.range(0, PARTITIONS).mapToObj(each -> new TopicPartition("t", each)).toList();
    List<List<String>> read = new ArrayList<>();
    IntStream.range(0, PARTITIONS).forEach(_ -> read.add(new ArrayList<>()));
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Deadline deadline = Deadline.usual();
      while (read.stream().anyMatch(each -> each.size() < ROUNDS)) {
        deadline.check("%s is read", read);
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(200))) {
          read.get(each.partition())
              .add(
                  "%d: %s"
                      .formatted(each.offset(), new String(each.value(), StandardCharsets.UTF_8)));
        }
      }
    }
    return read.stream().flatMap(List::stream).toList();
  }
}
