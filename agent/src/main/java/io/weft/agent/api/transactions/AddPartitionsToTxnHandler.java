package io.weft.agent.api.transactions;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep.AddPartitions;
import io.weft.controlplane.api.transaction.TransactionStep.Caller;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.Description;
import io.weft.controlplane.api.transaction.Transactions.Refusal;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;

/// AddPartitionsToTxn: partitions become part of a transaction, all of them or none. Clients ask
/// for one transaction (versions 0 to 3), brokers of Kafka for several, and whether partitions are
/// part already. Thread-safe.
final class AddPartitionsToTxnHandler implements ApiHandler {
  private static final short VERSION_FENCED = 2;
  private static final short VERSION_BATCHED = 4;

  private final Transactions transactions;
  private final LiveCatalog catalog;
  private final Supplier<AgentId> self;

  AddPartitionsToTxnHandler(
      Transactions transactions, LiveCatalog catalog, Supplier<AgentId> self) {
    this.transactions = transactions;
    this.catalog = catalog;
    this.self = self;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ADD_PARTITIONS_TO_TXN;
  }

  @Override
  public Answer handle(Request request) {
    AddPartitionsToTxnRequest body = (AddPartitionsToTxnRequest) request.body();
    AddPartitionsToTxnRequestData asked = body.data();
    AddPartitionsToTxnResponseData answer = new AddPartitionsToTxnResponseData();
    if (body.version() < VERSION_BATCHED) {
      AddPartitionsToTxnTransaction only =
          new AddPartitionsToTxnTransaction()
              .setTransactionalId(asked.v3AndBelowTransactionalId())
              .setProducerId(asked.v3AndBelowProducerId())
              .setProducerEpoch(asked.v3AndBelowProducerEpoch())
              .setTopics(asked.v3AndBelowTopics());
      answer.setResultsByTopicV3AndBelow(
          result(request, only, body.version() >= VERSION_FENCED).topicResults());
    } else {
      AddPartitionsToTxnResultCollection results = new AddPartitionsToTxnResultCollection();
      for (AddPartitionsToTxnTransaction each : asked.transactions()) {
        results.add(result(request, each, true));
      }
      answer.setResultsByTransaction(results);
    }
    return new Answer.Ready(new AddPartitionsToTxnResponse(answer));
  }

  private AddPartitionsToTxnResult result(
      Request request, AddPartitionsToTxnTransaction asked, boolean knowsFenced) {
    Map<TopicPartition, Optional<PartitionId>> partitions = find(asked.topics());
    Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
    if (partitions.values().stream().anyMatch(Optional::isEmpty)) {
      partitions.forEach(
          (name, found) ->
              errors.put(
                  name,
                  found.isPresent()
                      ? Errors.OPERATION_NOT_ATTEMPTED
                      : Errors.UNKNOWN_TOPIC_OR_PARTITION));
    } else if (asked.verifyOnly()) {
      verify(asked, partitions, errors);
    } else {
      List<PartitionId> wanted = partitions.values().stream().flatMap(Optional::stream).toList();
      Errors error = add(request, asked, wanted, knowsFenced);
      partitions.keySet().forEach(name -> errors.put(name, error));
    }
    return AddPartitionsToTxnResponse.resultForTransaction(asked.transactionalId(), errors);
  }

  /// The partitions by their names, in the request's order; empty where there is none.
  private Map<TopicPartition, Optional<PartitionId>> find(
      AddPartitionsToTxnTopicCollection topics) {
    NamedTopics named = new NamedTopics(catalog);
    Map<TopicPartition, Optional<PartitionId>> found = new LinkedHashMap<>();
    for (AddPartitionsToTxnTopic topic : topics) {
      for (int partition : topic.partitions()) {
        found.put(
            new TopicPartition(topic.name(), partition), named.partition(topic.name(), partition));
      }
    }
    return found;
  }

  private Errors add(
      Request request,
      AddPartitionsToTxnTransaction asked,
      List<PartitionId> partitions,
      boolean knowsFenced) {
    if (asked.transactionalId().isEmpty()) {
      return Errors.INVALID_REQUEST;
    }
    Optional<ProducerEpoch> producer =
        TransactionErrors.producer(asked.producerId(), asked.producerEpoch());
    if (producer.isEmpty()) {
      return TransactionErrors.impossible(asked.producerId(), knowsFenced);
    }
    Caller caller = new Caller(asked.transactionalId(), self.get(), request.client().id());
    return TransactionErrors.of(
        transactions.take(new AddPartitions(caller, producer.get(), partitions)), knowsFenced);
  }

  private void verify(
      AddPartitionsToTxnTransaction asked,
      Map<TopicPartition, Optional<PartitionId>> partitions,
      Map<TopicPartition, Errors> errors) {
    Optional<Description> found =
        asked.transactionalId().isEmpty()
            ? Optional.empty()
            : transactions.describe(List.of(asked.transactionalId())).getFirst();
    partitions.forEach((name, partition) -> errors.put(name, verify(asked, found, partition)));
  }

  private static Errors verify(
      AddPartitionsToTxnTransaction asked,
      Optional<Description> found,
      Optional<PartitionId> partition) {
    if (asked.transactionalId().isEmpty()) {
      return Errors.INVALID_REQUEST;
    }
    if (found.isEmpty() || found.get().producer().producerId() != asked.producerId()) {
      return TransactionErrors.of(Refusal.UNKNOWN_PRODUCER, true);
    }
    if (found.get().producer().epoch() != asked.producerEpoch()) {
      return TransactionErrors.of(Refusal.FENCED, true);
    }
    return partition.isPresent() && found.get().partitions().contains(partition.get())
        ? Errors.NONE
        : Errors.TRANSACTION_ABORTABLE;
  }
}
