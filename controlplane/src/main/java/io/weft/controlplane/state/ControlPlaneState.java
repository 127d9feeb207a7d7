package io.weft.controlplane.state;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.api.question.Answers;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.state.admin.CredentialRecord;
import io.weft.controlplane.state.admin.CredentialTable;
import io.weft.controlplane.state.admin.QuotaAltered;
import io.weft.controlplane.state.admin.QuotaTable;
import io.weft.controlplane.state.admin.ResourceConfigured;
import io.weft.controlplane.state.admin.ResourceTables;
import io.weft.controlplane.state.agent.AgentRecord;
import io.weft.controlplane.state.agent.Agents;
import io.weft.controlplane.state.agent.NeighbourKeyMade;
import io.weft.controlplane.state.agent.NeighbourKeys;
import io.weft.controlplane.state.catalog.CatalogDesk;
import io.weft.controlplane.state.catalog.TopicDeletion;
import io.weft.controlplane.state.collection.FileCollection;
import io.weft.controlplane.state.commit.Commits;
import io.weft.controlplane.state.compaction.CleaningDesk;
import io.weft.controlplane.state.compaction.CompactionDesk;
import io.weft.controlplane.state.dead.CondemnedFiles;
import io.weft.controlplane.state.dead.DeadFileRecord;
import io.weft.controlplane.state.file.FileLeases;
import io.weft.controlplane.state.file.FileRecord;
import io.weft.controlplane.state.file.FileRecord.FileCommitted;
import io.weft.controlplane.state.groups.GroupRecord;
import io.weft.controlplane.state.groups.GroupTable;
import io.weft.controlplane.state.level.ClusterLevel;
import io.weft.controlplane.state.level.LevelRaised;
import io.weft.controlplane.state.log.LogRecord;
import io.weft.controlplane.state.log.Lookups;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.part.StateRecord.ClusterFounded;
import io.weft.controlplane.state.part.Step;
import io.weft.controlplane.state.producer.IssuedProducerIds;
import io.weft.controlplane.state.producer.ProducerIdsLeased;
import io.weft.controlplane.state.share.ShareChanged;
import io.weft.controlplane.state.share.ShareDesk;
import io.weft.controlplane.state.topic.TopicRecord;
import io.weft.controlplane.state.topic.TopicRecord.TopicDeleted;
import io.weft.controlplane.state.topic.TopicRecord.TopicRetired;
import io.weft.controlplane.state.topic.Topics;
import io.weft.controlplane.state.transaction.TransactionChanged;
import io.weft.controlplane.state.transaction.TransactionDesk;
import io.weft.model.Invariant;
import java.util.List;

/// All that the control plane knows: a list of parts. Owned by one thread.
public final class ControlPlaneState implements Answers {
  private static final Quorum NOBODY_LEADS =
      () -> {
        throw new ControlPlaneException.Rejected("asked of a state that nobody leads");
      };

  private final Cluster cluster = new Cluster();
  private final CurrentStep step = new CurrentStep(this::replay);
  private final IssuedProducerIds producerIds = new IssuedProducerIds(step);
  private final ClusterLevel level = new ClusterLevel(step);
  private final NeighbourKeys neighbourKeys = new NeighbourKeys(step, level::value);
  private final Agents agents = new Agents(step, cluster::id, level::value, neighbourKeys::valid);
  private final Topics topics = new Topics();
  private final FileLeases leases = new FileLeases(step, level::value, agents::isKnown);
  private final CondemnedFiles condemned = new CondemnedFiles(leases);
  private final PartitionLogs logs = new PartitionLogs(step, topics, level::value, condemned);
  private final FileCollection collection =
      new FileCollection(step, level::value, agents::isKnown, leases, logs.files(), condemned);
  private final GroupTable groups = new GroupTable();
  private final TransactionDesk transactions = new TransactionDesk(step, producerIds, logs, groups);
  private final ResourceTables resources = new ResourceTables(step);
  private final ShareDesk shares =
      new ShareDesk(step, logs::find, group -> resources.settings(Kind.GROUP, group));
  private final CompactionDesk compactions = new CompactionDesk(leases, logs);
  private final CleaningDesk cleanings = new CleaningDesk(leases, logs);
  private final TopicDeletion deletion = new TopicDeletion(step, topics, logs, level::value);
  private final CatalogDesk catalog =
      new CatalogDesk(step, topics, deletion, agents, logs, cluster::id);

