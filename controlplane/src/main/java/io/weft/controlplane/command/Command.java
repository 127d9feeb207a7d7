package io.weft.controlplane.command;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.controlplane.api.Producers.ProducerIds;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOrder;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOutcome;
import io.weft.controlplane.api.ShareGroups.AcquireOrder;
import io.weft.controlplane.api.ShareGroups.Acquisition;
import io.weft.controlplane.api.TopicCatalog.ConfigureOutcome;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.DeleteOutcome;
import io.weft.controlplane.api.TopicCatalog.GrowOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.Transactions.ActiveProducer;
import io.weft.controlplane.api.transaction.Transactions.Description;
import io.weft.controlplane.api.transaction.Transactions.Filter;
import io.weft.controlplane.api.transaction.Transactions.Listed;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.model.AgentId;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// One question to the control plane. What each means is said at the `api` method of the same name.
///
/// @param <R> the type of its reply
public sealed interface Command<R>
    permits AdminCommand,
        Command.Commit,
        Command.LeaseFileIds,
        Command.LeaseProducerIds,
        Command.FindExtents,
        Command.FindExtentsByTime,
        Command.PartitionSizes,
        Command.ReadCatalog,
        Command.CreateTopic,
        Command.DeleteTopic,
        Command.GrowTopic,
        Command.ConfigureTopic,
        Command.DeleteRecords,
        Command.RegisterAgent,
        Command.RenewAgent,
        Command.LeaveAgent,
        Command.AskGroups,
        Command.TakeTransactionStep,
        Command.DescribeTransactions,
        Command.ListTransactions,
        Command.DescribeProducers,
        Command.AcquireShared,
        Command.AcknowledgeShared,
        Command.ReleaseShared,
        Command.BeginShared,
        Command.StartSharedAt {
  /// How its reply is written and read. It knows the question: a reply that cannot be one to it
  /// (another number of answers, say) is malformed.
  Wire<R> replyWire();

  /// Asks somebody who can answer directly. (It is what gives a reply its type: a `switch` over the
  /// kinds of commands cannot.)
  R askOf(ControlPlane answering);

  /// About how many bytes a reply takes while it waits to be sent; what is always short counts as
  /// nothing.
  default long replyBytes(R reply) {
    return 0;
  }

  /// What it asks of the group coordinator, if that is what it does. Such a command says how long
  /// its asker waits, and is never repeated: it may have happened, and only the client knows
  /// whether to say it again. All others may be repeated as they are.
  default Optional<Coordination<R>> coordination() {
    return Optional.empty();
  }

  /// @param reply makes the command's reply of the coordinator's
  record Coordination<R>(GroupRequest request, Function<OpaqueBytes, R> reply) {}

  record Commit(AgentId agent, long settledBelow, List<UploadedFile> files)
      implements Command<List<FileOutcome>> {
    @Override
    public Wire<List<FileOutcome>> replyWire() {
      return new CommitReplyWire(this);
    }

    @Override
    public List<FileOutcome> askOf(ControlPlane answering) {
      return answering.sequencer().commit(agent, settledBelow, files);
    }
  }

  record LeaseFileIds(AgentId agent, int count) implements Command<LeaseOutcome> {
    @Override
    public Wire<LeaseOutcome> replyWire() {
      return AgentWire.LEASE_OUTCOME;
    }

    @Override
    public LeaseOutcome askOf(ControlPlane answering) {
      return answering.files().lease(agent, count);
    }
  }

  record LeaseProducerIds(AgentId agent, int count) implements Command<ProducerIds> {
    @Override
    public Wire<ProducerIds> replyWire() {
      return AgentWire.PRODUCER_IDS;
    }

    @Override
    public ProducerIds askOf(ControlPlane answering) {
      return answering.producers().leaseIds(agent, count);
    }
  }

  record FindExtents(List<ExtentQuery> queries) implements Command<List<ExtentsFound>> {
    @Override
    public Wire<List<ExtentsFound>> replyWire() {
      return ExtentWire.answers(queries.size());
    }

    @Override
    public List<ExtentsFound> askOf(ControlPlane answering) {
      return answering.extents().find(queries);
    }
  }

  record FindExtentsByTime(List<TimeQuery> queries) implements Command<List<ExtentsFound>> {
    @Override
    public Wire<List<ExtentsFound>> replyWire() {
      return ExtentWire.answers(queries.size());
    }

    @Override
    public List<ExtentsFound> askOf(ControlPlane answering) {
      return answering.extents().findByTime(queries);
    }
  }

  record PartitionSizes(List<PartitionId> partitions) implements Command<List<Long>> {
    @Override
    public Wire<List<Long>> replyWire() {
      return ExtentWire.sizes(partitions.size());
    }

    @Override
    public List<Long> askOf(ControlPlane answering) {
      return answering.extents().sizes(partitions);
    }
  }

  record ReadCatalog(Position known) implements Command<Page> {
    @Override
    public Wire<Page> replyWire() {
      return TopicWire.PAGE;
    }

    @Override
    public Page askOf(ControlPlane answering) {
      return answering.topics().page(known);
    }
  }

  record CreateTopic(NewTopic topic) implements Command<CreateOutcome> {
    @Override
    public Wire<CreateOutcome> replyWire() {
      return TopicWire.CREATE_OUTCOME;
    }

    @Override
    public CreateOutcome askOf(ControlPlane answering) {
      return answering.topics().create(topic);
    }
  }

  record DeleteTopic(TopicId topic) implements Command<Boolean> {
    @Override
    public Wire<Boolean> replyWire() {
      return ValueWire.BOOLEAN;
    }

    @Override
    public Boolean askOf(ControlPlane answering) {
      return answering.topics().delete(topic);
    }
  }

  record GrowTopic(TopicId topic, int partitions) implements Command<GrowOutcome> {
    @Override
    public Wire<GrowOutcome> replyWire() {
      return TopicWire.GROW_OUTCOME;
    }

    @Override
    public GrowOutcome askOf(ControlPlane answering) {
      return answering.topics().grow(topic, partitions);
    }
  }

  record ConfigureTopic(TopicId topic, long expectedVersion, Map<String, String> settings)
      implements Command<ConfigureOutcome> {
    @Override
    public Wire<ConfigureOutcome> replyWire() {
      return TopicWire.CONFIGURE_OUTCOME;
    }

    @Override
    public ConfigureOutcome askOf(ControlPlane answering) {
      return answering.topics().configure(topic, expectedVersion, settings);
    }
  }

  record DeleteRecords(List<RecordsBefore> deletions) implements Command<List<DeleteOutcome>> {
    @Override
    public Wire<List<DeleteOutcome>> replyWire() {
      return ValueWire.listOf(deletions.size(), 1, TopicWire.DELETE_OUTCOME);
    }

    @Override
    public List<DeleteOutcome> askOf(ControlPlane answering) {
      return answering.topics().deleteRecords(deletions);
    }
  }

  record RegisterAgent(UUID instance, Zone zone, String host, int port)
      implements Command<Registered> {
    @Override
    public Wire<Registered> replyWire() {
      return AgentWire.REGISTERED;
    }

    @Override
    public Registered askOf(ControlPlane answering) {
      return answering.membership().register(instance, zone, host, port);
    }
  }

  record RenewAgent(AgentId agent) implements Command<Boolean> {
    @Override
    public Wire<Boolean> replyWire() {
      return ValueWire.BOOLEAN;
    }

    @Override
    public Boolean askOf(ControlPlane answering) {
      return answering.membership().renew(agent);
    }
  }

  record LeaveAgent(AgentId agent) implements Command<Boolean> {
    @Override
    public Wire<Boolean> replyWire() {
      return ValueWire.BOOLEAN;
    }

    @Override
    public Boolean askOf(ControlPlane answering) {
      answering.membership().leave(agent);
      return true;
    }
  }

  record AskGroups(GroupRequest request) implements Command<OpaqueBytes> {
    @Override
    public Wire<OpaqueBytes> replyWire() {
      return GroupWire.REPLY;
    }

    @Override
    public OpaqueBytes askOf(ControlPlane answering) {
      return answering.groups().coordinate(request);
    }

    @Override
    public long replyBytes(OpaqueBytes reply) {
      return reply.size();
    }

    @Override
    public Optional<Coordination<OpaqueBytes>> coordination() {
      return Optional.of(new Coordination<>(request, Function.identity()));
    }
  }

  record TakeTransactionStep(TransactionStep step) implements Command<Outcome> {
    @Override
    public Wire<Outcome> replyWire() {
      return TransactionWire.OUTCOME;
    }

    @Override
    public Outcome askOf(ControlPlane answering) {
      return answering.transactions().take(step);
    }
  }

  record DescribeTransactions(List<String> transactionalIds)
      implements Command<List<Optional<Description>>> {
    @Override
    public Wire<List<Optional<Description>>> replyWire() {
      return TransactionWire.descriptions(transactionalIds.size());
    }

    @Override
    public List<Optional<Description>> askOf(ControlPlane answering) {
      return answering.transactions().describe(transactionalIds);
    }

    @Override
    public long replyBytes(List<Optional<Description>> reply) {
      return CommandBytes.ofDescriptions(reply);
    }
  }

  record ListTransactions(Filter filter, String after) implements Command<List<Listed>> {
    @Override
    public Wire<List<Listed>> replyWire() {
      return TransactionWire.LIST;
    }

    @Override
    public List<Listed> askOf(ControlPlane answering) {
      return answering.transactions().list(filter, after);
    }

    @Override
    public long replyBytes(List<Listed> reply) {
      return CommandBytes.ofListed(reply);
    }
  }

  record DescribeProducers(List<PartitionId> partitions)
      implements Command<List<Optional<List<ActiveProducer>>>> {
    @Override
    public Wire<List<Optional<List<ActiveProducer>>>> replyWire() {
      return TransactionWire.producers(partitions.size());
    }

    @Override
    public List<Optional<List<ActiveProducer>>> askOf(ControlPlane answering) {
      return answering.transactions().producers(partitions);
    }

    @Override
    public long replyBytes(List<Optional<List<ActiveProducer>>> reply) {
      return CommandBytes.ofProducers(reply);
    }
  }

  record AcquireShared(AcquireOrder order) implements Command<Acquisition> {
    @Override
    public Wire<Acquisition> replyWire() {
      return ShareWire.acquisition(order.partitions().size());
    }

    @Override
    public Acquisition askOf(ControlPlane answering) {
      return answering.shareGroups().acquire(order);
    }
  }

  record AcknowledgeShared(AcknowledgeOrder order) implements Command<List<AcknowledgeOutcome>> {
    @Override
    public Wire<List<AcknowledgeOutcome>> replyWire() {
      return ShareWire.outcomes(order.partitions().size());
    }

    @Override
    public List<AcknowledgeOutcome> askOf(ControlPlane answering) {
      return answering.shareGroups().acknowledge(order);
    }
  }

  record ReleaseShared(String group, String member, List<PartitionId> partitions)
      implements Command<Boolean> {
    @Override
    public Wire<Boolean> replyWire() {
      return ValueWire.BOOLEAN;
    }

    @Override
    public Boolean askOf(ControlPlane answering) {
      return answering.shareGroups().release(group, member, partitions);
    }
  }

  record BeginShared(String group, List<PartitionId> partitions, Optional<Long> startOffset)
      implements Command<Boolean> {
    @Override
    public Wire<Boolean> replyWire() {
      return ValueWire.BOOLEAN;
    }

    @Override
    public Boolean askOf(ControlPlane answering) {
      return answering.shareGroups().begin(group, partitions, startOffset);
    }
  }

  record StartSharedAt(String group, PartitionId partition, long startOffset)
      implements Command<Boolean> {
    @Override
    public Wire<Boolean> replyWire() {
      return ValueWire.BOOLEAN;
    }

    @Override
    public Boolean askOf(ControlPlane answering) {
      return answering.shareGroups().startAt(group, partition, startOffset);
    }
  }
}
