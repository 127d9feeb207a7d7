package io.weft.controlplane.state;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.TopicCatalog.DeleteOutcome;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.state.StateRecord.Administered;
import io.weft.controlplane.state.StateRecord.AgentGone;
import io.weft.controlplane.state.StateRecord.AgentRegistered;
import io.weft.controlplane.state.StateRecord.ClusterFounded;
import io.weft.controlplane.state.StateRecord.FileCommitted;
import io.weft.controlplane.state.StateRecord.FileIdsExpired;
import io.weft.controlplane.state.StateRecord.FileIdsLeased;
import io.weft.controlplane.state.StateRecord.GroupRowDropped;
import io.weft.controlplane.state.StateRecord.GroupRowPut;
import io.weft.controlplane.state.StateRecord.LogStartMoved;
import io.weft.controlplane.state.StateRecord.ProducerIdsLeased;
import io.weft.controlplane.state.StateRecord.ProducersExpired;
import io.weft.controlplane.state.StateRecord.ShareChanged;
import io.weft.controlplane.state.StateRecord.TopicConfigured;
import io.weft.controlplane.state.StateRecord.TopicCreated;
import io.weft.controlplane.state.StateRecord.TopicDeleted;
import io.weft.controlplane.state.StateRecord.TopicGrown;
import io.weft.controlplane.state.StateRecord.TransactionChanged;
import io.weft.controlplane.state.admin.AdminTables;
import io.weft.controlplane.state.catalog.CatalogChanges;
import io.weft.controlplane.state.groups.GroupTable;
import io.weft.controlplane.state.partition.Ending;
import io.weft.controlplane.state.partition.FormerProducers;
import io.weft.controlplane.state.partition.Knowledge;
import io.weft.controlplane.state.share.ShareChange;
import io.weft.controlplane.state.share.SharePartitions;
import io.weft.controlplane.state.share.ShareRules;
import io.weft.controlplane.state.transaction.OpenTransaction;
import io.weft.controlplane.state.transaction.StepRules;
import io.weft.controlplane.state.transaction.TransactionChange;
import io.weft.controlplane.state.transaction.TransactionDesk;
import io.weft.controlplane.state.transaction.TransactionTable;
import io.weft.model.AgentId;
import io.weft.model.Invariant;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that the control plane knows. Owned by one thread.
public final class ControlPlaneState {
  /// How long an agent may begin files under ids it has leased.
  public static final long FILE_IDS_USABLE_MS = 300_000;

  /// How long after it was issued a lease of file ids is to expire: long enough for a file that was
  /// begun at the last moment to be uploaded and committed.
  public static final long FILE_IDS_EXPIRE_MS = 900_000;

  /// How long an agent's registration lasts if it is not renewed.
  public static final long REGISTRATION_LEASE_MS = 15_000;

  private static final int SNAPSHOT_VERSION = 3;
  private static final int SNAPSHOT_VERSION_OLDEST = 2;

  private static final Quorum NOBODY_LEADS =
      () -> {
        throw new ControlPlaneException.Rejected("asked of a state that nobody leads");
      };

  private final Topics topics = new Topics();
  private final PartitionLogs logs = new PartitionLogs();
  private final FileLeases leases = new FileLeases();
  private final Agents agents = new Agents();
  private final ProducerIdBlocks producerIds = new ProducerIdBlocks();
  private final TransactionTable transactions = new TransactionTable();
  private final Lookups lookups = new Lookups(logs);
  private final GroupTable groups = new GroupTable();
  private final AdminTables admin = new AdminTables();
  private final ShareRules shareRules =
      new ShareRules(group -> admin.settings(ResourceSettings.Kind.GROUP, group));
  private final SharePartitions shares = new SharePartitions(logs::find, shareRules::of);

  /// Empty until the cluster is founded.
  private String clusterId = "";

  private long timeMs;
  private final CatalogChanges catalog = new CatalogChanges();

  public boolean founded() {
    return !clusterId.isEmpty();
  }

  /// Founds the cluster, here and now; every replica does so with the record returned.
  ///
  /// @param clusterId not empty
  public StateRecord found(String clusterId, long nowMs) {
    Invariant.check(!founded(), "the cluster is founded already");
    StateRecord record = new ClusterFounded(clusterId, nowMs);
    replay(record, ChangeListener.NONE);
    return record;
  }

