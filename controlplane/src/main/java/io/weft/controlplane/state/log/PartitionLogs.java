package io.weft.controlplane.state.log;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.TopicCatalog.DeleteOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.dead.CondemnedFiles;
import io.weft.controlplane.state.dead.DeadFileRecord;
import io.weft.controlplane.state.dead.DeadFileRecord.FilesCondemned;
import io.weft.controlplane.state.dead.DeadFileRecord.FilesDeleted;
import io.weft.controlplane.state.file.FileRecord.FileCommitted;
import io.weft.controlplane.state.log.LogRecord.ExtentsReplaced;
import io.weft.controlplane.state.log.LogRecord.LogStart;
import io.weft.controlplane.state.log.LogRecord.LogStartMoved;
import io.weft.controlplane.state.log.LogRecord.LogStartsMoved;
import io.weft.controlplane.state.log.LogRecord.NewFile;
import io.weft.controlplane.state.log.LogRecord.ProducersExpired;
import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.log.LogRecord.SumsStated;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.partition.Ending;
import io.weft.controlplane.state.partition.FormerProducers;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.controlplane.state.partition.ProducerChecks;
import io.weft.controlplane.state.topic.TopicRecord;
import io.weft.controlplane.state.topic.TopicRecord.RetiredTopicLetGo;
import io.weft.controlplane.state.topic.TopicRecord.TopicConfigured;
import io.weft.controlplane.state.topic.TopicRecord.TopicCreated;
import io.weft.controlplane.state.topic.TopicRecord.TopicDeleted;
import io.weft.controlplane.state.topic.TopicRecord.TopicGrown;
import io.weft.controlplane.state.topic.TopicRecord.TopicRestored;
import io.weft.controlplane.state.topic.TopicRecord.TopicRetired;
import io.weft.controlplane.state.topic.Topics;
import io.weft.model.Invariant;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/// The logs of all partitions, and the files they lie in. Owned by one thread.
public final class PartitionLogs implements StatePart {
  /// The level of the record that replaces extents.
  private static final int REPLACED_SINCE = 2;

  /// The level from which on extents have sums.
  private static final int SUMS_SINCE = 2;

  /// Found by hash; iterated by [#topics] wherever the order shows.
  private final Map<TopicId, TopicLogs> byTopic = new HashMap<>();

  private final RetiredLogs retired = new RetiredLogs();

  private final CurrentStep step;
  private final Topics topics;
  private final IntSupplier level;
  private final CondemnedFiles condemned;
  private final LiveFiles files = new LiveFiles();
  private final FormerProducers former = new FormerProducers();
  private final Conservation conservation = new Conservation();

  /// @param level that is final for the cluster
  public PartitionLogs(
      CurrentStep step, Topics topics, IntSupplier level, CondemnedFiles condemned) {
    this.step = step;
    this.level = level;
    this.condemned = condemned;
    this.topics = topics;
  }

  public LiveFiles files() {
    return files;
  }

  /// Whether all that was produced is accounted for.
  public Conservation conservation() {
    return conservation;
  }

  /// What there is of it goes into the journal, for those that replay it to compare.
  public void stateSums() {
    if (level.getAsInt() >= SUMS_SINCE) {
      step.make(conservation.stated());
    }
  }

  /// A file as it is to be judged and recorded: at a level without sums, without checksums.
  public UploadedFile accepted(UploadedFile file) {
    return level.getAsInt() >= SUMS_SINCE ? file : file.withoutChecksums();
  }

  /// What is remembered of deleted topics' producers: a table of its own in snapshots.
  public FormerProducers former() {
    return former;
  }

  public Optional<PartitionBounds> bounds(PartitionId partition) {
    return find(partition).map(PartitionLog::bounds);
  }

  /// By id.
  public List<TopicId> topics() {
    return byTopic.keySet().stream().sorted().toList();
  }

  /// What a topic has of the settings that take effect, now.
  public Optional<TopicSettings> settings(TopicId topic) {
    return Optional.ofNullable(byTopic.get(topic)).map(logs -> logs.settings);
  }

  public Optional<PartitionLog> find(PartitionId partition) {
    TopicLogs topic = byTopic.get(partition.topic());
    return topic == null || partition.partition() >= topic.logs.length
        ? Optional.empty()
        : Optional.of(topic.logs[partition.partition()]);
  }

  /// A partition's log, even if its topic was deleted, as long as that is kept.
  public Optional<PartitionLog> findKept(PartitionId partition) {
    return find(partition).or(() -> retired.find(partition));
  }

