package io.weft.server.chaos;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.history.Action;
import io.weft.history.Recorder;
import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Sends numbered records until it is told to stop, and records what becomes of them. One thread of
/// its own; its results may be read once it has stopped.
///
/// It uses one idempotent producer after another, each only for a while: what a cluster may get
/// wrong about a producer it does not know yet would hardly happen otherwise.
final class Writer {
  private static final int UNANSWERED_MAX = 1_000;
  private static final int BURST = 5;
  private static final int BURSTS_MIN = 20;
  private static final int BURSTS_MAX = 300;
  private static final long BURST_PAUSE_MS = 10;
  private static final Duration CLOSE = Duration.ofMinutes(3);

  /// How long a producer may try to send.
  private static final int DELIVERY_MS_MAX = 300_000;

  /// How long it may be before any of the sends that are under way is answered.
  private static final Duration ANSWER_MAX = Duration.ofMinutes(6);

  /// Longer than a last send and the closing together.
  private static final Duration STOP_MAX = Duration.ofMinutes(10);

  private final int number;
  private final Map<String, Object> settings;
  private final Recorder recorder;
  private final Environment environment;
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Semaphore unanswered = new Semaphore(UNANSWERED_MAX);
  private final Pending<Boolean> stopped = new Pending<>();
  private volatile boolean stopping;
  private int sent;

  /// @param number of its process in the history too
  /// @param clientId may say a zone
  Writer(
      int number,
      String clientId,
      String bootstrapServers,
      int requestTimeoutMs,
      Recorder recorder,
      Environment environment) {
    this.number = number;
    this.recorder = recorder;
    this.environment = environment;
    this.settings =
        Map.ofEntries(
            Map.entry("bootstrap.servers", bootstrapServers),
            Map.entry("client.id", clientId),
            Map.entry("acks", "all"),
            Map.entry("enable.idempotence", "true"),
            Map.entry("delivery.timeout.ms", DELIVERY_MS_MAX),
            Map.entry("max.block.ms", DELIVERY_MS_MAX),
            Map.entry("request.timeout.ms", requestTimeoutMs),
            Map.entry("metadata.max.age.ms", "300"),
            Map.entry("reconnect.backoff.max.ms", "500"),
            Map.entry("retry.backoff.max.ms", "500"),
            Map.entry("batch.size", "4096"),
            Map.entry("linger.ms", "5"));
  }

  void start() {
    environment.tasks().start("writer-" + number, this::run);
  }

  /// Sends no more; returns once everything sent has been answered.
  void stop() throws InterruptedException {
    stopping = true;
    Deadline.await(stopped, environment, STOP_MAX, "writer %d does not end".formatted(number));
  }

  /// Sends no more, whatever becomes of what was sent.
  void abandon() {
    stopping = true;
  }

  /// What was refused, each in a sentence.
  Queue<String> failures() {
    return failures;
  }

  private void run() {
    SplittableRandom random = new SplittableRandom(number);
    try {
      while (!stopping) {
        use(random.nextInt(BURSTS_MIN, BURSTS_MAX), random);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      failures.add("writer %d stops: %s".formatted(number, e));
    } finally {
      stopped.complete(true);
    }
  }

  /// Uses a new producer for so many bursts, and waits until all is answered.
  private void use(int bursts, SplittableRandom random) throws InterruptedException {
    KafkaProducer<byte[], byte[]> producer =
        new BoundedProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      for (int burst = 0; burst < bursts && !stopping; burst++) {
        for (int i = 0; i < BURST; i++) {
          if (!unanswered.tryAcquire(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("none of its sends is answered within " + ANSWER_MAX);
          }
          send(producer, sent++, random.nextInt(Workload.TOPIC.partitions()));
        }
        environment.tasks().sleepMs(BURST_PAUSE_MS);
      }
    } finally {
      producer.close(CLOSE);
    }
  }

  private void send(KafkaProducer<byte[], byte[]> producer, int sequence, int partition) {
    Payload payload = new Payload(number, sequence);
    Action.Send sent = new Action.Send(Workload.TOPIC.key(partition), payload.toLong());
    int op = recorder.invoke(number, sent);
    Future<RecordMetadata> _ =
        producer.send(
            new ProducerRecord<>(Workload.TOPIC.name(), partition, null, payload.toBytes()),
            (placed, failure) -> {
              unanswered.release();
              if (failure == null) {
                // A duplicate that is older than what is remembered of its producer is acknowledged
                // without an offset.
                recorder.ok(op, placed.hasOffset() ? sent.at(placed.offset()) : sent);
              } else {
                recorder.info(op, sent);
                failures.add("%s to partition %d: %s".formatted(payload, partition, failure));
              }
            });
  }
}
