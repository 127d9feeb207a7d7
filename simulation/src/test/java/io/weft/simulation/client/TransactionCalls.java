package io.weft.simulation.client;

import io.weft.simulation.client.GroupMember.Standing;
import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.fault.Sight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddOffsetsToTxnResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;

/// The requests of one instance of a transactional producer, each asked until an answer says what
/// became of it. Runs on one thread of its world.
final class TransactionCalls {
  private static final int BACKOFF_MS = 100;
  private static final String METADATA = "";

  private final Caller caller;
  private final Notes notes;
  private final String id;
  private final boolean second;
  private final int timeoutMs;
  private final Map<TopicPartition, Integer> sequences = new LinkedHashMap<>();
  private final Set<TopicPartition> added = new LinkedHashSet<>();
  private boolean groupAdded;
  private boolean asking;
  private long producerId = -1;
  private short epoch = -1;

  /// @param second whether it speaks the second version of the protocol (KIP-890)
  /// @param timeoutMs of its transactions
  TransactionCalls(Cluster cluster, Notes notes, String id, boolean second, int timeoutMs) {
    this.caller = new Caller(cluster, id);
    this.notes = notes;
    this.id = id;
    this.second = second;
    this.timeoutMs = timeoutMs;
  }

  /// What an answer says.
  enum Fate {
    DONE,
    /// The transaction can only be aborted.
    ABORTABLE,
    /// Another instance has taken over, or the transaction took too long.
    FENCED
  }

  /// @param again whether it was asked before, and may have been done then
  /// @param offset of the first record, or -1
  record Answer(Fate fate, boolean again, long offset) {
    boolean isDone() {
      return fate == Fate.DONE;
    }
  }

  /// A code, and what else an answer has to say.
  private record Result(Errors error, long offset) {
    Result(Errors error) {
      this(error, -1);
    }
  }

  /// Ends what another instance has begun.
  void init() throws InterruptedException {
    InitProducerIdRequestData data =
        new InitProducerIdRequestData().setTransactionalId(id).setTransactionTimeoutMs(timeoutMs);
    settle(
        () -> new InitProducerIdRequest.Builder(data).build((short) (second ? 5 : 4)),
        response -> {
          InitProducerIdResponse answer = (InitProducerIdResponse) response;
          if (answer.error() == Errors.NONE) {
            producerId = answer.data().producerId();
            epoch = answer.data().producerEpoch();
          }
          return new Result(answer.error());
        });
    sequences.clear();
    ended();
  }

  Answer produce(TopicPartition partition, List<Long> values) throws InterruptedException {
    if (!second && added.add(partition)) {
      Answer answer = addPartition(partition);
      if (!answer.isDone()) {
        return answer;
      }
    }
    int sequence = sequences.getOrDefault(partition, 0);
    long timeMs = caller.world().environment().clock().wallMs();
    Answer answer =
        settle(
            () -> produceRequest(partition, values, sequence, timeMs),
            response -> {
              PartitionProduceResponse one =
                  ((ProduceResponse) response)
                      .data()
                      .responses()
                      .iterator()
                      .next()
                      .partitionResponses()
                      .getFirst();
              return new Result(Errors.forCode(one.errorCode()), one.baseOffset());
            });
    if (answer.isDone()) {
      sequences.put(partition, sequence + values.size());
      if (answer.offset() >= 0) {
        notes.acked(partition, answer.offset() + values.size() - 1);
      }
    }
    return answer;
  }

  private ProduceRequest produceRequest(
      TopicPartition partition, List<Long> values, int sequence, long timeMs) {
    SimpleRecord[] records =
        values.stream()
            .map(value -> new SimpleRecord(timeMs, Payload.of(value)))
            .toArray(SimpleRecord[]::new);
    ProduceRequestData data =
        new ProduceRequestData().setTransactionalId(id).setAcks((short) -1).setTimeoutMs(8_000);
    data.topicData()
        .add(
            new TopicProduceData()
                .setName(partition.topic())
                .setPartitionData(
                    List.of(
                        new PartitionProduceData()
                            .setIndex(partition.partition())
                            .setRecords(
                                MemoryRecords.withTransactionalRecords(
                                    Compression.NONE, producerId, epoch, sequence, records)))));
    return new ProduceRequest(data, (short) (second ? 12 : 11));
  }

  private Answer addPartition(TopicPartition partition) throws InterruptedException {
    return settle(
        () ->
            AddPartitionsToTxnRequest.Builder.forClient(id, producerId, epoch, List.of(partition))
                .build((short) 3),
        response ->
            new Result(
                ((AddPartitionsToTxnResponse) response)
                    .errors()
                    .get(AddPartitionsToTxnResponse.V3_AND_BELOW_TXN_ID)
                    .get(partition)));
  }

