package io.weft.controlplane.state;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.state.StateRecord.TransactionChanged;
import io.weft.controlplane.state.admin.AdminTurn;
import io.weft.controlplane.state.share.Decided;
import io.weft.controlplane.state.transaction.Ruling;
import io.weft.controlplane.state.transaction.TransactionChange;
import io.weft.controlplane.state.transaction.TransactionDesk;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The state as it is asked one command: each question decides, replays what it decided, and
/// collects the records. Used once, by one thread.
final class Turn
    implements ControlPlane,
        Sequencer,
        ExtentIndex,
        TopicCatalog,
        Producers,
        FileLedger,
        Membership,
        ShareGroups {
  private final ControlPlaneState state;
  private final long nowMs;
  private final List<StateRecord> records;
  private final ChangeListener changes;
  private final AdminTurn admin;

  Turn(
      ControlPlaneState state,
      long nowMs,
      List<StateRecord> records,
      ChangeListener changes,
      Quorum quorum) {
    this.state = state;
    this.nowMs = nowMs;
    this.records = records;
    this.changes = changes;
    this.admin = new AdminTurn(state.admin(), this::apply, quorum);
  }

  /// Makes a decision so.
  <R> R apply(Decision<R> decision) {
    decision.records().forEach(this::apply);
    return decision.reply();
  }

  private void apply(StateRecord record) {
    state.replay(record, changes);
    records.add(record);
  }

  /// Makes a ruling so.
  <R> R apply(Ruling<R> ruling) {
    if (ruling.tookProducerId()) {
      apply(state.producerIds().decideLease(1));
    }
    for (TransactionChange change : ruling.changes()) {
      StateRecord record = new TransactionChanged(change);
      state.replay(record, changes);
      records.add(record);
    }
    return ruling.reply();
  }

  /// Makes a decision about share groups so.
  <R> R applyShares(Decided<R> decided) {
    List<StateRecord> changed =
        decided.changes().stream().<StateRecord>map(StateRecord.ShareChanged::new).toList();
    return apply(new Decision<>(changed, decided.reply()));
  }

  @Override
  public List<FileOutcome> commit(AgentId agent, long settledBelow, List<UploadedFile> files) {
    CommitLimits.check(settledBelow, files);
    return files.stream()
        .map(file -> apply(state.decideCommit(agent, settledBelow, file, nowMs)))
        .toList();
  }

  @Override
  public List<ExtentsFound> find(List<ExtentQuery> queries) {
    return state.lookups().find(queries);
  }

  @Override
  public List<ExtentsFound> findByTime(List<TimeQuery> queries) {
    return state.lookups().findByTime(queries);
  }

  @Override
  public List<Long> sizes(List<PartitionId> partitions) {
    return state.lookups().sizes(partitions);
  }

  @Override
  public Page page(Position known) {
    return state.catalogAfter(known);
  }

  @Override
  public CreateOutcome create(NewTopic topic) {
    return apply(state.topics().decideCreate(topic));
  }

  @Override
  public boolean delete(TopicId topic) {
    return apply(state.topics().decideDelete(topic));
  }

  @Override
  public GrowOutcome grow(TopicId topic, int partitions) {
    return apply(state.topics().decideGrow(topic, partitions));
  }

  @Override
  public ConfigureOutcome configure(
      TopicId topic, long expectedVersion, Map<String, String> settings) {
    return apply(state.topics().decideConfigure(topic, expectedVersion, settings));
  }

  @Override
  public List<DeleteOutcome> deleteRecords(List<RecordsBefore> deletions) {
    if (deletions.size() > TopicCatalog.DELETIONS_MAX) {
      throw new ControlPlaneException.Rejected(
          "%d partitions to delete records of; %d are possible"
              .formatted(deletions.size(), TopicCatalog.DELETIONS_MAX));
    }
    return deletions.stream().map(deletion -> apply(state.decideDeleteRecords(deletion))).toList();
  }

  @Override
  public ProducerIds leaseIds(AgentId agent, int count) {
    return apply(state.producerIds().decideLease(count));
  }

  @Override
  public LeaseOutcome lease(AgentId agent, int count) {
    return apply(state.decideFileLease(agent, count, nowMs));
  }

  @Override
  public Registered register(UUID instance, Zone zone, String host, int port) {
    AgentId id = apply(state.members().decideRegister(instance, zone, host, port));
    return new Registered(id, state.clusterId(), ControlPlaneState.REGISTRATION_LEASE_MS);
  }

  @Override
  public boolean renew(AgentId agent) {
    return state.members().isKnown(agent);
  }

  @Override
  public void leave(AgentId agent) {
    apply(state.members().decideGone(agent));
  }

  @Override
  public Acquisition acquire(AcquireOrder order) {
    applyShares(state.shares().decideStarts(order));
    return state.shares().acquire(order, nowMs);
  }

  @Override
  public List<AcknowledgeOutcome> acknowledge(AcknowledgeOrder order) {
    return applyShares(state.shares().decideAcknowledge(order, nowMs));
  }

  @Override
  public boolean release(String group, String member, List<PartitionId> partitions) {
    return applyShares(state.shares().decideRelease(group, member, partitions));
  }

  @Override
  public boolean begin(String group, List<PartitionId> partitions, Optional<Long> startOffset) {
    return applyShares(state.shares().decideBegin(group, partitions, startOffset));
  }

  @Override
  public boolean startAt(String group, PartitionId partition, long startOffset) {
    return applyShares(state.shares().decideStartAt(group, partition, startOffset));
  }

  @Override
  public <A> A as(Class<A> asker) {
    Object answering = this;
    if (asker == Transactions.class) {
      answering = transactions();
    } else if (asker == ResourceSettings.class) {
      answering = admin.resources();
    } else if (asker == ClientQuotas.class) {
      answering = admin.quotas();
    } else if (asker == ScramCredentials.class) {
      answering = admin.credentials();
    } else if (asker == Quorum.class) {
      answering = admin.quorum();
    }
    return asker.cast(answering);
  }

  TransactionDesk transactions() {
    return new TransactionDesk(
        state.transactions(), state.stepRules(nowMs), nowMs, this::apply, state.logs()::find);
  }

  /// No command asks for it: the feed is made of what a [ChangeListener] hears.
  @Override
  public CommitFeed feed() {
    throw new IllegalStateException("a turn has no feed");
  }

  @Override
  public void close() {}
}
