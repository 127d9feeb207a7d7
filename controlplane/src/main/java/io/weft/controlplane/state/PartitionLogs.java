package io.weft.controlplane.state;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.TopicCatalog.DeleteOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.StateRecord.FileCommitted;
import io.weft.controlplane.state.StateRecord.LogStartMoved;
import io.weft.controlplane.state.StateRecord.ProducersExpired;
import io.weft.controlplane.state.StateRecord.TopicConfigured;
import io.weft.controlplane.state.StateRecord.TopicCreated;
import io.weft.controlplane.state.StateRecord.TopicDeleted;
import io.weft.controlplane.state.StateRecord.TopicGrown;
import io.weft.controlplane.state.partition.Ending;
import io.weft.controlplane.state.partition.FormerProducers;
import io.weft.controlplane.state.partition.Knowledge;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.Extent;
import io.weft.model.Invariant;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The logs of all partitions, and the files they lie in. Owned by one thread.
final class PartitionLogs {
  private static final String TIMESTAMP_TYPE = "message.timestamp.type";
  private static final String LOG_APPEND_TIME = "LogAppendTime";

  private static final class TopicLogs {
    private final String name;
    private PartitionLog[] logs;
    private boolean givesTime;

    private TopicLogs(String name, int partitions, Map<String, String> settings) {
      this.name = name;
      this.logs = new PartitionLog[0];
      grow(partitions);
      configure(settings);
    }

    private void grow(int partitions) {
      int before = logs.length;
      logs = Arrays.copyOf(logs, partitions);
      for (int i = before; i < partitions; i++) {
        logs[i] = new PartitionLog();
      }
    }

    private void configure(Map<String, String> settings) {
      givesTime = LOG_APPEND_TIME.equals(settings.get(TIMESTAMP_TYPE));
    }
  }

  /// Found by hash; iterated by [#sortedTopics] wherever the order shows.
  private final Map<TopicId, TopicLogs> byTopic = new HashMap<>();

  private final LiveFiles files = new LiveFiles();
  private final FormerProducers former = new FormerProducers();

  LiveFiles files() {
    return files;
  }

  FormerProducers former() {
    return former;
  }

  Optional<PartitionLog> find(PartitionId partition) {
    TopicLogs topic = byTopic.get(partition.topic());
    return topic == null || partition.partition() >= topic.logs.length
        ? Optional.empty()
        : Optional.of(topic.logs[partition.partition()]);
  }

  /// What becomes of a file's batches, run by run. No partition has two runs.
  List<BatchOutcomes> judge(UploadedFile file, long nowMs, Knowledge knowledge) {
    List<BatchOutcomes> outcomes = new ArrayList<>(file.partitions().size());
    for (UploadedBatches run : file.partitions()) {
      TopicLogs topic = byTopic.get(run.partition().topic());
      int partition = run.partition().partition();
      outcomes.add(
          topic == null || partition >= topic.logs.length
              ? PartitionLog.unknownPartition(run)
              : topic.logs[partition].judge(
                  run, topic.givesTime, nowMs, knowledge.with(former.find(topic.name, partition))));
    }
    return outcomes;
  }

  Decision<Boolean> decideExpireProducers(long unusedSinceMs, long nowMs) {
    // In any order: the answer is the same.
    for (TopicLogs topic : byTopic.values()) {
      for (PartitionLog log : topic.logs) {
        if (log.anyProducerUnusedSince(unusedSinceMs)) {
          return Decision.of(new ProducersExpired(unusedSinceMs, nowMs), true);
        }
      }
    }
    return former.anyUnusedSince(unusedSinceMs)
        ? Decision.of(new ProducersExpired(unusedSinceMs, nowMs), true)
        : Decision.of(false);
  }

  Decision<DeleteOutcome> decideDeleteRecords(RecordsBefore deletion) {
    Optional<PartitionLog> found = find(deletion.partition());
    if (found.isEmpty()) {
      return Decision.of(new DeleteOutcome.UnknownPartition());
    }
    PartitionLog log = found.get();
    long offset =
        deletion.offset() == RecordsBefore.HIGH_WATERMARK ? log.highWatermark() : deletion.offset();
    if (offset < 0 || offset > log.highWatermark()) {
      return Decision.of(new DeleteOutcome.OutOfRange());
    }
    return offset <= log.logStartOffset()
        ? Decision.of(new DeleteOutcome.Deleted(log.logStartOffset()))
        : Decision.of(
            new LogStartMoved(deletion.partition(), offset), new DeleteOutcome.Deleted(offset));
  }

