package io.weft.server.chaos;

import io.weft.environment.Pending;
import io.weft.history.Action;
import io.weft.history.check.Pipeline;
import io.weft.server.clients.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// A member of a pipeline's group: reads inputs, makes outputs, and commits both together. Now and
/// then it hangs with a transaction open, and another instance goes on in its place; what hung
/// wakes up and tries to end what it began. One thread of its own, and one for each that hangs.
final class Transformer {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long HANG_MS_MAX = 6_000;

  /// Longer than a commit may be tried for.
  private static final Duration HANGING_MAX = Duration.ofMinutes(12);

  private static final Duration STOP_MAX = HANGING_MAX.plus(HANGING_MAX);

  private final EosRun run;
  private final EosPipeline pipeline;
  private final String name;
  private final SplittableRandom random;

  /// The first transaction hangs, so that one has, whatever chance brings later.
  private boolean hasHung;

  private final Pending<Boolean> stopped = new Pending<>();
  private final List<Pending<Boolean>> hanging = new ArrayList<>();
  private volatile boolean stopping;

  Transformer(EosRun run, EosPipeline pipeline, int number) {
    this.run = run;
    this.pipeline = pipeline;
    this.name = "transformer-%s-%d".formatted(pipeline.protocol(), number);
    this.random = new SplittableRandom(name.hashCode());
  }

  void start() {
    run.environment()
        .tasks()
        .start(
            name,
            () -> {
              try {
                while (!stopping) {
                  live();
                }
                for (Pending<Boolean> one : hanging) {
                  Deadline.await(
                      one, run.environment(), HANGING_MAX, name + ", which hung, does not end");
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (Throwable e) {
                run.problem("%s ends: %s".formatted(name, e));
              } finally {
                stopped.complete(true);
              }
            });
  }

  void stop() throws InterruptedException {
    stopping = true;
    Deadline.await(stopped, run.environment(), STOP_MAX, name + " does not end");
  }

  void abandon() {
    stopping = true;
  }

  private void live() {
    try (KafkaConsumer<byte[], byte[]> consumer = open()) {
      TransactionalClient client = new TransactionalClient(run, name);
      boolean hangs = false;
      try {
        while (!stopping && !hangs) {
          hangs = step(consumer, client);
        }
      } finally {
        if (!hangs) {
          client.close();
        }
      }
    } catch (KafkaException e) {
      run.trouble(name, e);
    }
  }

  private KafkaConsumer<byte[], byte[]> open() {
    Map<String, Object> settings =
        new HashMap<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, run.bootstrapServers(),
                ConsumerConfig.CLIENT_ID_CONFIG, name,
                ConsumerConfig.GROUP_ID_CONFIG, pipeline.group(),
                ConsumerConfig.GROUP_PROTOCOL_CONFIG, pipeline.protocol(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "40",
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "60000"));
    settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, "1000");
    settings.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "500");
    if (pipeline.protocol().equals("classic")) {
      settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "6000");
      settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "1000");
    }
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(List.of(EosRun.INPUT.name()));
    return consumer;
  }

  /// @return whether it hangs from now on
  private boolean step(KafkaConsumer<byte[], byte[]> consumer, TransactionalClient client) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    if (records.isEmpty()) {
      return false;
    }
    client.begin();
    boolean commits = random.nextInt(12) != 0;
    try {
      Map<TopicPartition, OffsetAndMetadata> next = transform(records, client);
      ConsumerGroupMetadata group = consumer.groupMetadata();
      if (!hasHung || random.nextInt(100) == 0) {
        hasHung = true;
        hang(client, next, group);
        return true;
      }
      client.sendOffsets(pipeline, next, group);
    } catch (KafkaException e) {
      run.trouble(name, e);
      commits = false;
    }
    if (commits) {
      client.commit();
    } else {
      client.abort();
      goBack(consumer);
    }
    return false;
  }

  private Map<TopicPartition, OffsetAndMetadata> transform(
      ConsumerRecords<byte[], byte[]> records, TransactionalClient client) {
    int attempt = run.attempt();
    Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
    List<Action.Run> runs = new ArrayList<>();
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> some = records.records(partition);
      runs.add(
          new Action.Run(
              EosRun.INPUT.key(partition.partition()),
              some.stream().mapToLong(ConsumerRecord::offset).toArray(),
              some.stream().mapToLong(one -> Payload.of(one.value()).toLong()).toArray()));
      next.put(partition, new OffsetAndMetadata(some.getLast().offset() + 1));
    }
    client.polled(new Action.Poll(runs));
    for (Action.Run one : runs) {
      for (long value : one.values()) {
        client.send(
            pipeline.output(),
            random.nextInt(pipeline.output().partitions()),
            Pipeline.output(attempt, value));
      }
    }
    return next;
  }

  /// After an abort: everybody begins where the group goes on.
  private static void goBack(KafkaConsumer<byte[], byte[]> consumer) {
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(consumer.assignment());
    for (TopicPartition partition : consumer.assignment()) {
      OffsetAndMetadata place = committed.get(partition);
      consumer.seek(partition, place == null ? 0 : place.offset());
    }
  }

  private void hang(
      TransactionalClient client,
      Map<TopicPartition, OffsetAndMetadata> next,
      ConsumerGroupMetadata group) {
    long hangMs = random.nextLong(HANG_MS_MAX);
    Pending<Boolean> over = new Pending<>();
    hanging.add(over);
    run.zombie();
    run.environment()
        .tasks()
        .start(
            name + "-hanging",
            () -> {
              try (client) {
                run.environment().tasks().sleepMs(hangMs);
                end(client, next, group);
              } catch (KafkaException e) {
                run.trouble(name + ", which hung", e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                over.complete(true);
              }
            });
  }

  private void end(
      TransactionalClient client,
      Map<TopicPartition, OffsetAndMetadata> next,
      ConsumerGroupMetadata group) {
    try {
      client.sendOffsets(pipeline, next, group);
    } catch (KafkaException e) {
      client.abort();
      throw e;
    }
    client.commit();
  }
}
