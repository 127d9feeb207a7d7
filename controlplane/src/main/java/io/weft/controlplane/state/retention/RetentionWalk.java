package io.weft.controlplane.state.retention;

import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.controlplane.state.log.LogRecord.LogStart;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Walks over all logs in slices and finds where each begins once what is past its retention is
/// gone. Owned by one thread; one walk after the other.
///
/// By time, as Kafka does it: a span goes if its largest timestamp and those of all spans before it
/// are older than `retention.ms`; a timestamp in the future keeps it. By size: a span goes if
/// `retention.bytes` are left without it. The spans at the log's end may go too. Settings are read
/// at each visit, so a change of them takes effect on old data at the next walk.
public final class RetentionWalk {
  /// Logs that one slice looks at, and that one record can move.
  static final int LOGS_PER_SLICE_MAX = 5_000;

  /// Spans that one slice lets go: what a leader does in a few milliseconds.
  static final int SPANS_PER_SLICE_MAX = 10_000;

  private List<TopicId> topics = List.of();
  private int topic;
  private int partition;
  private boolean walking;

  private int spansLeft;
  private int logsLeft;
  private long overdueMs;
  private long overdueSoFarMs;

  /// Whether a walk has begun and is not over.
  public boolean isWalking() {
    return walking;
  }

  /// By how much the oldest records that the last walk met were past their `retention.ms`; 0 if
  /// none were.
  public long overdueMs() {
    return Math.max(overdueMs, overdueSoFarMs);
  }

  public void begin(PartitionLogs logs) {
    topics = logs.topics();
    topic = 0;
    partition = 0;
    walking = true;
    overdueSoFarMs = 0;
  }

  /// Goes on with a walk.
  ///
  /// @param nowMs what time it is; while that is not known, no record is too old
  /// @return the logs that are to begin later, each once
  public List<LogStart> slice(PartitionLogs logs, OptionalLong nowMs) {
    List<LogStart> starts = new ArrayList<>();
    spansLeft = SPANS_PER_SLICE_MAX;
    logsLeft = LOGS_PER_SLICE_MAX;
    while (walking && spansLeft > 0 && logsLeft > 0) {
      if (topic == topics.size()) {
        walking = false;
        overdueMs = overdueSoFarMs;
        overdueSoFarMs = 0;
      } else {
        visit(logs, nowMs, starts);
      }
    }
    return starts;
  }

  private void visit(PartitionLogs logs, OptionalLong nowMs, List<LogStart> starts) {
    PartitionId id = new PartitionId(topics.get(topic), partition);
    Optional<TopicSettings> settings = logs.settings(id.topic());
    Optional<PartitionLog> log = logs.find(id);
    // The topic may have been deleted since the walk began.
    if (settings.isEmpty() || log.isEmpty()) {
      topic++;
      partition = 0;
      return;
    }
    logsLeft--;
    int past = settings.get().expiring() ? past(log.get(), settings.get(), nowMs) : 0;
    int going = Math.min(past, spansLeft);
    if (going > 0) {
      starts.add(new LogStart(id, log.get().span(going - 1).lastOffset() + 1));
      spansLeft -= going;
    }
    if (going == past) {
      partition++;
    }
  }

  /// How many spans from the first on are past their retention.
  private int past(PartitionLog log, TopicSettings settings, OptionalLong nowMs) {
    int past = 0;
    if (settings.retentionMs() >= 0 && nowMs.isPresent()) {
      long beforeMs = nowMs.getAsLong() - settings.retentionMs();
      past = log.olderThan(beforeMs);
      if (past > 0) {
        long firstMs = Math.max(0, log.span(0).maxTimestampMs());
        overdueSoFarMs = Math.max(overdueSoFarMs, beforeMs - firstMs);
      }
    }
    if (settings.retentionBytes() >= 0) {
      past = Math.max(past, log.beyond(settings.retentionBytes(), spansLeft + 1));
    }
    return past;
  }
}
