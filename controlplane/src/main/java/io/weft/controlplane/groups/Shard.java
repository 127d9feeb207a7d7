package io.weft.controlplane.groups;

import com.yammer.metrics.core.MetricsRegistry;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.StateRecord;
import io.weft.controlplane.state.groups.GroupTable;
import io.weft.environment.Clock;
import io.weft.model.Invariant;
import io.weft.model.OpaqueBytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
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
/// of the state's table, and no turn is let out that is not durable. So nothing is ever reverted,
/// and "the append has succeeded" is said before it has.
final class Shard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

  private static final short NO_EPOCH = -1;

  /// Of the one view of the past that reads need; none is kept.
  private static final long READ_EPOCH = 0;

  private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
  private final ShardExecutor executor = new ShardExecutor();
  private final TurnTime time = new TurnTime();
  private final GroupTable table;
  private final CatalogImage catalog;
  private final ShareStates shareStates;
  private final ShardTimer timer;
  private final SnapshotRegistry snapshots;
  private final Metrics metrics;
  private final GroupCoordinatorShard coordinator;
  private Optional<GroupStep> step = Optional.empty();

  Shard(
      ControlPlaneState state,
      CatalogImage catalog,
      ShardSettings settings,
      ShareStates shareStates,
      Clock clock) {
    LogContext context = new LogContext();
    this.table = state.groups();
    this.catalog = catalog;
    this.shareStates = shareStates;
    this.timer = new ShardTimer(clock);
    this.snapshots = new SnapshotRegistry(context);
    this.metrics = new Metrics(new MetricConfig(), List.of(), time);
    GroupCoordinatorShard.Builder builder =
        new GroupCoordinatorShard.Builder(settings.coordinator(), settings.groups());
    builder
        .withLogContext(context)
        .withTime(time)
        .withTimer(timer)
        .withExecutor(executor)
        .withCoordinatorMetrics(new GroupCoordinatorMetrics(new MetricsRegistry(), metrics))
        .withTopicPartition(new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, 0))
        .withSnapshotRegistry(snapshots);
    builder.withAuthorizerPlugin(Optional.empty());
    this.coordinator = builder.build();
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

  ShardTimer timer() {
    return timer;
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

  /// Lets the coordinator decide, and makes it so.
  ///
  /// @param refused the response to a request that it throws out
  <R> R decide(
      Supplier<CoordinatorResult<R, CoordinatorRecord>> decision, Function<ApiError, R> refused) {
    CoordinatorResult<R, CoordinatorRecord> result;
    try {
      result = decision.get();
    } catch (RuntimeException e) {
      return refused.apply(Refusals.of(e));
    }
    return apply(result);
  }

  /// Likewise, but what it decides is staged until the producer's transaction ends.
  <R> R decideStaged(
      Supplier<CoordinatorResult<R, CoordinatorRecord>> decision,
      Function<ApiError, R> refused,
      long producerId,
      short producerEpoch) {
    CoordinatorResult<R, CoordinatorRecord> result;
    try {
      result = decision.get();
    } catch (RuntimeException e) {
      return refused.apply(Refusals.of(e));
    }
    return apply(result, producerId, producerEpoch);
  }

  /// Makes what the coordinator has decided so.
  ///
  /// @return its response
  <R> R apply(CoordinatorResult<R, CoordinatorRecord> result) {
    return apply(result, GroupTable.NO_PRODUCER, NO_EPOCH);
  }

  private <R> R apply(
      CoordinatorResult<R, CoordinatorRecord> result, long producerId, short producerEpoch) {
    for (CoordinatorRecord each : result.records()) {
      long number = table.nextNumber();
      step().write(row(each, producerId, producerEpoch));
      if (result.replayRecords()) {
        coordinator.replay(number, producerId, producerEpoch, each);
      }
    }
    if (result.appendFuture() != null) {
      result.appendFuture().complete(null);
    }
    return result.response();
  }

  /// Reads what has been committed, transactions that are open left out of account.
  <R> R read(Function<Long, R> question) {
    snapshots.idempotentCreateSnapshot(READ_EPOCH);
    try {
      return question.apply(READ_EPOCH);
    } finally {
      snapshots.deleteSnapshotsUpTo(READ_EPOCH + 1);
    }
  }

  void endTransaction(long producerId, short producerEpoch, boolean committed) {
    coordinator.replayEndTransactionMarker(
        producerId, producerEpoch, committed ? TransactionResult.COMMIT : TransactionResult.ABORT);
  }

  /// Runs what the coordinator has put off to the end of the step.
  void settle() {
    while (executor.hasTasks()) {
      attempt(executor::runNext);
    }
  }

  /// Runs what is due.
  void runDue() {
    timer.look();
    Optional<ShardTimer.Task> due = timer.takeDue();
    while (due.isPresent()) {
      ShardTimer.Task task = due.get();
      if (!attempt(task.operation()::generateRecords)) {
        timer.failed(task);
      }
      settle();
      due = timer.takeDue();
    }
  }

  /// Does what nobody waits for.
  ///
  /// @return false if it failed, and nothing has changed
  boolean attempt(Supplier<CoordinatorResult<Void, CoordinatorRecord>> operation) {
    CoordinatorResult<Void, CoordinatorRecord> result;
    try {
      result = operation.get();
    } catch (RuntimeException e) {
      // Nothing was replayed: the groups are as they were.
      LOG.error("An operation of the group coordinator failed", e);
      return false;
    }
    apply(result);
    return true;
  }

  private StateRecord row(CoordinatorRecord record, long producerId, short producerEpoch) {
    OpaqueBytes key = OpaqueBytes.of(serde.serializeKey(record));
    return record.value() == null
        ? new StateRecord.GroupRowDropped(key)
        : new StateRecord.GroupRowPut(
            key, OpaqueBytes.of(serde.serializeValue(record)), producerId, producerEpoch);
  }

  private void replay(GroupTable.Row row, long producerId) {
    CoordinatorRecord record =
        serde.deserialize(ByteBuffer.wrap(row.key().array()), ByteBuffer.wrap(row.value().array()));
    coordinator.replay(row.number(), producerId, NO_EPOCH, record);
  }

  @Override
  public void close() {
    metrics.close();
  }

  /// Time as the coordinator reads it: that of the turn.
  private static final class TurnTime implements Time {
    private long nowMs;

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
