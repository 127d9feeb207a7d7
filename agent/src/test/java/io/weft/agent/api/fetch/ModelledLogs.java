package io.weft.agent.api.fetch;

import io.weft.agent.fetch.TestBatch;
import io.weft.agent.fetch.TestCluster;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;

/// A topic whose partitions change at random, and what each of them should hold.
final class ModelledLogs {
  private final Random random;
  private final TestCluster cluster = new TestCluster();
  private final TopicId topic;
  private final List<LogModel> logs = new ArrayList<>();

  ModelledLogs(Random random, int partitions) {
    this.random = random;
    this.topic = cluster.addTopic("t", partitions);
    for (int i = 0; i < partitions; i++) {
      logs.add(new LogModel());
    }
  }

  TestCluster cluster() {
    return cluster;
  }

  Uuid topicId() {
    return new Uuid(topic.high(), topic.low());
  }

  int count() {
    return logs.size();
  }

  LogModel log(int number) {
    return logs.get(number);
  }

  PartitionId id(int number) {
    return new PartitionId(topic, number);
  }

  /// Commits, ends of transactions, deletions of records: up to two of them.
  void change() {
    for (int changes = random.nextInt(3); changes > 0; changes--) {
      int number = random.nextInt(logs.size());
      LogModel log = logs.get(number);
      switch (random.nextInt(8)) {
        case 0 -> deleteRecords(number, log);
        case 1, 2 -> finish(number, log);
        default -> commit();
      }
    }
  }

  private void deleteRecords(int number, LogModel log) {
    if (log.end() > 0) {
      long start = log.start() + random.nextLong(log.end() - log.start() + 1);
      log.deleteBefore(start);
      cluster.setLogStart(id(number), start);
    }
  }

  private void finish(int number, LogModel log) {
    for (long producer : log.openProducers()) {
      boolean committed = random.nextBoolean();
      log.finish(producer, committed, Marker.BATCH_BYTES);
      cluster.end(producer, committed, 9, id(number));
    }
  }

  /// Partition 0 stays empty where there are others.
  private void commit() {
    List<Run> runs = new ArrayList<>();
    for (int i = logs.size() == 1 ? 0 : 1; i < logs.size(); i++) {
      if (random.nextInt(3) > 0) {
        continue;
      }
      List<TestBatch> batches = new ArrayList<>();
      for (int count = 1 + random.nextInt(3); count > 0; count--) {
        batches.add(batch());
      }
      for (TestBatch batch : batches) {
        logs.get(i).append(batch.values().size(), batch.size(), batch.producerId());
      }
      runs.add(new Run(id(i), random.nextInt(4) == 0 ? 77_000 : -1, batches));
    }
    if (!runs.isEmpty()) {
      cluster.commit(runs.toArray(Run[]::new));
    }
  }

  private TestBatch batch() {
    int bytes = random.nextInt(6) == 0 ? 5_000 : random.nextInt(300);
    String[] values = new String[1 + random.nextInt(4)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + "x".repeat(bytes);
    }
    return random.nextInt(5) == 0
        ? TestBatch.transactional(random.nextInt(3), 0, 1, values)
        : TestBatch.of(1, values);
  }
}