  /// What becomes of a file's batches, run by run. No partition has two runs.
  public List<BatchOutcomes> judge(UploadedFile file, long nowMs, ProducerChecks checks) {
    List<BatchOutcomes> outcomes = new ArrayList<>(file.partitions().size());
    for (UploadedBatches run : file.partitions()) {
      TopicLogs topic = byTopic.get(run.partition().topic());
      int partition = run.partition().partition();
      outcomes.add(
          topic == null || partition >= topic.logs.length
              ? PartitionLog.unknownPartition(run)
              : topic.logs[partition].judge(
                  run,
                  topic.settings.logAppendTime(),
                  nowMs,
                  checks.with(former.find(topic.name, partition))));
    }
    return outcomes;
  }

  /// Forgets what producers sent last that placed nothing since then.
  public void expireProducers(long unusedSinceMs) {
    if (anyProducerUnused(unusedSinceMs)) {
      step.make(new ProducersExpired(unusedSinceMs, step.nowMs()));
    }
  }

  private boolean anyProducerUnused(long sinceMs) {
    // In any order: the answer is the same.
    for (TopicLogs topic : byTopic.values()) {
      if (topic.anyProducerUnusedSince(sinceMs)) {
        return true;
      }
    }
    return retired.anyProducerUnusedSince(sinceMs) || former.anyUnusedSince(sinceMs);
  }

  public DeleteOutcome deleteRecords(RecordsBefore deletion) {
    Optional<PartitionLog> found = find(deletion.partition());
    if (found.isEmpty()) {
      return new DeleteOutcome.UnknownPartition();
    }
    PartitionLog log = found.get();
    long offset =
        deletion.offset() == RecordsBefore.HIGH_WATERMARK ? log.highWatermark() : deletion.offset();
    if (offset < 0 || offset > log.highWatermark()) {
      return new DeleteOutcome.OutOfRange();
    }
    if (offset > log.logStartOffset()) {
      step.make(new LogStartMoved(deletion.partition(), offset));
    }
    return new DeleteOutcome.Deleted(log.logStartOffset());
  }

  /// Puts extents in the place of others, of several partitions at once, if these are still what
  /// they were. What the metadata cannot tell is the caller's to know: that the files are there and
  /// hold the same records, or those that are to stay, and that their ids were given to the caller
  /// and have not expired.
  public ReplaceOutcome replace(ExtentsReplaced asked) {
    if (level.getAsInt() < REPLACED_SINCE) {
      return new ReplaceOutcome.Refused(
          "level %d has to be final first; it is level %d"
              .formatted(REPLACED_SINCE, level.getAsInt()));
    }
    ReplacementCheck check = new ReplacementCheck(this, condemned, asked);
    Optional<String> flaw = check.flaw();
    if (flaw.isPresent()) {
      if (check.differing().isPresent()) {
        conservation.noteRefusal();
      }
      return new ReplaceOutcome.Refused(flaw.get(), check.differing());
    }
    step.make(asked);
    return new ReplaceOutcome.Replaced();
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    switch (record) {
      case FileCommitted committed -> replay(committed, changes);
      case LogRecord own -> replay(own, changes);
      case TopicRecord topic -> replay(topic, changes);
      case DeadFileRecord dead -> replay(dead);
      default -> throw new IllegalStateException("not heard: " + record);
    }
  }

  private void replay(DeadFileRecord record) {
    switch (record) {
      case FilesCondemned(var dead, _) -> dead.forEach(run -> run.each(files::condemn));
      case FilesDeleted _ -> {}
    }
  }

  private void replay(LogRecord record, ChangeListener changes) {
    switch (record) {
      case ProducersExpired expired -> replay(expired);
      case LogStartMoved(var partition, long start) -> beginAt(partition, start, changes);
      case LogStartsMoved moved -> {
        for (LogStart each : moved.starts()) {
          beginAt(each.partition(), each.logStartOffset(), changes);
        }
      }
      case ExtentsReplaced replaced -> replay(replaced, changes);
      case SumsStated stated -> conservation.compare(stated);
    }
  }

  private void replay(TopicRecord record, ChangeListener changes) {
    switch (record) {
      case TopicCreated created -> {
        NewTopic topic = created.topic();
        byTopic.put(topic.id(), new TopicLogs(topic.name(), topic.partitions(), topic.settings()));
      }
      case TopicDeleted(TopicId id) -> drop(remove(id, changes));
      case TopicRetired(TopicId id, _, _) -> retired.add(id, remove(id, changes), files);
      case TopicRestored restored ->
          byTopic.put(
              restored.topic(), retired.remove(restored.topic(), files).named(restored.name()));
      case RetiredTopicLetGo(TopicId id) -> drop(retired.remove(id, files));
      case TopicGrown grown -> byTopic.get(grown.topic()).grow(grown.partitions());
      case TopicConfigured configured ->
          byTopic.get(configured.topic()).configure(configured.settings());
    }
  }

