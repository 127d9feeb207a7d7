package io.weft.bench;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.server.settings.Settings;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;

/// Sends at a steady rate and reads at the tail, in one process, and takes the time from before the
/// send until the record is in the consumer's hands.
final class EndToEndBench {
  private static final Duration POLL = Duration.ofMillis(100);

  private EndToEndBench() {}

  static BenchReport run(Settings settings, Environment environment) throws InterruptedException {
    long records = settings.whole("records");
    int length = Math.max(settings.number("record.bytes"), Long.BYTES);
    Histogram latencies = new Histogram(3);
    BenchTopic.create(settings);
    double cpuBefore = BenchReport.processCpuSeconds();
    try (KafkaConsumer<byte[], byte[]> consumer = ConsumeBench.consumer(settings)) {
      consumer.assign(BenchTopic.partitions(settings));
      consumer.seekToEnd(consumer.assignment());
      consumer.assignment().forEach(consumer::position);
      long warmUp = settings.whole("warm.up.records");
      long begin = environment.clock().nanos();
      Pending<Boolean> sent = new Pending<>();
      environment.tasks().start("bench-producer", () -> send(settings, environment, sent));
      for (long received = 0; received < warmUp + records; ) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (received < warmUp) {
            begin = environment.clock().nanos();
          } else {
            long at = ByteBuffer.wrap(record.value()).getLong();
            latencies.recordValue((environment.clock().nanos() - at) / 1000);
          }
          received++;
        }
        if (sent.isDone()) {
          sent.await(); // A failed producer ends the benchmark here.
        }
      }
      double seconds = (environment.clock().nanos() - begin) / 1e9;
      return new BenchReport(
          "end-to-end",
          records,
          records * length,
          seconds,
          BenchReport.processCpuSeconds() - cpuBefore,
          latencies);
    }
  }

  private static void send(Settings settings, Environment environment, Pending<Boolean> sent) {
    long records = settings.whole("warm.up.records") + settings.whole("records");
    byte[] value =
        ProduceBench.values(
            Math.max(settings.number("record.bytes"), Long.BYTES), environment.randomness())[0];
    try (BenchProducers producers = new BenchProducers(settings)) {
      Pace pace = new Pace(settings.whole("rate"), environment);
      for (long i = 0; i < records; i++) {
        pace.await(i);
        byte[] stamped = value.clone();
        ByteBuffer.wrap(stamped).putLong(environment.clock().nanos());
        producers.send(
            stamped,
            (_, e) -> {
              if (e != null) {
                sent.fail(new KafkaException("a record was not acknowledged", e));
              }
            });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sent.complete(true);
  }
}
