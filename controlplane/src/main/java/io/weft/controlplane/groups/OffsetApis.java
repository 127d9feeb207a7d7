package io.weft.controlplane.groups;

import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.api.transaction.Transactions.Refusal;
import io.weft.controlplane.groups.limit.AnswerBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;

/// OffsetCommit, TxnOffsetCommit, OffsetFetch and OffsetDelete: what a Kafka broker does around its
/// shard, which knows no topics. Partitions that are not there are answered here and passed on no
/// further.
final class OffsetApis {
  /// All that is there, what open transactions hold back included: the coordinator then says which
  /// offsets are not stable yet.
  private static final long STABLE_EPOCH = Long.MAX_VALUE;

  /// The first version of OffsetFetch whose answer has groups.
  private static final short FIRST_WITH_GROUPS = 8;

  private static final long NO_OFFSET = -1;

  private final Shard shard;

  OffsetApis(Shard shard) {
    this.shard = shard;
  }

  AbstractResponse commit(CoordinatorCall call) {
    OffsetCommitRequest body = call.body(OffsetCommitRequest.class);
    boolean byId = OffsetCommitResponse.useTopicIds(body.version());
    OffsetCommitResponse.Builder refused = OffsetCommitResponse.newBuilder(byId);
    List<OffsetCommitRequestTopic> there = new ArrayList<>();
    for (OffsetCommitRequestTopic asked : body.data().topics()) {
      Optional<CatalogImage.KnownTopic> topic = find(byId, asked.topicId(), asked.name());
      if (topic.isEmpty()) {
        refused.addPartitions(
            asked.topicId(),
            asked.name(),
            asked.partitions(),
            OffsetCommitRequestPartition::partitionIndex,
            unknownTopic(byId));
        continue;
      }
      List<OffsetCommitRequestPartition> known = new ArrayList<>();
      for (OffsetCommitRequestPartition partition : asked.partitions()) {
        if (topic.get().hasPartition(partition.partitionIndex())) {
          known.add(partition);
        } else {
          refused.addPartition(
              asked.topicId(),
              asked.name(),
              partition.partitionIndex(),
              Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
      }
      if (!known.isEmpty()) {
        there.add(asked.duplicate().setName(topic.get().name()).setPartitions(known));
      }
    }
    if (there.isEmpty()) {
      return refused.build();
    }
    OffsetCommitRequestData request = body.data().duplicate().setTopics(there);
    return refused
        .merge(
            shard.decide(
                () -> shard.coordinator().commitOffset(call.client(), request),
                error -> OffsetCommitRequest.getErrorResponse(request, error.error())))
        .build();
  }

  /// The transaction itself is not looked at here: the caller has checked it.
  AbstractResponse commitInTransaction(CoordinatorCall call) {
    TxnOffsetCommitRequest body = call.body(TxnOffsetCommitRequest.class);
    boolean byId = TxnOffsetCommitResponse.useTopicIds(body.version());
    TxnOffsetCommitResponse.Builder refused = TxnOffsetCommitResponse.newBuilder(byId);
    List<TxnOffsetCommitRequestTopic> there = new ArrayList<>();
    for (TxnOffsetCommitRequestTopic asked : body.data().topics()) {
      Optional<CatalogImage.KnownTopic> topic = find(byId, asked.topicId(), asked.name());
      if (topic.isEmpty()) {
        refused.addPartitions(
            asked.topicId(),
            asked.name(),
            asked.partitions(),
            TxnOffsetCommitRequestPartition::partitionIndex,
            unknownTopic(byId));
        continue;
      }
      List<TxnOffsetCommitRequestPartition> known = new ArrayList<>();
      for (TxnOffsetCommitRequestPartition partition : asked.partitions()) {
        if (topic.get().hasPartition(partition.partitionIndex())) {
          known.add(partition);
        } else {
          refused.addPartition(
              asked.topicId(),
              asked.name(),
              partition.partitionIndex(),
              Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
      }
      if (!known.isEmpty()) {
        there.add(asked.duplicate().setName(topic.get().name()).setPartitions(known));
      }
    }
    if (there.isEmpty()) {
      return refused.build();
    }
    TxnOffsetCommitRequestData request = body.data().duplicate().setTopics(there);
    if (request.groupId().isEmpty()) {
      return refused
          .merge(TxnOffsetCommitRequest.getErrorResponse(request, Errors.INVALID_GROUP_ID))
          .build();
    }
    Errors inTransaction = admit(body);
    if (inTransaction != Errors.NONE) {
      return refused.merge(TxnOffsetCommitRequest.getErrorResponse(request, inTransaction)).build();
    }
    return refused
        .merge(
            shard.decideStaged(
                () -> shard.coordinator().commitTransactionalOffset(call.client(), request),
                error -> TxnOffsetCommitRequest.getErrorResponse(request, error.error()),
                request.producerId(),
                request.producerEpoch()))
        .build();
  }

  /// What the producer's transaction says to it, before the group is asked.
  private Errors admit(TxnOffsetCommitRequest body) {
    TxnOffsetCommitRequestData asked = body.data();
    boolean addsItself =
        body.version() > TxnOffsetCommitRequest.LAST_STABLE_VERSION_BEFORE_TRANSACTION_V2;
    Errors fenced = Errors.INVALID_PRODUCER_EPOCH;
    if (asked.transactionalId().isEmpty()) {
      return Errors.INVALID_REQUEST;
    }
    if (asked.producerId() < 0) {
      return Errors.INVALID_PRODUCER_ID_MAPPING;
    }
    if (asked.producerEpoch() < 0) {
      return fenced;
    }
    Outcome outcome =
        shard.change(
            step ->
                step.stageOffsets(
                    asked.transactionalId(),
                    new ProducerEpoch(asked.producerId(), asked.producerEpoch()),
                    asked.groupId(),
                    addsItself));
    return switch (outcome) {
      case Outcome.Done _ -> Errors.NONE;
      case Outcome.Refused(Refusal why) ->
          switch (why) {
            case UNKNOWN_PRODUCER -> Errors.INVALID_PRODUCER_ID_MAPPING;
            case FENCED -> fenced;
            case INVALID_STATE -> Errors.INVALID_TXN_STATE;
            case LIMIT_REACHED -> Errors.POLICY_VIOLATION;
            case SUPERSEDED -> Errors.NOT_COORDINATOR;
          };
    };
  }

  AbstractResponse fetch(CoordinatorCall call) {
    OffsetFetchRequest body = call.body(OffsetFetchRequest.class);
    short version = (short) Math.max(body.version(), FIRST_WITH_GROUPS);
    List<OffsetFetchResponseGroup> groups = new ArrayList<>();
    AnswerBudget budget = new AnswerBudget(version);
    for (OffsetFetchRequestGroup group : body.groups()) {
      groups.add(
          budget.part(
              () ->
                  OffsetFetchRequest.requestAllOffsets(group)
                      ? fetchAll(group, body)
                      : fetchSome(group, body),
              () -> OffsetFetchResponse.groupError(group, Errors.INVALID_REQUEST, body.version())));
    }
    return new OffsetFetchResponse.Builder(groups).build(body.version());
  }

  private OffsetFetchResponseGroup fetchAll(
      OffsetFetchRequestGroup group, OffsetFetchRequest body) {
    OffsetFetchResponseGroup fetched = fetch(group, body);
    if (OffsetFetchRequest.useTopicIds(body.version())) {
      List<OffsetFetchResponseTopics> there = new ArrayList<>();
      for (OffsetFetchResponseTopics topic : fetched.topics()) {
        shard
            .catalog()
            .find(topic.name())
            .ifPresent(known -> there.add(topic.setTopicId(known.id())));
      }
      fetched.setTopics(there);
    }
    return fetched;
  }

  private OffsetFetchResponseGroup fetchSome(
      OffsetFetchRequestGroup group, OffsetFetchRequest body) {
    boolean byId = OffsetFetchRequest.useTopicIds(body.version());
    List<OffsetFetchRequestTopics> there = new ArrayList<>();
    List<OffsetFetchResponseTopics> refused = new ArrayList<>();
    for (OffsetFetchRequestTopics asked : group.topics()) {
      if (!byId) {
        there.add(asked);
        continue;
      }
      Optional<CatalogImage.KnownTopic> topic = shard.catalog().find(asked.topicId());
      if (topic.isPresent()) {
        there.add(asked.duplicate().setName(topic.get().name()));
      } else {
        refused.add(unknown(asked));
      }
    }
    OffsetFetchResponseGroup fetched = fetch(group.duplicate().setTopics(there), body);
    if (fetched.errorCode() == Errors.NONE.code() && !refused.isEmpty()) {
      List<OffsetFetchResponseTopics> all = new ArrayList<>(fetched.topics());
      all.addAll(refused);
      fetched.setTopics(all);
    }
    return fetched;
  }

  private static OffsetFetchResponseTopics unknown(OffsetFetchRequestTopics asked) {
    return new OffsetFetchResponseTopics()
        .setTopicId(asked.topicId())
        .setName(asked.name())
        .setPartitions(
            asked.partitionIndexes().stream()
                .map(
                    partition ->
                        new OffsetFetchResponsePartitions()
                            .setPartitionIndex(partition)
                            .setCommittedOffset(NO_OFFSET)
                            .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code()))
                .toList());
  }

  private OffsetFetchResponseGroup fetch(OffsetFetchRequestGroup group, OffsetFetchRequest body) {
    try {
      return body.requireStable()
          ? shard.coordinator().fetchOffsets(group, STABLE_EPOCH)
          : shard.read(epoch -> shard.coordinator().fetchOffsets(group, epoch));
    } catch (RuntimeException e) {
      return OffsetFetchResponse.groupError(group, Refusals.of(e).error(), body.version());
    }
  }

  AbstractResponse delete(CoordinatorCall call) {
    OffsetDeleteRequest body = call.body(OffsetDeleteRequest.class);
    OffsetDeleteResponse.Builder refused = new OffsetDeleteResponse.Builder();
    OffsetDeleteRequestTopicCollection there = new OffsetDeleteRequestTopicCollection();
    for (OffsetDeleteRequestTopic asked : body.data().topics()) {
      Optional<CatalogImage.KnownTopic> topic = shard.catalog().find(asked.name());
      List<OffsetDeleteRequestPartition> known = new ArrayList<>();
      for (OffsetDeleteRequestPartition partition : asked.partitions()) {
        if (topic.filter(each -> each.hasPartition(partition.partitionIndex())).isPresent()) {
          known.add(partition);
        } else {
          refused.addPartition(
              asked.name(), partition.partitionIndex(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
      }
      if (!known.isEmpty()) {
        there.add(new OffsetDeleteRequestTopic().setName(asked.name()).setPartitions(known));
      }
    }
    OffsetDeleteRequestData request =
        new OffsetDeleteRequestData().setGroupId(body.data().groupId()).setTopics(there);
    OffsetDeleteResponseData deleted =
        request.groupId().isEmpty()
            ? new OffsetDeleteResponseData().setErrorCode(Errors.INVALID_GROUP_ID.code())
            : shard.decide(
                () -> shard.coordinator().deleteOffsets(call.client(), request),
                error -> new OffsetDeleteResponseData().setErrorCode(error.error().code()));
    return refused.merge(deleted).build();
  }

  private Optional<CatalogImage.KnownTopic> find(boolean byId, Uuid id, String name) {
    return byId ? shard.catalog().find(id) : shard.catalog().find(name);
  }

  private static Errors unknownTopic(boolean byId) {
    return byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
  }
}
