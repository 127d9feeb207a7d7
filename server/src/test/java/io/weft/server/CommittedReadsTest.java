package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.FormatMethod;
import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.process.KafkaPeer;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One story of transactions and deletions, told by the standard clients against a real Kafka and
/// against Weft: offsets, look-ups by time and what readers of either kind see are the same.
@Order(1)
class CommittedReadsTest {
  private static final Duration QUIET = Duration.ofMillis(500);

  /// Records are as old as this, so that nothing but a marker is from now.
  private static final long AGE_MS = 1_000_000;

  @TempDir Path folder;

  @Test
  void readersSeeWhatKafkasReadersSee() throws Exception {
    List<String> kafkas;
    try (KafkaPeer kafka = KafkaPeer.start(folder, List.of())) {
      kafkas = new Story(kafka.bootstrapServers()).tell();
    }
    try (WeftProcess weft = WeftProcess.dev(folder.resolve("weft"))) {
      assertThat(new Story(weft.address()).tell()).isEqualTo(kafkas);
    }
    assertThat(kafkas).contains("read_committed sees 0=a 1=b 8=e 10=plain, then stands at 11");
  }

  private static final class Story {
    private final String address;
    private final List<String> lines = new ArrayList<>();
    private final TopicPartition partition = new TopicPartition("story", 0);
    private long written;
    private final long start = System.currentTimeMillis() - AGE_MS;

    Story(String address) {
      this.address = address;
    }

    List<String> tell() throws Exception {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", address));
          KafkaProducer<String, String> first = producer("first");
          KafkaProducer<String, String> second = producer("second");
          KafkaProducer<String, String> plain = producer("")) {
        admin.createTopics(List.of(new NewTopic("story", 1, (short) 1))).all().get();
        first.initTransactions();
        second.initTransactions();
        first.beginTransaction();
        send(first, 0, "a");
        send(first, 1_000, "b");
        end(admin, first::commitTransaction);
        second.beginTransaction();
        send(second, 2_000, "c");
        first.beginTransaction();
        send(first, 3_000, "d");
        end(admin, first::abortTransaction);
        look(admin);
        send(second, 4_000, "C");
        end(admin, second::abortTransaction);
        first.beginTransaction();
        send(first, 5_000, "e");
        look(admin);
        end(admin, first::commitTransaction);
        send(plain, 6_000, "plain");
        look(admin);
        for (long offset : new long[] {1, 0, -2, 99, 4}) {
          delete(admin, offset);
        }
        look(admin);
        first.beginTransaction();
        send(first, 7_000, "f");
        delete(admin, -1);
        look(admin, true);
        end(admin, first::commitTransaction);
        look(admin);
      }
      return lines;
    }

    @FormatMethod
    private void say(String sentence, Object... with) {
      lines.add(sentence.formatted(with));
    }

    private KafkaProducer<String, String> producer(String transactionalId) {
      Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", address));
      if (!transactionalId.isEmpty()) {
        settings.put("transactional.id", transactionalId);
      }
      return new BoundedProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private void send(KafkaProducer<String, String> producer, long atMs, String value)
        throws Exception {
      long offset =
          producer.send(new ProducerRecord<>("story", 0, start + atMs, "k", value)).get().offset();
      say("%s is at %d", value, offset);
      written++;
    }

    /// Kafka answers before the marker is in the log.
    private void end(Admin admin, Runnable ending) throws Exception {
      ending.run();
      written++;
      Deadline deadline = Deadline.usual();
      while (latest(admin) < written) {
        deadline.check("the log did not come to offset %d", written);
      }
    }

    private long latest(Admin admin) throws Exception {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.latest()))
          .partitionResult(partition)
          .get()
          .offset();
    }

    private void delete(Admin admin, long offset) throws Exception {
      try {
        say(
            "deleted before %d: begins at %d",
            offset,
            admin
                .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                .lowWatermarks()
                .get(partition)
                .get()
                .lowWatermark());
      } catch (ExecutionException e) {
        say("deleted before %d: %s", offset, e.getCause().getClass().getSimpleName());
      }
    }

    private void look(Admin admin) throws Exception {
      look(admin, false);
    }

    private void look(Admin admin, boolean isEmpty) throws Exception {
      Map<String, OffsetSpec> questions = new LinkedHashMap<>();
      questions.put("earliest", OffsetSpec.earliest());
      questions.put("latest", OffsetSpec.latest());
      if (!isEmpty) {
        // Of an empty log Kafka goes on showing the largest timestamp it ever had.
        questions.put("max", OffsetSpec.maxTimestamp());
      }
      for (long atMs : new long[] {0, 1, 1_001, 2_001, 3_001, 4_500, 5_500, AGE_MS / 2}) {
        questions.put("since " + atMs, OffsetSpec.forTimestamp(start + atMs));
      }
      for (IsolationLevel isolation : IsolationLevel.values()) {
        for (Map.Entry<String, OffsetSpec> question : questions.entrySet()) {
          ListOffsetsResultInfo told =
              admin
                  .listOffsets(
                      Map.of(partition, question.getValue()), new ListOffsetsOptions(isolation))
                  .partitionResult(partition)
                  .get();
          say(
              "%s, %s: %d at %s, epoch %d",
              isolation,
              question.getKey(),
              told.offset(),
              time(told.timestamp()),
              told.leaderEpoch().orElse(-1));
        }
      }
      read("read_committed");
      read("read_uncommitted");
    }

    private String time(long timestampMs) {
      if (timestampMs < 0) {
        return "no time";
      }
      long sinceStartMs = timestampMs - start;
      return sinceStartMs > AGE_MS / 2 ? "a marker's time" : Long.toString(sinceStartMs);
    }

    private void read(String isolation) {
      Map<String, Object> settings =
          Map.of("bootstrap.servers", address, "isolation.level", isolation);
      try (KafkaConsumer<String, String> consumer =
          new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        List<String> seen = new ArrayList<>();
        Deadline deadline = Deadline.usual();
        while (consumer.position(partition) < end) {
          consumer.poll(QUIET).forEach(each -> seen.add(each.offset() + "=" + each.value()));
          deadline.check("a reader with %s did not come to offset %d", isolation, end);
        }
        consumer.poll(QUIET).forEach(each -> seen.add(each.offset() + "=" + each.value()));
        say(
            "%s sees %s, then stands at %d",
            isolation, String.join(" ", seen), consumer.position(partition));
      }
    }
  }
}
