package io.weft.server.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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
  private BadInput() {}

  /// Makes the topics the rows speak of. Kafka makes those of its coordinators when somebody asks
  /// who they are.
  static void prepare(Target target) throws Exception {
    AdminRows.coordinator(target, "anyone", 0);
    AdminRows.coordinator(target, "anyone", 1);
    Map<String, String> slow = Map.of("message.timestamp.after.max.ms", "3600000");
    target.createTopic("plain", 1, slow);
    target.createTopic("compacted", 1, Map.of("cleanup.policy", "compact"));
    target.createTopic("filled", 1, new HashMap<>());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
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
            FramingRows.all(),
            ProduceRows.all(),
            AdminRows.all(),
            SettingRows.all(),
            DeleteRecordsRows.all(),
            FetchRows.all()));
  }

  static Stream<DynamicTest> groups(Target target, Function<Row, String> expected) {
    return tests(
        target,
        expected,
        Stream.of(
            GroupRows.all(), ConsumerGroupRows.all(), ShareGroupRows.all(), OddGroupRows.all()));
  }

  static Stream<DynamicTest> transactions(Target target, Function<Row, String> expected) {
    return tests(target, expected, Stream.of(TransactionRows.all()));
  }

  private static Stream<DynamicTest> tests(
      Target target, Function<Row, String> expected, Stream<List<Row>> tables) {
    return tables
        .flatMap(List::stream)
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.id() + " " + row.what(),
                    () -> assertThat(row.probe().ask(target)).isEqualTo(expected.apply(row))));
  }
}
