package io.weft.controlplane.groups;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.rules.KeptSettings;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.environment.Environment;
import io.weft.model.Invariant;
import io.weft.model.OpaqueBytes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The groups in one term: answers requests, hears of topics and transactions, runs what is due.
/// Owned by the leader thread.
///
/// Everything it does belongs to a step ([#in]). What the caller waits for is answered in the step
/// that settles it, which for a member that joins may be another one's.
public final class LedGroups {
  private static final Logger LOG = LoggerFactory.getLogger(LedGroups.class);

  private final ControlPlaneState state;
  private final Shard shard;
  private final ShardSettings settings;
  private final ClassicApis classic;
  private final OffsetApis offsets;
  private final MemberApis members;
  private final StreamsApis streams;
  private final ListApis lists;
  private final ShareOffsetApis shareOffsets;

  /// Those whose answer is not known yet.
  private final Set<GroupReply> waiting = new LinkedHashSet<>();

  /// @param catalog as the state has it now
  /// @param settings by Kafka's names
  /// @param shares where share groups keep what they hold of partitions
  /// @param wake called by any thread when [#runDue] has something to do before its time
  public LedGroups(
      ControlPlaneState state,
      Catalog catalog,
      Map<String, String> settings,
      ShareStates shares,
      Environment environment,
      Runnable wake) {
    this.state = state;
    this.settings = ShardSettings.of(settings);
    this.shard =
        new Shard(
            state,
            new CatalogImage(catalog.version(), catalog.topics()),
            this.settings,
            shares,
            environment,
            wake);
    this.classic = new ClassicApis(shard, this.settings.coordinator());
    this.offsets = new OffsetApis(shard);
    this.members = new MemberApis(shard, this.settings.coordinator());
    this.streams = new StreamsApis(shard, environment.randomness());
    this.lists = new ListApis(shard);
    this.shareOffsets = new ShareOffsetApis(shard);
  }

