package io.weft.bench;

import io.weft.environment.Environment;
import io.weft.server.settings.Settings;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads a number of records from the beginning of all partitions with one assigned consumer.
final class ConsumeBench {
  private static final Duration POLL = Duration.ofSeconds(1);

  /// Polls in a row that bring nothing before it gives up.
  private static final int EMPTY_POLLS_MAX = 30;

  private ConsumeBench() {}

  static BenchReport run(Settings settings, Environment environment) throws InterruptedException {
    Histogram latencies = new Histogram(3);
    long bytes = 0;
    long records = 0;
    Optional<NumberCheck> check =
        settings.flag("verify")
            ? Optional.of(new NumberCheck(settings.whole("records")))
            : Optional.empty();
    double cpuBefore = BenchReport.processCpuSeconds();
    long begin = environment.clock().nanos();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings)) {
      consumer.assign(BenchTopic.partitions(settings));
      consumer.seekToBeginning(consumer.assignment());
      int emptyPolls = 0;
      while (records < settings.whole("records")) {
        long polled = environment.clock().nanos();
        ConsumerRecords<byte[], byte[]> got = consumer.poll(POLL);
        latencies.recordValue((environment.clock().nanos() - polled) / 1000);
        for (ConsumerRecord<byte[], byte[]> record : got) {
          bytes += record.serializedValueSize();
          check.ifPresent(numbers -> numbers.add(record));
        }
        records += got.count();
        emptyPolls = got.isEmpty() ? emptyPolls + 1 : 0;
        if (emptyPolls > EMPTY_POLLS_MAX) {
          throw new KafkaException("only " + records + " records are there");
        }
      }
    }
    check.ifPresent(NumberCheck::finish);
    double seconds = (environment.clock().nanos() - begin) / 1e9;
    return new BenchReport(
        "consume", records, bytes, seconds, BenchReport.processCpuSeconds() - cpuBefore, latencies);
  }

  static KafkaConsumer<byte[], byte[]> consumer(Settings settings) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.text("bootstrap.servers"));
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, settings.text("client.id"));
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, settings.text("fetch.max.wait.ms"));
    properties.put(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        settings.text("max.partition.fetch.bytes"));
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "10000");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
