package io.weft.controlplane.state;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.state.admin.AdminTables;
import io.weft.controlplane.state.agent.Agents;
import io.weft.controlplane.state.catalog.CatalogDesk;
import io.weft.controlplane.state.commit.Commits;
import io.weft.controlplane.state.file.FileLeases;
import io.weft.controlplane.state.groups.GroupTable;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.part.StateRecord.ClusterFounded;
import io.weft.controlplane.state.part.Step;
import io.weft.controlplane.state.partition.Knowledge;
import io.weft.controlplane.state.producer.IssuedProducerIds;
import io.weft.controlplane.state.share.SharePartitions;
import io.weft.controlplane.state.share.ShareRules;
import io.weft.controlplane.state.topic.Topics;
import io.weft.controlplane.state.transaction.TransactionDesk;
import io.weft.model.Invariant;
import java.util.List;

/// All that the control plane knows: a list of parts. Owned by one thread.
public final class ControlPlaneState {
  private static final int SNAPSHOT_VERSION = 3;
  private static final int SNAPSHOT_VERSION_OLDEST = 2;

  private static final Quorum NOBODY_LEADS =
      () -> {
        throw new ControlPlaneException.Rejected("asked of a state that nobody leads");
      };

  private final CurrentStep step = new CurrentStep(this::replay);
  private final IssuedProducerIds producerIds = new IssuedProducerIds(step);
  private final Agents agents = new Agents(step, this::clusterId);
  private final Topics topics = new Topics();
  private final FileLeases leases = new FileLeases(step, agents::isKnown);
  private final PartitionLogs logs = new PartitionLogs(step, topics);
  private final GroupTable groups = new GroupTable();
  private final TransactionDesk transactions = new TransactionDesk(step, producerIds, logs, groups);
  private final AdminTables admin = new AdminTables(step);
  private final ShareRules shareRules =
      new ShareRules(group -> admin.settings(ResourceSettings.Kind.GROUP, group));
  private final SharePartitions shares = new SharePartitions(step, logs::find, shareRules::of);
  private final CatalogDesk catalog = new CatalogDesk(step, topics, agents, logs, this::clusterId);
  private final Commits commits =
      new Commits(
          step, leases, logs, () -> new Knowledge(producerIds.issuedBelow(), transactions.gate()));

  /// In the order in which they replay a record that concerns several, and stand in a snapshot.
  private final Parts parts =
      new Parts(
          List.of(
              producerIds,
              agents,
              topics,
              leases,
              logs,
              groups,
              transactions,
              shares,
              admin,
              catalog,
              commits));

  private Quorum quorum = NOBODY_LEADS;

  /// Empty until the cluster is founded.
  private String clusterId = "";

  private long timeMs;

  public boolean founded() {
    return !clusterId.isEmpty();
  }

  /// Founds the cluster, here and now; every replica does so with the record returned.
  ///
  /// @param newClusterId not empty
  public StateRecord found(String newClusterId, long nowMs) {
    Invariant.check(!founded(), "the cluster is founded already");
    StateRecord record = new ClusterFounded(newClusterId, nowMs);
    replay(record, ChangeListener.NONE);
    return record;
  }

  /// From here on, what is asked and what runs out belongs to this step.
  ///
  /// @return this
  public ControlPlaneState in(Step next) {
    Invariant.check(next.nowMs() >= timeMs, "time goes back to %d", next.nowMs());
    step.begin(next);
    return this;
  }

  /// Answers a command in the current step: what it changes is decided, replayed here at once, and
  /// added to the step's records.
  ///
  /// @throws io.weft.controlplane.api.ControlPlaneException.Rejected and nothing has changed
  public <R> R take(Command<R> command) {
    Invariant.check(founded(), "asked before the cluster is founded");
    return command.askOf(new StateAnswers(this));
  }

  /// The part that answers an interface of `controlplane.api`, in the current step.
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
    if (record instanceof ClusterFounded founding) {
      if (!becomesFounded(founding)) {
        return;
      }
    } else {
      Invariant.check(founded(), "a record before the cluster is founded");
    }
    parts.replay(record, changes);
    if (record instanceof StateRecord.Timed timed) {
      timeMs = Math.max(timeMs, timed.timeMs());
    }
  }

  /// @return false for a founder's own record: it has replayed it already when it made it
  private boolean becomesFounded(ClusterFounded record) {
    Invariant.check(!record.clusterId().isEmpty(), "a cluster without an id");
    if (founded()) {
      Invariant.check(clusterId.equals(record.clusterId()), "the cluster is founded twice");
      return false;
    }
    clusterId = record.clusterId();
    return true;
  }

  private String clusterId() {
    return clusterId;
  }

  /// The largest time of any record replayed.
  public long timeMs() {
    return timeMs;
  }

  public Agents agents() {
    return agents;
  }

  public FileLeases leases() {
    return leases;
  }

  public PartitionLogs logs() {
    return logs;
  }

  /// The group coordinator's records; to be read only.
  public GroupTable groups() {
    return groups;
  }

  public TransactionDesk transactions() {
    return transactions;
  }

  public SharePartitions shares() {
    return shares;
  }

  public ShareRules shareRules() {
    return shareRules;
  }

  public AdminTables admin() {
    return admin;
  }

  public CatalogDesk catalog() {
    return catalog;
  }

  /// The families of all records that there are.
  List<Class<? extends StateRecord>> records() {
    return parts.records();
  }

  /// Bytes: version clusterId timeMs catalogVersion, the parts, former. (Version 2 has no former.)
  /// Equal states have equal bytes.
  public void writeSnapshot(WireWriter out) {
    out.writeByte(SNAPSHOT_VERSION);
    writeWithoutFormer(out);
    logs.former().write(out);
  }

  void writeWithoutFormer(WireWriter out) {
    out.writeString(clusterId);
    out.writeVarLong(timeMs);
    out.writeVarLong(catalog.version());
    parts.write(out);
  }

  /// @throws MalformedBytesException if these are no snapshot's bytes
  public static ControlPlaneState readSnapshot(WireReader in) {
    byte version = in.readByte();
    NewerFormatException.check(
        "the state in a snapshot", version, SNAPSHOT_VERSION_OLDEST, SNAPSHOT_VERSION);
    ControlPlaneState state = new ControlPlaneState();
    try {
      state.read(in, version);
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      MalformedBytesException malformed =
          new MalformedBytesException("an impossible snapshot: " + e.getMessage());
      malformed.initCause(e);
      throw malformed;
    }
    return state;
  }

  private void read(WireReader in, byte version) {
    clusterId = in.readString();
    timeMs = in.readVarLong();
    catalog.beginAt(in.readVarLong());
    parts.read(in);
    if (version >= 3) {
      logs.former().read(in);
    } else {
      logs.former().beginUnknown();
    }
  }
}