  /// Answers a command. What it changes is decided, replayed here at once, and added to `records`.
  ///
  /// @param nowMs the time; never before [#timeMs]
  /// @throws io.weft.controlplane.api.ControlPlaneException.Rejected and nothing has changed
  public <R> R take(
      Command<R> command, long nowMs, List<StateRecord> records, ChangeListener changes) {
    return take(command, nowMs, records, changes, NOBODY_LEADS);
  }

  /// As [#take(Command, long, List, ChangeListener)], by a leader.
  public <R> R take(
      Command<R> command,
      long nowMs,
      List<StateRecord> records,
      ChangeListener changes,
      Quorum quorum) {
    return command.askOf(turn(nowMs, records, changes, quorum));
  }

  /// Ends an agent's registration; no effect if it is not known.
  public void expireAgent(
      AgentId agent, long nowMs, List<StateRecord> records, ChangeListener changes) {
    turn(nowMs, records, changes).apply(agents.decideGone(agent));
  }

  /// Ends the lease of file ids that begins at this id; no effect if there is none.
  public void expireFileIds(
      long firstFileId, long nowMs, List<StateRecord> records, ChangeListener changes) {
    turn(nowMs, records, changes).apply(leases.decideExpire(firstFileId, nowMs));
  }

  /// Forgets what producers sent last that placed nothing since then.
  public void expireProducers(
      long unusedSinceMs, long nowMs, List<StateRecord> records, ChangeListener changes) {
    turn(nowMs, records, changes).apply(logs.decideExpireProducers(unusedSinceMs, nowMs));
  }

  /// Writes a record of the group coordinator's, which decides elsewhere.
  ///
  /// @param row a [GroupRowPut] or a [GroupRowDropped]
  public void writeGroupRow(
      StateRecord row, long nowMs, List<StateRecord> records, ChangeListener changes) {
    turn(nowMs, records, changes).apply(Decision.of(row, true));
  }

  /// The transactions, as a turn asks them.
  public TransactionDesk transactions(
      long nowMs, List<StateRecord> records, ChangeListener changes) {
    return turn(nowMs, records, changes).transactions();
  }

  /// Aborts a transaction that has been open for too long; no effect if it is not open any more.
  public void expireTransaction(
      OpenTransaction late, long nowMs, List<StateRecord> records, ChangeListener changes) {
    turn(nowMs, records, changes).apply(stepRules(nowMs).timeOut(late));
  }

  /// Forgets transactional ids that nobody used since then.
  public void expireTransactionalIds(
      long unusedSinceMs, long nowMs, List<StateRecord> records, ChangeListener changes) {
    turn(nowMs, records, changes).apply(transactions.decideExpire(unusedSinceMs, nowMs));
  }

  /// Makes a change of share groups that was decided elsewhere.
  public void changeShares(
      ShareChange change, long nowMs, List<StateRecord> records, ChangeListener changes) {
    turn(nowMs, records, changes).apply(Decision.of(new ShareChanged(change), true));
  }

  /// Whether a group may begin these partitions too.
  public boolean hasShareRoom(String group, List<PartitionId> partitions) {
    return shares.hasRoom(group, partitions);
  }

  public Optional<SharePartitions.Summary> shareSummary(String group, PartitionId partition) {
    return shares.summary(group, partition);
  }

  /// Gives back the records that members of share groups have had for too long.
  public void expireShareLocks(long nowMs, List<StateRecord> records, ChangeListener changes) {
    turn(nowMs, records, changes).applyShares(shares.decideOverdue(nowMs));
  }

