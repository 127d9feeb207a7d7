package io.weft.controlplane.command;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.Groups;
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
import io.weft.controlplane.command.admin.CommandedAdministration;
import io.weft.model.AgentId;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The control plane's interfaces, each call turned into a command for a port. Thread-safe.
public final class CommandedControlPlane
    implements ControlPlane,
        Sequencer,
        ExtentIndex,
        TopicCatalog,
        Producers,
        FileLedger,
        Membership,
        Groups,
        ShareGroups {
  private final CommandPort port;
  private final CommandedAdministration administration;

  public CommandedControlPlane(CommandPort port) {
    this.port = port;
    this.administration = new CommandedAdministration(port);
  }

  @Override
  public Sequencer sequencer() {
    return this;
  }

  @Override
  public ExtentIndex extents() {
    return this;
  }

  @Override
  public CommitFeed feed() {
    return port.feed();
  }

  @Override
  public TopicCatalog topics() {
    return this;
  }

  @Override
  public Producers producers() {
    return this;
  }

  @Override
  public Transactions transactions() {
    return new CommandedTransactions(port);
  }

  @Override
  public FileLedger files() {
    return this;
  }

  @Override
  public Membership membership() {
    return this;
  }

  @Override
  public ResourceSettings resources() {
    return administration.resources();
  }

  @Override
  public ClientQuotas quotas() {
    return administration.quotas();
  }

  @Override
  public ScramCredentials credentials() {
    return administration.credentials();
  }

  @Override
  public Quorum quorum() {
    return administration.quorum();
  }

  @Override
  public Groups groups() {
    return this;
  }

  @Override
  public ShareGroups shareGroups() {
    return this;
  }

  @Override
  public OpaqueBytes coordinate(GroupRequest request) {
    return port.ask(new Command.AskGroups(request));
  }

  @Override
  public Acquisition acquire(AcquireOrder order) {
    return port.ask(new Command.AcquireShared(order));
  }

  @Override
  public List<AcknowledgeOutcome> acknowledge(AcknowledgeOrder order) {
    return port.ask(new Command.AcknowledgeShared(order));
  }

  @Override
  public boolean release(String group, String member, List<PartitionId> partitions) {
    return port.ask(new Command.ReleaseShared(group, member, partitions));
  }

  @Override
  public boolean begin(String group, List<PartitionId> partitions, Optional<Long> startOffset) {
    return port.ask(new Command.BeginShared(group, partitions, startOffset));
  }

  @Override
  public boolean startAt(String group, PartitionId partition, long startOffset) {
    return port.ask(new Command.StartSharedAt(group, partition, startOffset));
  }

  @Override
  public List<FileOutcome> commit(AgentId agent, long settledBelow, List<UploadedFile> files) {
    return port.ask(new Command.Commit(agent, settledBelow, files));
  }

  @Override
  public List<ExtentsFound> find(List<ExtentQuery> queries) {
    return port.ask(new Command.FindExtents(queries));
  }

  @Override
  public List<ExtentsFound> findByTime(List<TimeQuery> queries) {
    return port.ask(new Command.FindExtentsByTime(queries));
  }

  @Override
  public List<Long> sizes(List<PartitionId> partitions) {
    return port.ask(new Command.PartitionSizes(partitions));
  }

  @Override
  public Page page(Position known) {
    return port.ask(new Command.ReadCatalog(known));
  }

  @Override
  public CreateOutcome create(NewTopic topic) {
    return port.ask(new Command.CreateTopic(topic));
  }

  @Override
  public boolean delete(TopicId topic) {
    return port.ask(new Command.DeleteTopic(topic));
  }

  @Override
  public GrowOutcome grow(TopicId topic, int partitions) {
    return port.ask(new Command.GrowTopic(topic, partitions));
  }

  @Override
  public ConfigureOutcome configure(
      TopicId topic, long expectedVersion, Map<String, String> settings) {
    return port.ask(new Command.ConfigureTopic(topic, expectedVersion, settings));
  }

  @Override
  public List<DeleteOutcome> deleteRecords(List<RecordsBefore> deletions) {
    return port.ask(new Command.DeleteRecords(deletions));
  }

  @Override
  public ProducerIds leaseIds(AgentId agent, int count) {
    return port.ask(new Command.LeaseProducerIds(agent, count));
  }

  @Override
  public LeaseOutcome lease(AgentId agent, int count) {
    return port.ask(new Command.LeaseFileIds(agent, count));
  }

  @Override
  public Registered register(UUID instance, Zone zone, String host, int port) {
    return this.port.ask(new Command.RegisterAgent(instance, zone, host, port));
  }

  @Override
  public boolean renew(AgentId agent) {
    return port.ask(new Command.RenewAgent(agent));
  }

  @Override
  public void leave(AgentId agent) {
    port.ask(new Command.LeaveAgent(agent));
  }

  @Override
  public void close() {
    port.close();
  }
}
