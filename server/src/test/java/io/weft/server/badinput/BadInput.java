package io.weft.server.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.weft.server.clients.BoundedProducer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DynamicTest;

/// The table of bad and border-line inputs, asked of one system.
final class BadInput {
  /// Longer than what a row waits for within it.
  private static final Duration ROW_MAX = Duration.ofMinutes(4);

  /// Rows of one subject.
  private record Table(String subject, List<Row> rows) {
    Stream<DynamicTest> tests(Target target, Function<Row, String> expected) {
      return rows.stream()
          .map(
              row ->
                  DynamicTest.dynamicTest(
                      subject + ": " + row.what(),
                      () ->
                          assertThat(
                                  assertTimeoutPreemptively(
                                      ROW_MAX,
                                      () -> row.probe().ask(target),
                                      "the row is not answered"))
                              .isEqualTo(expected.apply(row))));
    }
  }

  private BadInput() {}

  /// Makes the topics the rows speak of. Kafka makes those of its coordinators when somebody looks
  /// a coordinator up.
  static void prepare(Target target) throws Exception {
    AdminRows.coordinator(target, "anyone", 0);
    AdminRows.coordinator(target, "anyone", 1);
    Map<String, String> slow = Map.of("message.timestamp.after.max.ms", "3600000");
    target.createTopic("plain", 1, slow);
    target.createTopic("compacted", 1, Map.of("cleanup.policy", "compact"));
    target.createTopic("filled", 1, new HashMap<>());
    try (KafkaProducer<byte[], byte[]> producer =
        new BoundedProducer<>(
            Map.of("bootstrap.servers", "127.0.0.1:" + target.port()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (String value : List.of("one", "two", "three")) {
        producer.send(new ProducerRecord<>("filled", value.getBytes(StandardCharsets.UTF_8))).get();
      }
    }
  }

  static Stream<DynamicTest> rows(Target target, Function<Row, String> expected) {
    return tests(
        target,
        expected,
        Stream.of(
            new Table("framing", FramingRows.all()),
            new Table("produce", ProduceRows.all()),
            new Table("administration", AdminRows.all()),
            new Table("settings", SettingRows.all()),
            new Table("deleted records", DeleteRecordsRows.all()),
            new Table("described", DescribedRows.all()),
            new Table("fetch", FetchRows.all())));
  }

  static Stream<DynamicTest> groups(Target target, Function<Row, String> expected) {
    return tests(
        target,
        expected,
        Stream.of(
            new Table("classic group", GroupRows.all()),
            new Table("consumer group", ConsumerGroupRows.all()),
            new Table("share group", ShareGroupRows.all()),
            new Table("odd bytes", OddGroupRows.all())));
  }

  static Stream<DynamicTest> transactions(Target target, Function<Row, String> expected) {
    return tests(target, expected, Stream.of(new Table("transaction", TransactionRows.all())));
  }

  private static Stream<DynamicTest> tests(
      Target target, Function<Row, String> expected, Stream<Table> tables) {
    return tables.flatMap(table -> table.tests(target, expected));
  }
}
