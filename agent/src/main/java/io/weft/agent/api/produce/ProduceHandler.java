package io.weft.agent.api.produce;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.produce.ProduceTopics.Lookup;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.agent.produce.ProduceAppend;
import io.weft.agent.produce.ProduceOutcome;
import io.weft.agent.produce.ProducePath;
import io.weft.controlplane.api.Membership.Role;
import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.controlplane.api.transaction.Fingerprint;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.PartitionId;
import io.weft.protocol.record.BatchRules;
import io.weft.protocol.record.BatchVerifier;
import io.weft.protocol.record.Verification;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;

/// Answers Produce, versions 3 to 13. Thread-safe.
///
/// `verify (on the reader's thread) → ProducePath.append → DeferredProduce (on the writer's) →
/// response`
///
/// A connection's batches are appended in the order of its requests, since that happens before
/// [#handle] returns. An answer without an error means durable and committed, whatever the request
/// asks for: `acks` decides only whether there is an answer at all.
public final class ProduceHandler implements ApiHandler {
  /// How long an append may take at least if the request wants the leader's word only: Kafka then
  /// ignores the request's own limit, and some clients send 0.
  static final int ACKS_LEADER_TIMEOUT_MS_MIN = 30_000;

  /// And if it wants everybody's: a file and its commit take longer than a broker's followers do,
  /// and giving up before would have clients without a producer id send again what is stored.
  static final int ACKS_ALL_TIMEOUT_MS_MIN = 5_000;

  private static final short ACKS_NONE = 0;
  private static final short ACKS_LEADER = 1;
  private static final short ACKS_ALL = -1;

  /// The first version that may carry zstd (KIP-110).
  private static final short VERSION_ZSTD = 7;

  /// The first version whose batches make their partitions part of a transaction (KIP-890).
  private static final short VERSION_ADDS_ITSELF = 12;

  private static final ByteBuffer NO_RECORDS = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final Environment environment;
  private final LiveCatalog catalog;
  private final ProducePath path;

  public ProduceHandler(Environment environment, LiveCatalog catalog, ProducePath path) {
    this.environment = environment;
    this.catalog = catalog;
    this.path = path;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.PRODUCE;
  }

  @Override
  public Answer handle(Request request) {
    ProduceRequestData data = ((ProduceRequest) request.body()).data();
    short version = request.header().apiVersion();
    ProduceReply reply = ProduceReply.to(data, version);
    Accepted accepted = new Accepted(new ArrayList<>(), new ArrayList<>());
    if (!areKnownAcks(data.acks())) {
      reply.refuseAll(Errors.INVALID_REQUIRED_ACKS);
    } else if (data.transactionalId() == null && claimsTransaction(data)) {
      reply.refuseAll(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    } else if (!catalog.known().isOwnRole(Role.PRODUCE)) {
      // The client asks again where to go.
      reply.refuseAll(Errors.NOT_LEADER_OR_FOLLOWER);
    } else {
      verify(data, version, reply, accepted);
    }

    if (!accepted.batches().isEmpty() && data.acks() != ACKS_NONE) {
      // The records named wait for the other batches' outcome: they are held with the request.
      request.bytes().correct(request.bytes().bytes() + reply.flawBytes());
    }
    List<Pending<List<ProduceOutcome>>> appends = append(accepted, request);
    if (data.acks() == ACKS_NONE) {
      return reply.hasErrors()
          ? new Answer.Close("a batch was refused, and acks=0 leaves no other way to say so")
          : new Answer.None();
    }
    if (appends.isEmpty()) {
      return new Answer.Ready(reply.response());
    }
    long timeoutMs =
        Math.max(
            data.timeoutMs(),
            data.acks() == ACKS_LEADER ? ACKS_LEADER_TIMEOUT_MS_MIN : ACKS_ALL_TIMEOUT_MS_MIN);
    long deadlineMs = environment.clock().monotonicMs() + timeoutMs;
    return new Answer.Later(
        new DeferredProduce(environment, appends, deadlineMs, accepted.rows(), reply));
  }

  /// The batches that have passed, and for each the reply's row.
  private record Accepted(List<ProduceAppend.Batch> batches, List<Integer> rows) {}

  private static boolean areKnownAcks(short acks) {
    return acks == ACKS_NONE || acks == ACKS_LEADER || acks == ACKS_ALL;
  }

  private static boolean claimsTransaction(ProduceRequestData data) {
    for (TopicProduceData topic : data.topicData()) {
      for (PartitionProduceData partition : topic.partitionData()) {
        if (BatchVerifier.claimsTransaction(bytes(partition))) {
          return true;
        }
      }
    }
    return false;
  }

  private void verify(
      ProduceRequestData data, short version, ProduceReply reply, Accepted accepted) {
    ProduceTopics topics = ProduceTopics.of(data, reply.byTopicId(), catalog);
    boolean addsItself = version >= VERSION_ADDS_ITSELF;
    long transactionalId =
        data.transactionalId() == null ? Fingerprint.NONE : Fingerprint.of(data.transactionalId());
    long nowMs = environment.clock().wallMs();
    Set<PartitionId> seen = new HashSet<>();
    int row = 0;
    for (TopicProduceData topic : data.topicData()) {
      for (PartitionProduceData partition : topic.partitionData()) {
        switch (topics.find(topic, partition.index())) {
          case Lookup.Missing(Errors error) -> reply.refuse(row, error);
          case Lookup.Found(var found, _)
              when !seen.add(new PartitionId(found.id(), partition.index())) ->
              reply.refuse(row, Errors.INVALID_REQUEST);
          case Lookup.Found(var found, var settings) -> {
            BatchRules rules = rules(settings, version, nowMs);
            switch (BatchVerifier.verify(bytes(partition), rules)) {
              case Verification.Refused refusal -> reply.refuse(row, refusal);
              case Verification.Accepted(var batch) -> {
                PartitionId target = new PartitionId(found.id(), partition.index());
                accepted
                    .batches()
                    .add(new ProduceAppend.Batch(target, batch, addsItself, transactionalId));
                accepted.rows().add(row);
              }
            }
          }
        }
        row++;
      }
    }
  }

  private static BatchRules rules(TopicSettings settings, short version, long nowMs) {
    boolean anyTime = settings.logAppendTime();
    return new BatchRules(
        settings.maxMessageBytes(),
        settings.compacted(),
        version >= VERSION_ZSTD,
        anyTime ? Long.MIN_VALUE : nowMs - settings.timestampBeforeMaxMs(),
        anyTime ? Long.MAX_VALUE : latestMs(nowMs, settings.timestampAfterMaxMs()),
        settings.maxDecompressedMessageBytes(),
        BatchRules.decompressedBytesMax(
            settings.maxMessageBytes(), settings.maxDecompressedMessageBytes()));
  }

  private static long latestMs(long nowMs, long afterMaxMs) {
    return afterMaxMs > Long.MAX_VALUE - nowMs ? Long.MAX_VALUE : nowMs + afterMaxMs;
  }

  /// The request's bytes for one partition, not parsed any further.
  private static ByteBuffer bytes(PartitionProduceData partition) {
    return partition.records() instanceof MemoryRecords records ? records.buffer() : NO_RECORDS;
  }

  private List<Pending<List<ProduceOutcome>>> append(Accepted accepted, Request request) {
    if (accepted.batches().isEmpty()) {
      return List.of();
    }
    return ProduceAppend.of(accepted.batches(), request.client().id(), request.bytes()).stream()
        .map(path::append)
        .toList();
  }
}