  private void beginAt(PartitionId partition, long logStartOffset, ChangeListener changes) {
    Optional<PartitionLog> log = find(partition);
    Invariant.check(log.isPresent(), "a log that is not there begins later");
    conservation.lets(log.get());
    conservation.deleted(log.get().sumBefore(logStartOffset));
    log.get().beginAt(logStartOffset).forEach(files::release);
    conservation.holds(log.get());
    changes.advanced(partition, log.get().bounds(), List.of());
  }

  private void replay(ExtentsReplaced record, ChangeListener changes) {
    for (NewFile file : record.files()) {
      Invariant.check(!condemned.isDead(file.fileId()), "file %d is dead", file.fileId());
      files.add(file.fileId(), file.bytes());
    }
    for (ReplacedRun run : record.runs()) {
      Optional<PartitionLog> log = find(run.partition());
      Invariant.check(log.isPresent(), "extents of a log that is not there");
      replace(log.get(), run);
      run.after().forEach(files::hold);
      run.before().forEach(files::release);
      changes.replaced(run.partition(), run.after());
    }
  }

  private void replace(PartitionLog log, ReplacedRun run) {
    Invariant.check(log.holds(run.before()), "extents to replace that are not there");
    long before = log.sums(run.before()).stream().mapToLong(each -> each.orElse(0)).sum();
    long after = run.sums().stream().mapToLong(Long::longValue).sum();
    conservation.lets(log);
    conservation.replaced(before, after, run.removed());
    log.replace(run.before(), run.after(), run.sums());
    conservation.holds(log);
  }

  private void replay(FileCommitted record, ChangeListener changes) {
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

  /// Ends a transaction in its partitions; those that are not there any more are left out. In those
  /// of a deleted topic that is kept it ends as in all others.
  public void endTransaction(List<PartitionId> partitions, Ending ending, ChangeListener changes) {
    for (PartitionId partition : partitions) {
      Optional<PartitionLog> log = findKept(partition);
      if (log.isPresent()) {
        Marker marker = log.get().endTransaction(ending);
        changes.advanced(partition, log.get().bounds(), List.of(marker));
      }
    }
  }

  private TopicLogs remove(TopicId id, ChangeListener changes) {
    TopicLogs topic = byTopic.remove(id);
    for (int i = 0; i < topic.logs.length; i++) {
      changes.gone(new PartitionId(id, i));
    }
    former.retire(topic.name, topic.logs);
    return topic;
  }

  /// The logs are gone for good, and with them what they have of files.
  private void drop(TopicLogs topic) {
    for (PartitionLog log : topic.logs) {
      conservation.lets(log);
      conservation.deleted(log.recountedSum());
    }
    topic.eachSpan(files::release);
    conservation.check();
  }

  private void replay(ProducersExpired record) {
    // In any order: no log knows of another.
    for (TopicLogs topic : byTopic.values()) {
      topic.removeProducersUnusedSince(record.unusedSinceMs());
    }
    retired.removeProducersUnusedSince(record.unusedSinceMs());
    former.removeUnusedSince(record.unusedSinceMs());
  }

  @Override
  public void write(WireWriter out) {
    for (TopicId topic : topics()) {
      byTopic.get(topic).write(out);
    }
    retired.write(out);
    files.write(out);
    if (out.level() >= SUMS_SINCE) {
      conservation.write(out);
    }
  }

  /// The logs stand in the order of the topics' ids.
  @Override
  public void read(WireReader in) {
    topics
        .list()
        .forEach(
            topic ->
                byTopic.put(
                    topic.id(), new TopicLogs(topic.name(), topic.partitions(), topic.settings())));
    for (TopicId topic : topics()) {
      byTopic.get(topic).read(in);
      byTopic.get(topic).eachLog(conservation::found);
    }
    retired.read(in, topics.retired());
    files.read(in);
    retired.pinAll(files);
    retired.eachLog(conservation::found);
    if (in.level() >= SUMS_SINCE) {
      conservation.read(in);
    }
  }

  private void append(
      PartitionLog log, FileCommitted record, int run, long position, ChangeListener changes) {
    UploadedFile file = record.file();
    UploadedBatches batches = file.partitions().get(run);
    BatchOutcomes outcomes = record.outcomes().get(run);
    conservation.lets(log);
    conservation.produced(batches, outcomes);
    List<Span> appended = log.append(batches, outcomes, file.fileId(), position, record.timeMs());
    conservation.holds(log);
    appended.forEach(files::hold);
    if (!appended.isEmpty()) {
      changes.advanced(batches.partition(), log.bounds(), appended);
    }
  }
}
