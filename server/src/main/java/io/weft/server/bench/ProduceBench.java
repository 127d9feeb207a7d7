package io.weft.server.bench;

import io.weft.environment.Environment;
import io.weft.environment.Randomness;
import io.weft.server.settings.Settings;
import java.nio.ByteBuffer;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Sends a number of records as fast as one producer can, or at a given rate.
final class ProduceBench {
  /// Distinct record values: enough that no codec finds the same one twice in a window.
  private static final int VALUES = 1024;

  private ProduceBench() {}

  static BenchReport run(Settings settings, Environment environment) throws InterruptedException {
    String topic = settings.text("topic");
    long records = settings.whole("records");
    byte[][] values = values(settings.number("record.bytes"), environment.randomness());
    Histogram latencies = new ConcurrentHistogram(3);
    AtomicReference<Exception> failure = new AtomicReference<>();
    BenchTopic.create(settings);
    double cpuBefore = BenchReport.processCpuSeconds();
    long begin = environment.clock().nanos();
    try (KafkaProducer<byte[], byte[]> producer = producer(settings)) {
      Pace pace = new Pace(settings.whole("rate"), environment);
      boolean verify = settings.flag("verify");
      for (long i = 0; i < records && failure.get() == null; i++) {
        pace.await(i);
        byte[] value = values[(int) (i % VALUES)];
        byte[] sentValue = verify ? NumberCheck.numbered(value, i) : value;
        long sent = environment.clock().nanos();
        var _ =
            producer.send(
                new ProducerRecord<>(topic, sentValue),
                (_, e) -> {
                  if (e != null) {
                    failure.compareAndSet(null, e);
                  } else {
                    latencies.recordValue((environment.clock().nanos() - sent) / 1000);
                  }
                });
      }
    }
    if (failure.get() != null) {
      throw new KafkaException("not every record was acknowledged", failure.get());
    }
    double seconds = (environment.clock().nanos() - begin) / 1e9;
    return new BenchReport(
        "produce",
        records,
        records * settings.whole("record.bytes"),
        seconds,
        BenchReport.processCpuSeconds() - cpuBefore,
        latencies);
  }

  static KafkaProducer<byte[], byte[]> producer(Settings settings) {
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.text("bootstrap.servers"));
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, settings.text("batch.size"));
    properties.put(ProducerConfig.LINGER_MS_CONFIG, settings.text("linger.ms"));
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, settings.text("compression.type"));
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, settings.text("enable.idempotence"));
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, settings.text("buffer.memory"));
    properties.put(
        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
        settings.text("max.in.flight.requests.per.connection"));
    if (!settings.text("partitioner.class").isEmpty()) {
      properties.put(ProducerConfig.PARTITIONER_CLASS_CONFIG, settings.text("partitioner.class"));
    }
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, settings.text("client.id"));
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// Half noise, half zeros: compresses to about half, as text logs do at best.
  static byte[][] values(int length, Randomness randomness) {
    byte[][] values = new byte[VALUES][length];
    for (byte[] value : values) {
      ByteBuffer noise = ByteBuffer.wrap(value, 0, length / 2);
      while (noise.remaining() >= Long.BYTES) {
        noise.putLong(randomness.nextLong());
      }
    }
    return values;
  }
}
