package io.weft.bench;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.server.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads a number of records from the beginning of all partitions, with one assigned consumer or
/// with several that each read all of them.
final class ConsumeBench {
  private static final Duration POLL = Duration.ofSeconds(1);

  /// Polls in a row that bring nothing before it gives up.
  private static final int EMPTY_POLLS_MAX = 30;

  private ConsumeBench() {}

  /// What one consumer has read.
  ///
  /// @param pollMicros one value per poll
  private record Read(long records, long bytes, Histogram pollMicros) {}

  static BenchReport run(Settings settings, Environment environment) throws InterruptedException {
    List<TopicPartition> partitions = BenchTopic.partitions(settings);
    double cpuBefore = BenchReport.processCpuSeconds();
    long begin = environment.clock().nanos();
    List<Pending<Read>> reads = new ArrayList<>();
    for (int i = 0; i < settings.number("consumers"); i++) {
      reads.add(begin("consumer-" + i, settings, partitions, environment));
    }
    Histogram latencies = new Histogram(3);
    long bytes = 0;
    long records = 0;
    for (Pending<Read> read : reads) {
      Read done = read.await();
      records += done.records();
      bytes += done.bytes();
      latencies.add(done.pollMicros());
    }
    double seconds = (environment.clock().nanos() - begin) / 1e9;
    return new BenchReport(
        "consume", records, bytes, seconds, BenchReport.processCpuSeconds() - cpuBefore, latencies);
  }

  private static Pending<Read> begin(
      String name, Settings settings, List<TopicPartition> partitions, Environment environment) {
    Pending<Read> read = new Pending<>();
    environment
        .tasks()
        .start(
            name,
            () -> {
              try {
                read.complete(readAll(settings, partitions, environment));
              } catch (RuntimeException e) {
                read.fail(e);
              }
            });
    return read;
  }

  private static Read readAll(
      Settings settings, List<TopicPartition> partitions, Environment environment) {
    Histogram latencies = new Histogram(3);
    long bytes = 0;
    long records = 0;
    Optional<NumberCheck> check =
        settings.flag("verify")
            ? Optional.of(new NumberCheck(settings.whole("records")))
            : Optional.empty();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings)) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
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
    return new Read(records, bytes, latencies);
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
