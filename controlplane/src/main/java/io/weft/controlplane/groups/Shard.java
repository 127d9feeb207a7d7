package io.weft.controlplane.groups;

import com.yammer.metrics.core.MetricsRegistry;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.groups.limit.GroupLimits;
import io.weft.controlplane.groups.work.ShardExecutor;
import io.weft.controlplane.groups.work.ShardTimer;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.groups.GroupRecord;
import io.weft.controlplane.state.groups.GroupTable;
import io.weft.controlplane.state.idle.IdleMarks;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.model.Invariant;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.GroupCoordinatorShard;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.timeline.SnapshotRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Kafka's coordinator of one term, with all that it is given instead of Kafka's runtime. Owned by
/// the leader thread.
///
/// A result's records are replayed into it at once and written through the step: it is never ahead
/// of the state's table, and no turn is let out that is not durable. So "the append has succeeded"
/// is said before it has. A decision that cannot take effect is taken back before anything is
/// written, by the coordinator's own snapshots.
final class Shard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

  private static final short NO_EPOCH = -1;

  /// The coordinator's timer under which it looks for offsets that have expired.
  private static final String EXPIRATION_KEY = "expire-group-metadata";

  private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
  private final TurnTime time = new TurnTime();
  private final GroupTable table;
  private final CatalogImage catalog;
  private final ShareStates shareStates;
  private final ShardTimer timer;
  private final ShardExecutor executor;
  private final SnapshotRegistry snapshots;
  private final Metrics metrics;
  private final GroupCoordinatorShard coordinator;
  private final GroupLimits limits;
  private final Clock clock;
  private final long retentionMs;
  private final IdleMarks retention;
  private Optional<GroupStep> step = Optional.empty();
  private boolean changing;

  /// Of the one view of the past: reads need it, and decisions go back to it. None is kept, and
  /// none may have the epoch of one before: what changed since then would not be seen in it.
  private long viewEpoch;

  /// @param wake called by any thread when [#runDue] has something to do before its time
  Shard(
      ControlPlaneState state,
      CatalogImage catalog,
      ShardSettings settings,
      ShareStates shareStates,
      Environment environment,
      Runnable wake) {
    LogContext context = new LogContext();
    this.table = state.groups();
    this.catalog = catalog;
    this.shareStates = shareStates;
    this.limits = settings.limits();
    this.clock = environment.clock();
    this.timer = new ShardTimer(clock);
    this.executor = new ShardExecutor(environment, wake);
    this.retentionMs = settings.coordinator().offsetsRetentionMs();
    this.retention = new IdleMarks(retentionMs, 2 * ShardTimer.LOOK_EVERY_MS, clock.monotonicMs());
    this.snapshots = new SnapshotRegistry(context);
    this.metrics = new Metrics(new MetricConfig(), List.of(), time);
    this.coordinator =
        new GroupCoordinatorShard.Builder(settings.coordinator(), settings.groups())
            .withAuthorizerPlugin(Optional.empty())
            .withLogContext(context)
            .withTime(time)
            .withTimer(timer)
            .withExecutor(executor)
            .withCoordinatorMetrics(new GroupCoordinatorMetrics(new MetricsRegistry(), metrics))
            .withTopicPartition(new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, 0))
            .withSnapshotRegistry(snapshots)
            .build();
  }

  GroupCoordinatorShard coordinator() {
    return coordinator;
  }

  CatalogImage catalog() {
    return catalog;
  }

  ShareStates shareStates() {
    return shareStates;
  }

  ShardExecutor executor() {
    return executor;
  }

  /// Milliseconds until something is due.
  long waitMs() {
    return executor.hasDone() ? 0 : timer.waitMs();
  }

  /// Reads the table as a compacted log. Its timers begin anew, in full.
  void load(GroupStep first) {
    in(first);
    for (GroupTable.Row row : table.rows()) {
      replay(row, GroupTable.NO_PRODUCER);
    }
    for (long producerId : table.producers()) {
      for (GroupTable.Row row : table.staged(producerId)) {
        replay(row, producerId);
      }
    }
    coordinator.onLoaded(catalog);
  }

  /// From here on everything belongs to this step.
  void in(GroupStep current) {
    step = Optional.of(current);
    time.turn(current.nowMs());
  }

  GroupStep step() {
    Invariant.check(step.isPresent(), "outside of a turn");
    return step.get();
  }

  /// Lets the coordinator decide, and applies the decision.
  ///
  /// @param refused the response to a request that it throws out
  <R> R decide(
      Supplier<CoordinatorResult<R, CoordinatorRecord>> decision, Function<ApiError, R> refused) {
    return decideStaged(decision, refused, GroupTable.NO_PRODUCER, NO_EPOCH);
  }

  /// Likewise, but what it decides is staged until the producer's transaction ends.
  <R> R decideStaged(
      Supplier<CoordinatorResult<R, CoordinatorRecord>> decision,
      Function<ApiError, R> refused,
      long producerId,
      short producerEpoch) {
    Made<R> made = make(decision, producerId, producerEpoch, GroupLimits.REQUEST_BYTES_MAX);
    return switch (made) {
      case Made.Done<R>(R response) -> response;
      case Made.Undone<R>(RuntimeException why) -> refused.apply(Refusals.of(why));
    };
  }

  /// Makes a decision so as a whole or not at all: before anything becomes part of the state, the
  /// records are written out, found to be within the limits, and replayed.
  private <R> Made<R> make(
      Supplier<CoordinatorResult<R, CoordinatorRecord>> decision,
      long producerId,
      short producerEpoch,
      long bytesMax) {
    snapshots.idempotentCreateSnapshot(++viewEpoch);
    timer.watch();
    executor.watch();
    CoordinatorResult<R, CoordinatorRecord> result = null;
    List<StateRecord> rows;
    try {
      result = decision.get();
      rows = rows(result, producerId, producerEpoch);
      limits.check(table, rows, bytesMax);
      replay(result, producerId, producerEpoch);
      if (rows.isEmpty()) {
        // Not even a group that came to be for an offset that was then refused: the next leader
        // would not know it.
        snapshots.revertToSnapshot(viewEpoch);
      }
    } catch (RuntimeException e) {
      undo(Optional.ofNullable(result), e);
      return new Made.Undone<>(e);
    } finally {
      snapshots.deleteSnapshotsUpTo(viewEpoch + 1);
    }
    for (StateRecord row : rows) {
      change(
          current -> {
            current.write(row);
            return row;
          });
    }
    if (result.appendFuture() != null) {
      result.appendFuture().complete(null);
    }
    return new Made.Done<>(result.response());
  }

  /// Puts everything back as it was before the decision, but that timers it has begun go on: they
  /// find out by themselves what they were begun for. What a classic group keeps outside of the
  /// snapshots it puts back itself when it hears that the append has failed.
  private void undo(
      Optional<? extends CoordinatorResult<?, CoordinatorRecord>> result, RuntimeException why) {
    snapshots.revertToSnapshot(viewEpoch);
    timer.restore();
    executor.restore();
    result
        .flatMap(made -> Optional.ofNullable(made.appendFuture()))
        .ifPresent(append -> append.completeExceptionally(Refusals.of(why).exception()));
  }

  private List<StateRecord> rows(
      CoordinatorResult<?, CoordinatorRecord> result, long producerId, short producerEpoch) {
    List<StateRecord> rows = new ArrayList<>(result.records().size());
    try {
      for (CoordinatorRecord each : result.records()) {
        rows.add(row(each, producerId, producerEpoch));
      }
    } catch (RuntimeException e) {
      // Names and texts of clients that no record has room for.
      throw new InvalidRequestException(
          "This does not fit into a record of the group: " + e.getMessage());
    }
    return rows;
  }

  private void replay(
      CoordinatorResult<?, CoordinatorRecord> result, long producerId, short producerEpoch) {
    if (!result.replayRecords()) {
      return;
    }
    long number = table.nextNumber();
    for (CoordinatorRecord each : result.records()) {
      coordinator.replay(number++, producerId, producerEpoch, each);
    }
  }

  /// Changes the state. A failure in it is a bug, and never becomes an answer.
  <T> T change(Function<GroupStep, T> change) {
    changing = true;
    try {
      T changed = change.apply(step());
      changing = false;
      return changed;
    } catch (ControlPlaneException.Rejected e) {
      changing = false;
      throw e;
    }
  }

  void deleteShare(String group, PartitionId partition) {
    change(
        _ -> {
          shareStates.delete(group, partition);
          return partition;
        });
  }

  /// Whether a change of the state has failed: nobody knows what it is now.
  boolean isBroken() {
    return changing;
  }

  /// Reads what has been committed, transactions that are open left out of account.
  <R> R read(Function<Long, R> question) {
    snapshots.idempotentCreateSnapshot(++viewEpoch);
    try {
      return question.apply(viewEpoch);
    } finally {
      snapshots.deleteSnapshotsUpTo(viewEpoch + 1);
    }
  }

  void endTransaction(long producerId, short producerEpoch, boolean committed) {
    coordinator.replayEndTransactionMarker(
        producerId, producerEpoch, committed ? TransactionResult.COMMIT : TransactionResult.ABORT);
  }

  /// Begins what the coordinator has put off and what must not keep the leader busy.
  void settle() {
    executor.runNext(catalog);
  }

  /// Runs what is due.
  void runDue() {
    timer.look();
    OptionalLong keptSinceMs = retention.look(clock.monotonicMs(), step().nowMs());
    if (executor.hasDone()) {
      executor.takeDone().ifPresent(this::attempt);
      settle();
    }
    Optional<ShardTimer.Task> due = timer.takeDue();
    long numberMax = table.nextNumber() + GroupLimits.DUE_RECORDS_MAX;
    while (due.isPresent()) {
      ShardTimer.Task task = due.get();
      if (task.key().equals(EXPIRATION_KEY)) {
        // No clock decides what is forgotten: for this it is as late as makes the retention end
        // where a whole one of this leader's own time has passed, and the beginning of time before.
        time.turn(keptSinceMs.isPresent() ? keptSinceMs.getAsLong() + retentionMs : 0);
      }
      if (!attempt(task.operation()::generateRecords)) {
        timer.failed(task);
      }
      time.turn(step().nowMs());
      settle();
      // What is left is due in the next turn.
      due = table.nextNumber() < numberMax ? timer.takeDue() : Optional.empty();
    }
  }

  /// Does what nobody waits for.
  ///
  /// @return false if it failed, and nothing has changed
  boolean attempt(Supplier<CoordinatorResult<Void, CoordinatorRecord>> operation) {
    Made<Void> made =
        make(operation, GroupTable.NO_PRODUCER, NO_EPOCH, GroupLimits.OPERATION_BYTES_MAX);
    return switch (made) {
      case Made.Done<Void> _ -> true;
      case Made.Undone<Void>(RuntimeException why) -> {
        LOG.error("An operation of the group coordinator failed; nothing was changed", why);
        yield false;
      }
    };
  }

  GroupFigures figures() {
    return GroupFigures.of(metrics);
  }

  private StateRecord row(CoordinatorRecord record, long producerId, short producerEpoch) {
    OpaqueBytes key = OpaqueBytes.of(serde.serializeKey(record));
    return record.value() == null
        ? new GroupRecord.GroupRowDropped(key)
        : new GroupRecord.GroupRowPut(
            key, OpaqueBytes.of(serde.serializeValue(record)), producerId, producerEpoch);
  }

  private void replay(GroupTable.Row row, long producerId) {
    CoordinatorRecord record =
        serde.deserialize(ByteBuffer.wrap(row.key().array()), ByteBuffer.wrap(row.value().array()));
    coordinator.replay(row.number(), producerId, NO_EPOCH, record);
  }

  @Override
  public void close() {
    executor.close();
    metrics.close();
  }

  /// Time as the coordinator reads it: that of the turn.
  private static final class TurnTime implements Time {
    /// Read by tasks beside the leader's thread too.
    private volatile long nowMs;

    void turn(long turnMs) {
      nowMs = turnMs;
    }

    @Override
    public long milliseconds() {
      return nowMs;
    }

    @Override
    public long nanoseconds() {
      return nowMs * 1_000_000;
    }

    @Override
    public void sleep(long ms) {
      throw new UnsupportedOperationException("the leader does not sleep");
    }
  }
}
