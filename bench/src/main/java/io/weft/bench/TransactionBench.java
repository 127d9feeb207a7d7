package io.weft.bench;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.server.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Transactions of several producers at once, each producer one after the other: begin, send some
/// records over all partitions, commit.
///
/// The latency is that of the commit alone; what the records took before it was under way anyway.
final class TransactionBench {
  private TransactionBench() {}

  static BenchReport run(Settings settings, Environment environment) throws InterruptedException {
    BenchTopic.create(settings);
    double cpuBefore = BenchReport.processCpuSeconds();
    Histogram commits = new ConcurrentHistogram(3);
    List<KafkaProducer<byte[], byte[]>> producers = begin(settings);
    try {
      round(settings, environment, producers, settings.whole("warm.up.transactions"), null);
      long begin = environment.clock().nanos();
      long transactions = settings.whole("transactions");
      round(settings, environment, producers, transactions, commits);
      double seconds = (environment.clock().nanos() - begin) / 1e9;
      long records = transactions * settings.whole("records.per.transaction");
      return new BenchReport(
          "transactions (transactions/s=%.1f, the latency is a commit's)"
              .formatted(transactions / seconds),
          records,
          records * settings.whole("record.bytes"),
          seconds,
          BenchReport.processCpuSeconds() - cpuBefore,
          commits);
    } finally {
      producers.forEach(KafkaProducer::close);
    }
  }

  private static List<KafkaProducer<byte[], byte[]>> begin(Settings settings) {
    List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
    for (int i = 0; i < settings.number("producers"); i++) {
      KafkaProducer<byte[], byte[]> producer =
          BenchProducers.transactional(settings, settings.text("topic") + "-" + i);
      producers.add(producer);
      producer.initTransactions();
    }
    return producers;
  }

  /// @param commits where each commit's time goes; null: nowhere
  private static void round(
      Settings settings,
      Environment environment,
      List<KafkaProducer<byte[], byte[]>> producers,
      long transactions,
      Histogram commits)
      throws InterruptedException {
    AtomicLong left = new AtomicLong(transactions);
    List<Pending<Boolean>> ends = new ArrayList<>();
    for (KafkaProducer<byte[], byte[]> producer : producers) {
      Pending<Boolean> end = new Pending<>();
      ends.add(end);
      environment
          .tasks()
          .start(
              "bench-transactions",
              () -> {
                try {
                  while (left.getAndDecrement() > 0) {
                    transact(settings, environment, producer, commits);
                  }
                  end.complete(true);
                } catch (RuntimeException e) {
                  end.fail(e);
                }
              });
    }
    for (Pending<Boolean> end : ends) {
      end.await();
    }
  }

  private static void transact(
      Settings settings,
      Environment environment,
      KafkaProducer<byte[], byte[]> producer,
      Histogram commits) {
    byte[] value = new byte[settings.number("record.bytes")];
    int partitions = settings.number("partitions");
    producer.beginTransaction();
    for (int i = 0; i < settings.number("records.per.transaction"); i++) {
      int partition = (int) (environment.randomness().nextLong() >>> 33) % partitions;
      var _ = producer.send(new ProducerRecord<>(settings.text("topic"), partition, null, value));
    }
    long begin = environment.clock().nanos();
    // Kafka's producer looks whether batches are left before it takes the commit off its queue: on
    // a
    // busy machine the commit could overtake them, and be refused.
    producer.flush();
    producer.commitTransaction();
    if (commits != null) {
      commits.recordValue((environment.clock().nanos() - begin) / 1000);
    }
  }
}