  /// Makes a record part of the state: the only thing that changes it. A record that does not fit
  /// is a bug and leaves a state that must not be used any more.
  public void replay(StateRecord record, ChangeListener changes) {
    Invariant.check(
        founded() || record instanceof ClusterFounded, "a record before the cluster is founded");
    switch (record) {
      case ClusterFounded founded -> replayFounded(founded, changes);
      case TopicCreated created -> {
        topics.replay(created);
        logs.replay(created);
        topicChanged(created.topic().id(), changes);
      }
      case TopicDeleted deleted -> replayDeleted(deleted, changes);
      case TopicGrown grown -> {
        topics.replay(grown);
        logs.replay(grown);
        topicChanged(grown.topic(), changes);
      }
      case TopicConfigured configured -> {
        topics.replay(configured);
        logs.replay(configured);
        topicChanged(configured.topic(), changes);
      }
      case AgentRegistered registered -> agents.replay(registered);
      case AgentGone gone -> agents.replay(gone);
      case FileIdsLeased leased -> {
        leases.replay(leased);
        timeReached(leased.timeMs());
      }
      case FileIdsExpired expired -> {
        leases.replay(expired);
        timeReached(expired.timeMs());
      }
      case ProducerIdsLeased leased -> producerIds.replay(leased);
      case FileCommitted committed -> {
        leases.replay(committed);
        logs.replay(committed, changes);
        replayTransactional(committed);
        timeReached(committed.timeMs());
      }
      case LogStartMoved moved -> logs.replay(moved, changes);
      case ProducersExpired expired -> {
        logs.replay(expired);
        timeReached(expired.timeMs());
      }
      case GroupRowPut put -> groups.put(put.key(), put.value(), put.producerId());
      case GroupRowDropped dropped -> groups.drop(dropped.key());
      case TransactionChanged changed -> {
        replayChange(changed.change(), changes);
        timeReached(changed.change().timeMs());
      }
      case ShareChanged changed -> shares.replay(changed.change());
      case Administered administered -> admin.replay(administered, changes);
    }
    if (record instanceof AgentRegistered || record instanceof AgentGone) {
      changes.catalogChanged(catalog.note());
    }
  }

  public Optional<PartitionBounds> bounds(PartitionId partition) {
    return logs.find(partition).map(log -> log.bounds());
  }

  /// The group coordinator's records; to be read only.
  public GroupTable groups() {
    return groups;
  }

  /// The live agents, by id order.
  public List<AgentId> agents() {
    return agents.ids();
  }

  /// The leases that have not expired, by id order.
  public List<OutstandingLease> leases() {
    return leases.outstanding();
  }

  /// The settings of all resources of a kind, by name.
  public Map<String, Map<String, String>> settings(ResourceSettings.Kind kind) {
    return admin.settings(kind);
  }

  /// Rises whenever topics, their settings or the agents change.
  public long catalogVersion() {
    return catalog.version();
  }

  /// All topics and agents.
  public Catalog catalog() {
    return new Catalog(catalog.version(), clusterId, agents.epoch(), topics.list(), agents.list());
  }

  /// The open transactions, by the order of their transactional ids.
  public List<OpenTransaction> openTransactions() {
    return transactions.open();
  }

  /// The largest time of any record replayed.
  public long timeMs() {
    return timeMs;
  }

  /// Bytes: version clusterId timeMs catalogVersion producerIds agents topics leases logs groups
  /// transactions shares admin former. (Version 2 has no former.) Equal states have equal bytes.
  public void writeSnapshot(WireWriter out) {
    out.writeByte(SNAPSHOT_VERSION);
    writeWithoutFormer(out);
    logs.former().write(out);
  }

  void writeWithoutFormer(WireWriter out) {
    out.writeString(clusterId);
    out.writeVarLong(timeMs);
    out.writeVarLong(catalog.version());
    producerIds.write(out);
    agents.write(out);
    topics.write(out);
    leases.write(out);
    logs.write(out);
    groups.write(out);
    transactions.write(out);
    shares.write(out);
    admin.write(out);
  }

  /// @throws MalformedBytesException if these are no snapshot's bytes
  public static ControlPlaneState readSnapshot(WireReader in) {
    byte version = in.readByte();
    NewerFormatException.check(
        "the state in a snapshot", version, SNAPSHOT_VERSION_OLDEST, SNAPSHOT_VERSION);
    return MalformedBytesException.ifImpossible("snapshot", () -> readState(version, in));
  }

  private static ControlPlaneState readState(byte version, WireReader in) {
    ControlPlaneState state = new ControlPlaneState();
    state.clusterId = in.readString();
    state.timeMs = in.readVarLong();
    state.catalog.beginAt(in.readVarLong());
    state.producerIds.read(in);
    state.agents.read(in);
    state.topics.read(in);
    state.leases.read(in);
    state.logs.read(in, state.topics);
    state.groups.read(in);
    state.transactions.read(in);
    state.shares.read(in);
    state.admin.read(in);
    if (version >= 3) {
      state.former().read(in);
    } else {
      state.former().beginUnknown();
    }
    return state;
  }

  public FormerProducers former() {
    return logs.former();
  }

