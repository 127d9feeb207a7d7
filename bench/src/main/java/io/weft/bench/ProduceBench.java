package io.weft.bench;

import io.weft.environment.Environment;
import io.weft.environment.Randomness;
import io.weft.server.settings.Settings;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.KafkaException;

/// Sends a number of records as fast as its producers can, or at a given rate.
final class ProduceBench {
  /// Distinct record values: enough that no codec finds the same one twice in a window.
  private static final int VALUES = 1024;

  private ProduceBench() {}

  static BenchReport run(Settings settings, Environment environment) throws InterruptedException {
    long records = settings.whole("records");
    byte[][] values = values(settings.number("record.bytes"), environment.randomness());
    Histogram latencies = new ConcurrentHistogram(3);
    AtomicReference<Exception> failure = new AtomicReference<>();
    BenchTopic.create(settings);
    double cpuBefore = BenchReport.processCpuSeconds();
    long begin = environment.clock().nanos();
    try (BenchProducers producers = new BenchProducers(settings)) {
      Pace pace = new Pace(settings.whole("rate"), environment);
      boolean verify = settings.flag("verify");
      for (long i = 0; i < records && failure.get() == null; i++) {
        pace.await(i);
        byte[] value = values[(int) (i % VALUES)];
        byte[] sentValue = verify ? NumberCheck.numbered(value, i) : value;
        long sent = environment.clock().nanos();
        producers.send(
            sentValue,
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