  /// What is wrong with settings, if something is.
  ///
  /// @param settings by Kafka's names
  public static Optional<String> flawOf(Map<String, String> settings) {
    try {
      ShardSettings.of(settings);
      return Optional.empty();
    } catch (ConfigException | IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  /// Takes up the groups as the state has them; every timer begins anew.
  public void begin(GroupStep first) {
    shard.load(first);
    shard.settle();
  }

  /// From here on, what happens belongs to this step.
  public void in(GroupStep step) {
    shard.in(step);
  }

  /// Answers a request, now or in a later step.
  ///
  /// @throws ControlPlaneException.Rejected if it is not a valid request; then nothing has changed
  public void ask(GroupRequest request, GroupReply reply) {
    CoordinatorCall call = CoordinatorCall.of(request, reply);
    waiting.add(reply);
    try {
      take(call, response -> answer(call, response));
    } catch (ControlPlaneException.Rejected e) {
      waiting.remove(reply);
      throw e;
    } catch (RuntimeException e) {
      if (shard.isBroken()) {
        throw e;
      }
      // Each part of it took effect as a whole or was not begun.
      if (waiting.contains(reply)) {
        answer(call, call.refusal(e));
      } else {
        LOG.error("{} failed after it was answered", call.api(), e);
      }
    }
  }

  private void take(CoordinatorCall call, Consumer<AbstractResponse> answer) {
    switch (call.api()) {
      case JOIN_GROUP -> classic.join(call, answer);
      case SYNC_GROUP -> classic.sync(call, answer);
      case HEARTBEAT -> answer.accept(classic.heartbeat(call));
      case LEAVE_GROUP -> answer.accept(classic.leave(call));
      case OFFSET_COMMIT -> answer.accept(offsets.commit(call));
      case TXN_OFFSET_COMMIT -> answer.accept(offsets.commitInTransaction(call));
      case OFFSET_FETCH -> answer.accept(offsets.fetch(call));
      case OFFSET_DELETE -> answer.accept(offsets.delete(call));
      case CONSUMER_GROUP_HEARTBEAT -> answer.accept(members.consumerHeartbeat(call));
      case SHARE_GROUP_HEARTBEAT -> answer.accept(members.shareHeartbeat(call));
      case STREAMS_GROUP_HEARTBEAT -> answer.accept(streams.heartbeat(call));
      case STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE -> answer.accept(streams.updateDescription());
      case LIST_GROUPS -> answer.accept(lists.list(call));
      case DELETE_GROUPS -> answer.accept(lists.delete(call));
      case DESCRIBE_GROUPS -> answer.accept(lists.describeClassic(call));
      case CONSUMER_GROUP_DESCRIBE -> answer.accept(lists.describeConsumer(call));
      case SHARE_GROUP_DESCRIBE -> answer.accept(lists.describeShare(call));
      case STREAMS_GROUP_DESCRIBE -> answer.accept(lists.describeStreams(call));
      case DESCRIBE_SHARE_GROUP_OFFSETS -> answer.accept(shareOffsets.describe(call));
      case ALTER_SHARE_GROUP_OFFSETS -> answer.accept(shareOffsets.alter(call));
      case DELETE_SHARE_GROUP_OFFSETS -> answer.accept(shareOffsets.delete(call));
      default ->
          throw new ControlPlaneException.Rejected("%s is not for groups".formatted(call.api()));
    }
  }

  private void answer(CoordinatorCall call, AbstractResponse response) {
    if (!waiting.remove(call.reply())) {
      Invariant.check(call.reply().isAbandoned(), "a request is answered twice");
      return;
    }
    Optional<OpaqueBytes> bytes = bytes(call, response);
    if (bytes.isPresent()) {
      call.reply().answer(bytes.get());
    } else {
      call.reply().fail(new ControlPlaneException.Rejected("there is no answer that fits"));
    }
  }

  /// @return empty if not even a refusal fits into the version's fields
  private static Optional<OpaqueBytes> bytes(CoordinatorCall call, AbstractResponse response) {
    try {
      return Optional.of(call.bytes(response));
    } catch (RuntimeException e) {
      try {
        return Optional.of(call.bytes(call.refusal(e)));
      } catch (RuntimeException alsoTooLong) {
        return Optional.empty();
      }
    }
  }

  /// Ends a step: hears what its records say of topics, and does what was put off until now.
  ///
  /// @param records of the step, all of them
  public void settle(List<StateRecord> records) {
    records.forEach(shard.catalog()::heed);
    if (shard.catalog().hasChanged()) {
      CatalogImage.Change change = shard.catalog().takeChange(state.catalog().version());
      shard.coordinator().onMetadataUpdate(change, shard.catalog());
      if (!change.deletedTopics().isEmpty()) {
        shard.attempt(() -> shard.coordinator().onTopicsDeleted(change.deletedTopics()));
        shard.attempt(
            () -> shard.coordinator().maybeCleanupShareGroupState(change.deletedTopicIds()));
      }
    }
    shard.settle();
  }

  /// A producer's transaction has ended, and with it the state has moved what it had staged.
  public void transactionEnded(long producerId, short producerEpoch, boolean committed) {
    shard.endTransaction(producerId, producerEpoch, committed);
  }

  /// Whether a group may have these settings here.
  ///
  /// @param before what the group has now
  /// @param asked by Kafka's names
  /// @throws ControlPlaneException.Rejected with the reason
  public void check(Map<String, String> before, Map<String, String> asked) {
    try {
      GroupConfig.validate(
          KeptSettings.checkable(before, asked, GroupConfig.CONFIG_DEF.configKeys()),
          settings.coordinator(),
          settings.share());
    } catch (ConfigException | ApiException e) {
      throw new ControlPlaneException.Rejected(e.getMessage());
    }
  }

  /// What a share group's own settings come to, by Kafka's names.
  public Map<String, String> shareSettings(Map<String, String> own) {
    return settings.ofShareGroup(own);
  }

  /// A group's own settings have changed.
  ///
  /// @param changed by Kafka's names, and checked; none: it has no own any more. What another
  ///   release has kept and this one cannot read counts as not set
  public void configure(String group, Map<String, String> changed) {
    try {
      settings.configure(group, changed);
    } catch (ConfigException | InvalidRequestException | NumberFormatException e) {
      // It is in the journal: nobody can be refused any more, and the leader must go on.
      LOG.error("Group {} keeps its settings; the new ones are impossible", group, e);
    }
  }

  /// Milliseconds until something is due.
  public long waitMs() {
    return shard.waitMs();
  }

  /// Runs what is due. To be called when no request waits: a heartbeat may be among them.
  public void runDue() {
    // A member that asks again leaves its first request without an answer.
    waiting.removeIf(GroupReply::isAbandoned);
    shard.runDue();
  }

  public GroupFigures figures() {
    return shard.figures();
  }

  /// The term is over: nobody will be answered any more.
  public void abandon(RuntimeException why) {
    waiting.forEach(reply -> reply.fail(why));
    waiting.clear();
    shard.close();
  }
}