  /// @param next of each partition, where the group goes on
  Answer commitOffsets(Standing member, Map<TopicPartition, Long> next)
      throws InterruptedException {
    if (!second && !groupAdded) {
      AddOffsetsToTxnRequestData data =
          new AddOffsetsToTxnRequestData()
              .setTransactionalId(id)
              .setProducerId(producerId)
              .setProducerEpoch(epoch)
              .setGroupId(GroupOffsets.GROUP);
      Answer answer =
          settle(
              () -> new AddOffsetsToTxnRequest.Builder(data).build((short) 3),
              response ->
                  new Result(
                      Errors.forCode(((AddOffsetsToTxnResponse) response).data().errorCode())));
      if (!answer.isDone()) {
        return answer;
      }
      groupAdded = true;
    }
    TxnOffsetCommitRequestData data =
        new TxnOffsetCommitRequestData()
            .setTransactionalId(id)
            .setProducerId(producerId)
            .setProducerEpoch(epoch)
            .setGroupId(GroupOffsets.GROUP)
            .setMemberId(member.memberId())
            .setGenerationIdOrMemberEpoch(member.generation());
    next.forEach((partition, offset) -> topic(data, partition, offset));
    return settle(
        () -> new TxnOffsetCommitRequest(data, (short) (second ? 5 : 4)),
        response -> new Result(worst((TxnOffsetCommitResponse) response)));
  }

  private static void topic(TxnOffsetCommitRequestData data, TopicPartition where, long offset) {
    TxnOffsetCommitRequestTopic topic =
        data.topics().stream()
            .filter(one -> one.name().equals(where.topic()))
            .findFirst()
            .orElseGet(
                () -> {
                  TxnOffsetCommitRequestTopic made =
                      new TxnOffsetCommitRequestTopic()
                          .setName(where.topic())
                          .setPartitions(new ArrayList<>());
                  data.topics().add(made);
                  return made;
                });
    topic
        .partitions()
        .add(
            new TxnOffsetCommitRequestPartition()
                .setPartitionIndex(where.partition())
                .setCommittedOffset(offset)
                .setCommittedMetadata(METADATA));
  }

  private static Errors worst(TxnOffsetCommitResponse response) {
    return response.data().topics().stream()
        .flatMap(topic -> topic.partitions().stream())
        .map(partition -> Errors.forCode(partition.errorCode()))
        .filter(error -> error != Errors.NONE)
        .findFirst()
        .orElse(Errors.NONE);
  }

  Answer end(boolean commit) throws InterruptedException {
    Optional<String> leader = caller.leader();
    EndTxnRequestData data =
        new EndTxnRequestData()
            .setTransactionalId(id)
            .setProducerId(producerId)
            .setProducerEpoch(epoch)
            .setCommitted(commit);
    Answer answer =
        settle(
            () -> new EndTxnRequest.Builder(data, second).build((short) (second ? 5 : 4)),
            response -> {
              EndTxnResponseData end = ((EndTxnResponse) response).data();
              if (second && end.errorCode() == Errors.NONE.code()) {
                producerId = end.producerId();
                epoch = end.producerEpoch();
                sequences.clear();
              }
              return new Result(Errors.forCode(end.errorCode()));
            });
    if (answer.isDone() && answer.again()) {
      caller.weather().saw(Sight.END_ASKED_AGAIN);
    }
    if (answer.isDone() && leader.isPresent() && isAnother(leader.get(), caller.leader())) {
      caller.weather().saw(Sight.END_ACROSS_LEADERS);
    }
    ended();
    return answer;
  }

  private static boolean isAnother(String leader, Optional<String> now) {
    return now.isPresent() && !now.get().equals(leader);
  }

  private void ended() {
    added.clear();
    groupAdded = false;
  }

  /// Whether a request has been sent, and not been answered.
  boolean isAsking() {
    return asking;
  }

  private AbstractResponse ask(AbstractRequest request) throws InterruptedException {
    asking = true;
    try {
      return caller.ask(request);
    } finally {
      asking = false;
    }
  }

  private Answer settle(Supplier<AbstractRequest> request, Function<AbstractResponse, Result> says)
      throws InterruptedException {
    boolean again = false;
    while (true) {
      if (caller.weather().oneIn(40)) {
        caller.leave();
      }
      try {
        Result said = says.apply(ask(request.get()));
        notes.saw(said.error().code());
        switch (said.error()) {
          case NONE, DUPLICATE_SEQUENCE_NUMBER -> {
            return new Answer(Fate.DONE, again, said.offset());
          }
          case INVALID_PRODUCER_EPOCH, PRODUCER_FENCED -> {
            return new Answer(Fate.FENCED, again, -1);
          }
          case INVALID_TXN_STATE,
              TRANSACTION_ABORTABLE,
              UNKNOWN_MEMBER_ID,
              ILLEGAL_GENERATION,
              REBALANCE_IN_PROGRESS -> {
            return new Answer(Fate.ABORTABLE, again, -1);
          }
          case COORDINATOR_LOAD_IN_PROGRESS,
              COORDINATOR_NOT_AVAILABLE,
              NOT_COORDINATOR,
              CONCURRENT_TRANSACTIONS,
              NOT_LEADER_OR_FOLLOWER,
              NOT_ENOUGH_REPLICAS,
              UNKNOWN_TOPIC_OR_PARTITION,
              REQUEST_TIMED_OUT ->
              caller.leave();
          default -> {
            notes.complain("%s was answered %s", request.get().apiKey(), said.error());
            return new Answer(Fate.ABORTABLE, again, -1);
          }
        }
      } catch (ClientLink.Lost e) {
        // As when it is told to try again.
      }
      again = true;
      caller.world().sleepMs(1 + caller.weather().upTo(BACKOFF_MS));
    }
  }
}