  /// In the order in which they replay what concerns several, and stand in a snapshot.
  private final Parts parts =
      new Parts()
          .add(producerIds, ProducerIdsLeased.class)
          .add(agents, AgentRecord.class)
          .add(topics, TopicRecord.class)
          .add(leases, FileRecord.class)
          .add(condemned, DeadFileRecord.class)
          .hearing(FileRecord.class)
          .add(logs, LogRecord.class)
          .hearing(TopicRecord.class, FileCommitted.class, DeadFileRecord.class)
          .add(groups, GroupRecord.class)
          .add(transactions, TransactionChanged.class)
          .hearing(FileCommitted.class)
          .add(shares, ShareChanged.class)
          .hearing(TopicDeleted.class, TopicRetired.class)
          .add(resources, ResourceConfigured.class)
          .add(new QuotaTable(step), QuotaAltered.class)
          .add(new CredentialTable(step), CredentialRecord.class)
          .add(catalog)
          .hearing(ClusterFounded.class, TopicRecord.class, AgentRecord.class)
          .add(deletion)
          .add(new Lookups(logs))
          .add(new Commits(step, leases, condemned, logs, producerIds, transactions))
          .add(compactions)
          .add(cleanings)
          .add(collection)
          .add(neighbourKeys, NeighbourKeyMade.class)
          .add(level, LevelRaised.class);

  private Quorum quorum = NOBODY_LEADS;

  public boolean founded() {
    return cluster.isFounded();
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

  /// From here on, what is asked and what runs out belongs to this step.
  ///
  /// @return this
  public ControlPlaneState in(Step next) {
    Invariant.check(next.nowMs() >= timeMs(), "time goes back to %d", next.nowMs());
    step.begin(next);
    return this;
  }

  /// Answers a command in the current step: what it changes is decided, replayed here at once, and
  /// added to the step's records.
  ///
  /// @throws io.weft.controlplane.api.ControlPlaneException.Rejected and nothing has changed
  public <R> R take(Command<R> command) {
    Invariant.check(founded(), "asked before the cluster is founded");
    return command.askOf(this);
  }

  /// The part that answers an interface of `controlplane.api`, in the current step.
  @Override
  public <A> A as(Class<A> asker) {
    return asker == Quorum.class ? asker.cast(quorum) : parts.as(asker);
  }

  /// Whom to ask from here on how the control plane is led.
  public void ledBy(Quorum leading) {
    quorum = leading;
  }

  /// Makes a record that was decided elsewhere part of the state and of the current step.
  public void make(StateRecord record) {
    step.make(record);
  }

  /// Makes a record part of the state: the only thing that changes it. A record that does not fit
  /// is a bug and leaves a state that must not be used any more.
  public void replay(StateRecord record, ChangeListener changes) {
    if (cluster.begins(record)) {
      parts.replay(record, changes);
      cluster.reach(record);
    }
  }

  /// The largest time of any record replayed.
  public long timeMs() {
    return cluster.timeMs();
  }

  public Agents agents() {
    return agents;
  }

  /// What agents sign with what they ask of each other.
  public NeighbourKeys neighbourKeys() {
    return neighbourKeys;
  }

  /// The level at which the journal and snapshots are written.
  public ClusterLevel level() {
    return level;
  }

  public FileLeases leases() {
    return leases;
  }

  public PartitionLogs logs() {
    return logs;
  }

  /// The files that no log needs, and what becomes of them.
  public FileCollection collection() {
    return collection;
  }

  /// The group coordinator's records; to be read only.
  public GroupTable groups() {
    return groups;
  }

  public CompactionDesk compactions() {
    return compactions;
  }

  public CleaningDesk cleanings() {
    return cleanings;
  }

  public TransactionDesk transactions() {
    return transactions;
  }

  public ShareDesk shares() {
    return shares;
  }

  public ResourceTables resources() {
    return resources;
  }

  public TopicDeletion deletion() {
    return deletion;
  }

  public CatalogDesk catalog() {
    return catalog;
  }

  /// The families of all records that there are.
  List<Class<? extends StateRecord>> records() {
    return parts.records();
  }

  /// All but what is remembered of deleted topics' producers.
  void write(WireWriter out) {
    cluster.write(out);
    out.writeVarLong(catalog.version());
    parts.write(out);
  }

  void read(WireReader in) {
    cluster.read(in);
    catalog.beginAt(in.readVarLong());
    parts.read(in);
  }
}
