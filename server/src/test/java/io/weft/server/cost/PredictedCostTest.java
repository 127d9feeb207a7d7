package io.weft.server.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.weft.rpc.HostPort;
import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.command.WeftCommand;
import io.weft.server.cost.Load.Tuning;
import io.weft.server.process.WeftProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What a cluster of processes asks of its store is what the formula says, in a run whose counts do
/// not depend on how fast it goes: files close because they are full, and a zone without producers
/// reads each of them.
class PredictedCostTest {
  private static final String TOPIC = "t";
  private static final int FLUSH_INTERVAL_MS = 10_000;
  private static final int FILE_BYTES = 64 << 10;

  /// With what a batch of one record adds, four of them are just not too much for a file.
  private static final int VALUE_BYTES = FILE_BYTES / 4 - 80;

  private static final int RECORDS = 400;
  private static final double FILES = RECORDS / 4.0;

  /// The rates are so many files a second; how long the run takes in truth makes no difference.
  private static final double NOMINAL_SECONDS = 100;

  private static final double PER_CENT = 5;

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void theFormulaSaysWhatProcessesCount() throws Exception {
    try (WeftProcess controlPlane = controlPlane();
        WeftProcess inA = agent(controlPlane, "a");
        WeftProcess inB = agent(controlPlane, "b")) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", inA.address()))) {
        admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
      }
      List<WeftProcess> all = List.of(controlPlane, inA, inB);
      List<Counted> before;
      try (KafkaProducer<byte[], byte[]> producer = producer(inA)) {
        // A first file waits for no interval.
        producer.send(new ProducerRecord<>(TOPIC, 0, null, new byte[1])).get(1, TimeUnit.MINUTES);
        before = count(all);
        produce(producer);
      }
      consume(inB);
      Activity counted = Counted.between(before, count(all), NOMINAL_SECONDS, 0).orElseThrow();

      Tuning tuning = new Tuning(FLUSH_INTERVAL_MS, FILE_BYTES, 8 << 20, 0, 60, 1);
      Activity predicted =
          Forecast.of(new io.weft.server.cost.Load(counted.inBytes(), 1, 0, 2, 2, 0, tuning));
      assertThat(counted.inBytes() * NOMINAL_SECONDS)
          .isBetween((double) RECORDS * VALUE_BYTES, (double) RECORDS * FILE_BYTES / 4);
      Requests ingest = counted.of(Activity.BUCKET, "ingest").answered();
      assertThat(ingest.puts() * NOMINAL_SECONDS).isCloseTo(FILES, withinPercentage(PER_CENT));
      assertThat(ingest.puts())
          .isCloseTo(
              predicted.of(Activity.BUCKET, "ingest").answered().puts(),
              withinPercentage(PER_CENT));
      // Whether a consumer counts as near the end of the log depends on how fast it is.
      Usage read =
          counted.of(Activity.BUCKET, "live_read").plus(counted.of(Activity.BUCKET, "history"));
      Usage predictedRead = predicted.of(Activity.BUCKET, "live_read");
      assertThat(read.answered().gets())
          .isCloseTo(predictedRead.answered().gets(), withinPercentage(PER_CENT));
      assertThat(read.bytesDown()).isCloseTo(predictedRead.bytesDown(), withinPercentage(PER_CENT));
      // One entry has one file at least, and heartbeats come between.
      assertThat(counted.of(Activity.JOURNAL, "journal").answered().puts()).isPositive();
      assertThat(counted.of(Activity.BUCKET, "other")).isEqualTo(Usage.NONE);
      assertThat(counted.of(Activity.JOURNAL, "other")).isEqualTo(Usage.NONE);

      theCommandShowsTheBill(controlPlane, all);
    }
  }

  private static void theCommandShowsTheBill(WeftProcess controlPlane, List<WeftProcess> all) {
    String metrics = String.join(",", all.stream().map(PredictedCostTest::metricsOf).toList());
    Map<?, ?> bill =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build())
                .loadFromString(
                    run(
                        "cost",
                        "--metrics",
                        metrics,
                        "--control-plane",
                        controlPlane.address(),
                        "--over",
                        "1s",
                        "--json"));
    Map<?, ?> topic = (Map<?, ?>) ((List<?>) bill.get("topics")).getFirst();
    assertThat(topic.get("name")).isEqualTo(TOPIC);
    assertThat((double) topic.get("storedBytes")).isGreaterThan((double) RECORDS * VALUE_BYTES);
    assertThat(bill.get("storedBytes")).isEqualTo(topic.get("storedBytes"));
    assertThat((double) bill.get("storageUsd")).isPositive();
    assertThat(run("cost", "--metrics", metrics, "--over", "1s"))
        .contains("Prices: S3 Standard")
        .contains("Kafka in three zones");
  }

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = new WeftCommand(Map.of(), new PrintWriter(out), new PrintWriter(err)).run(arguments);
    assertThat(code).as(err.toString()).isZero();
    return out.toString();
  }

  private WeftProcess controlPlane() throws InterruptedException {
    return WeftProcess.start(
        folder.resolve("control-plane"),
        List.of("-Xmx256m"),
        List.of(
            "control-plane",
            "--listen",
            "127.0.0.1:0",
            "--journal",
            "file:" + folder.resolve("journal"),
            "--metrics-listen",
            "127.0.0.1:0"));
  }

  private WeftProcess agent(WeftProcess controlPlane, String zone) throws InterruptedException {
    return WeftProcess.agent(
        folder,
        zone,
        controlPlane.address(),
        List.of("-Xmx256m"),
        List.of(
            "--zone",
            zone,
            "--flush-interval-ms",
            String.valueOf(FLUSH_INTERVAL_MS),
            "--flush-bytes",
            String.valueOf(FILE_BYTES),
            "--flush-early-per-second",
            "0",
            "--compaction-enabled",
            "false",
            "--metrics-listen",
            "127.0.0.1:0"));
  }

  private static KafkaProducer<byte[], byte[]> producer(WeftProcess agent) {
    return new BoundedProducer<>(
        Map.of(
            "bootstrap.servers",
            agent.address(),
            "client.id",
            "writer,weft_az=a",
            "batch.size",
            1,
            "linger.ms",
            0),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void produce(KafkaProducer<byte[], byte[]> producer) throws Exception {
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      answers.add(producer.send(new ProducerRecord<>(TOPIC, 0, null, new byte[VALUE_BYTES])));
    }
    for (Future<RecordMetadata> answer : answers) {
      var _ = answer.get(2, TimeUnit.MINUTES);
    }
  }

  private static void consume(WeftProcess agent) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", agent.address(), "client.id", "reader,weft_az=b"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all = List.of(new TopicPartition(TOPIC, 0));
      consumer.assign(all);
      // After the record of the first file.
      consumer.seek(all.getFirst(), 1);
      int read = 0;
      Deadline deadline = Deadline.usual();
      while (read < RECORDS) {
        read += consumer.poll(Duration.ofMillis(500)).count();
        deadline.check("only %d of %d records came", read, RECORDS);
      }
    }
  }

  private static List<Counted> count(List<WeftProcess> processes) {
    return processes.stream()
        .map(each -> Counted.of(MetricsCall.ask(HostPort.parse(metricsOf(each)))))
        .toList();
  }

  private static String metricsOf(WeftProcess process) {
    try {
      String line = process.process().awaitLine(printed -> printed.startsWith("Metrics are at "));
      return line.substring("Metrics are at http://".length(), line.length() - "/metrics".length());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