  Decision<FileOutcome> decideCommit(
      AgentId agent, long settledBelow, UploadedFile file, long nowMs) {
    Optional<FileOutcome> settled = leases.settledOutcome(agent, file.fileId());
    if (settled.isPresent()) {
      return Decision.of(settled.get());
    }
    List<BatchOutcomes> outcomes =
        logs.judge(file, nowMs, new Knowledge(producerIds.issuedBelow(), transactions.gate()));
    FileCommitted record = new FileCommitted(agent, settledBelow, nowMs, file, outcomes);
    return Decision.of(record, new FileOutcome.Committed(record.outcomes()));
  }

  Decision<LeaseOutcome> decideFileLease(AgentId agent, int count, long nowMs) {
    return agents.isKnown(agent)
        ? leases.decideLease(agent, count, FILE_IDS_USABLE_MS, nowMs)
        : Decision.of(new LeaseOutcome.UnknownAgent());
  }

  Decision<DeleteOutcome> decideDeleteRecords(RecordsBefore deletion) {
    return logs.decideDeleteRecords(deletion);
  }

  Page catalogAfter(Position known) {
    return catalog.after(
        known, new CatalogChanges.Now(clusterId, topics.byName(), topics.byId(), agents.members()));
  }

  String clusterId() {
    return clusterId;
  }

  Topics topics() {
    return topics;
  }

  Agents members() {
    return agents;
  }

  ProducerIdBlocks producerIds() {
    return producerIds;
  }

  Lookups lookups() {
    return lookups;
  }

  AdminTables admin() {
    return admin;
  }

  SharePartitions shares() {
    return shares;
  }

  public ShareRules shareRules() {
    return shareRules;
  }

  LiveFiles files() {
    return logs.files();
  }

  StepRules stepRules(long nowMs) {
    return new StepRules(transactions, producerIds.issuedBelow(), nowMs);
  }

  TransactionTable transactions() {
    return transactions;
  }

  PartitionLogs logs() {
    return logs;
  }

  private Turn turn(long nowMs, List<StateRecord> records, ChangeListener changes) {
    return turn(nowMs, records, changes, NOBODY_LEADS);
  }

  private Turn turn(long nowMs, List<StateRecord> records, ChangeListener changes, Quorum quorum) {
    Invariant.check(founded(), "asked before the cluster is founded");
    Invariant.check(nowMs >= timeMs, "time goes back to %d", nowMs);
    return new Turn(this, nowMs, records, changes, quorum);
  }

  /// A founder replays its own record already when it makes it.
  private void replayFounded(ClusterFounded record, ChangeListener changes) {
    Invariant.check(!record.clusterId().isEmpty(), "a cluster without an id");
    if (founded()) {
      Invariant.check(clusterId.equals(record.clusterId()), "the cluster is founded twice");
      return;
    }
    clusterId = record.clusterId();
    timeReached(record.timeMs());
    changes.catalogChanged(catalog.note());
  }

  private void replayDeleted(TopicDeleted record, ChangeListener changes) {
    topics.replay(record);
    logs.replay(record, changes);
    shares.forget(record.topic());
    topicChanged(record.topic(), changes);
  }

  private void replayTransactional(FileCommitted record) {
    for (int i = 0; i < record.outcomes().size(); i++) {
      UploadedBatches run = record.file().partitions().get(i);
      BatchOutcomes outcomes = record.outcomes().get(i);
      for (int batch = 0; batch < run.count(); batch++) {
        if (run.isTransactional(batch) && outcomes.verdict(batch) == Verdict.PLACED) {
          transactions.placed(run.producerIds()[batch], run.partition(), record.timeMs());
        }
      }
    }
  }

  private void replayChange(TransactionChange change, ChangeListener changes) {
    if (change instanceof TransactionChange.Ended ended) {
      long producerId = transactions.producer(ended.transactionalId()).producerId();
      Ending ending =
          new Ending(producerId, ended.markerEpoch(), ended.committed(), ended.timeMs());
      logs.endTransaction(transactions.partitions(ended.transactionalId()), ending, changes);
      transactions.replay(ended);
      groups.endTransaction(producerId, ended.committed());
      changes.transactionEnded(producerId, ended.markerEpoch(), ended.committed());
    } else {
      transactions.replay(change);
    }
  }

  private void topicChanged(TopicId topic, ChangeListener changes) {
    changes.catalogChanged(catalog.note(topic));
  }

  private void timeReached(long reachedMs) {
    timeMs = Math.max(timeMs, reachedMs);
  }
}
