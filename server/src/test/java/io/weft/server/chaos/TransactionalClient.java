package io.weft.server.chaos;

import io.weft.history.Action;
import io.weft.history.Outcome;
import io.weft.server.clients.BoundedProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// One instance of a transactional producer, and what the history says of its transactions. One
/// thread at a time.
final class TransactionalClient implements AutoCloseable {
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final int COMMITS_MAX = 10;

  private final EosRun run;
  private final int process;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<Action.Step> steps = new ArrayList<>();
  private final List<Placing> placings = new ArrayList<>();
  private int op;

  /// A step that is a send, and where it will be told to lie.
  private record Placing(int step, Future<RecordMetadata> placed) {}

  /// Takes the place of every other instance with this id.
  TransactionalClient(EosRun run, String transactionalId) {
    this.run = run;
    this.process = run.process();
    this.producer =
        new BoundedProducer<>(
            settings(run, transactionalId), new ByteArraySerializer(), new ByteArraySerializer());
    run.recorder().note(process, new Action.Subscribe());
    try {
      producer.initTransactions();
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  private static Map<String, Object> settings(EosRun run, String transactionalId) {
    return Map.ofEntries(
        Map.entry("bootstrap.servers", run.bootstrapServers()),
        Map.entry("transactional.id", transactionalId),
        Map.entry("client.id", transactionalId),
        Map.entry("transaction.timeout.ms", "20000"),
        Map.entry("delivery.timeout.ms", "60000"),
        Map.entry("max.block.ms", "60000"),
        Map.entry("request.timeout.ms", "5000"),
        Map.entry("metadata.max.age.ms", "300"),
        Map.entry("reconnect.backoff.max.ms", "500"),
        Map.entry("retry.backoff.max.ms", "500"),
        Map.entry("linger.ms", "5"));
  }

  void begin() {
    steps.clear();
    placings.clear();
    op = run.recorder().invoke(process, new Action.Transaction(List.of()));
    producer.beginTransaction();
  }

  void polled(Action.Poll poll) {
    steps.add(poll);
  }

  void send(NumberedTopic topic, int partition, long value) {
    steps.add(new Action.Send(topic.key(partition), value));
    placings.add(
        new Placing(
            steps.size() - 1,
            producer.send(
                new ProducerRecord<>(topic.name(), partition, null, Payload.of(value).toBytes()))));
  }

  void sendOffsets(
      EosPipeline pipeline,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      ConsumerGroupMetadata group) {
    offsets.forEach(
        (partition, offset) ->
            steps.add(
                new Action.Commit(
                    pipeline.group(), EosRun.INPUT.key(partition.partition()), offset.offset())));
    producer.sendOffsetsToTransaction(offsets, group);
  }

  /// @throws KafkaException if it is not known to be committed; that is noted
  void commit() {
    Outcome outcome = Outcome.INFO;
    try {
      commitPatiently();
      outcome = Outcome.OK;
      run.committed();
    } finally {
      complete(outcome);
    }
  }

  private void commitPatiently() {
    for (int i = 1; ; i++) {
      try {
        producer.commitTransaction();
        return;
      } catch (TimeoutException e) {
        if (i == COMMITS_MAX) {
          throw e;
        }
      }
    }
  }

  /// Nobody has asked for a commit, and nobody will: what was sent is not to be seen.
  void abort() {
    complete(Outcome.FAIL);
    producer.abortTransaction();
  }

  private void complete(Outcome outcome) {
    for (Placing placing : placings) {
      if (placing.placed().isDone()) {
        Action.Send send = (Action.Send) steps.get(placing.step());
        try {
          RecordMetadata placed = placing.placed().get();
          steps.set(placing.step(), placed.hasOffset() ? send.at(placed.offset()) : send);
        } catch (ExecutionException | CancellationException e) {
          // Its place is not known; the transaction's outcome says what became of it.
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
    run.recorder().complete(op, outcome, new Action.Transaction(List.copyOf(steps)));
  }

  @Override
  public void close() {
    try {
      producer.close(CLOSE);
    } catch (KafkaException e) {
      run.trouble("close", e);
    }
  }
}