  void replay(LogStartMoved record, ChangeListener changes) {
    Optional<PartitionLog> log = find(record.partition());
    Invariant.check(log.isPresent(), "a log that is not there begins later");
    log.get().beginAt(record.logStartOffset()).forEach(this::release);
    changes.advanced(record.partition(), log.get().bounds(), List.of());
  }

  void replay(FileCommitted record, ChangeListener changes) {
    UploadedFile file = record.file();
    files.add(file.fileId(), file.bytes());
    long position = file.firstPosition();
    for (int i = 0; i < file.partitions().size(); i++) {
      UploadedBatches run = file.partitions().get(i);
      Optional<PartitionLog> log = find(run.partition());
      if (log.isPresent()) {
        append(log.get(), record, i, position, changes);
      }
      for (int length : run.lengths()) {
        position += length;
      }
    }
  }

  /// Ends a transaction in its partitions; those that are not there any more are left out.
  void endTransaction(List<PartitionId> partitions, Ending ending, ChangeListener changes) {
    for (PartitionId partition : partitions) {
      Optional<PartitionLog> log = find(partition);
      if (log.isPresent()) {
        Marker marker = log.get().endTransaction(ending);
        changes.advanced(partition, log.get().bounds(), List.of(marker));
      }
    }
  }

  void replay(TopicCreated record) {
    NewTopic topic = record.topic();
    byTopic.put(topic.id(), new TopicLogs(topic.name(), topic.partitions(), topic.settings()));
  }

  void replay(TopicGrown record) {
    byTopic.get(record.topic()).grow(record.partitions());
  }

  void replay(TopicConfigured record) {
    byTopic.get(record.topic()).configure(record.settings());
  }

  void replay(TopicDeleted record, ChangeListener changes) {
    TopicLogs topic = byTopic.remove(record.topic());
    for (int i = 0; i < topic.logs.length; i++) {
      PartitionLog log = topic.logs[i];
      for (int s = 0; s < log.spanCount(); s++) {
        release(log.span(s));
      }
      changes.gone(new PartitionId(record.topic(), i));
    }
    former.retire(topic.name, topic.logs);
  }

  void replay(ProducersExpired record) {
    // In any order: no log knows of another.
    for (TopicLogs topic : byTopic.values()) {
      for (PartitionLog log : topic.logs) {
        log.removeProducersUnusedSince(record.unusedSinceMs());
      }
    }
    former.removeUnusedSince(record.unusedSinceMs());
  }

  void write(WireWriter out) {
    for (TopicId topic : sortedTopics()) {
      for (PartitionLog log : byTopic.get(topic).logs) {
        log.write(out);
      }
    }
    files.write(out);
  }

  /// @param topics those there are; the logs stand in the order of the topics' ids
  void read(WireReader in, Topics topics) {
    topics
        .list()
        .forEach(
            topic ->
                byTopic.put(
                    topic.id(), new TopicLogs(topic.name(), topic.partitions(), topic.settings())));
    for (TopicId topic : sortedTopics()) {
      PartitionLog[] logs = byTopic.get(topic).logs;
      for (int i = 0; i < logs.length; i++) {
        logs[i] = PartitionLog.read(in);
      }
    }
    files.read(in);
  }

  private void append(
      PartitionLog log, FileCommitted record, int run, long position, ChangeListener changes) {
    UploadedFile file = record.file();
    UploadedBatches batches = file.partitions().get(run);
    List<Span> appended =
        log.append(batches, record.outcomes().get(run), file.fileId(), position, record.timeMs());
    appended.forEach(this::hold);
    if (!appended.isEmpty()) {
      changes.advanced(batches.partition(), log.bounds(), appended);
    }
  }

  private void hold(Span span) {
    switch (span) {
      case Extent extent -> files.hold(extent.fileId(), extent.length());
      case Marker marker -> {}
    }
  }

  private void release(Span span) {
    switch (span) {
      case Extent extent -> files.release(extent.fileId(), extent.length());
      case Marker marker -> {}
    }
  }

  private List<TopicId> sortedTopics() {
    List<TopicId> topics = new ArrayList<>(byTopic.keySet());
    topics.sort(null);
    Invariant.check(topics.size() == byTopic.size(), "topics got lost");
    return topics;
  }
}
