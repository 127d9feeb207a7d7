package io.weft.server.versions;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Questions to the APIs of transactions, asked by a producer that nobody knows.
///
/// @param topic there
record TransactionQuestions(String topic) {
  private static final String ID = "unknown";

  Map<ApiKeys, VersionedRequest.Questions> all() {
    Map<ApiKeys, VersionedRequest.Questions> all = new EnumMap<>(ApiKeys.class);
    all.put(ApiKeys.ADD_PARTITIONS_TO_TXN, this::addPartitions);
    all.put(ApiKeys.ADD_OFFSETS_TO_TXN, TransactionQuestions::addOffsets);
    all.put(ApiKeys.END_TXN, TransactionQuestions::end);
    all.put(ApiKeys.DESCRIBE_TRANSACTIONS, TransactionQuestions::describe);
    all.put(ApiKeys.LIST_TRANSACTIONS, TransactionQuestions::list);
    all.put(ApiKeys.DESCRIBE_PRODUCERS, this::producers);
    return all;
  }

  private List<VersionedRequest> addPartitions(short version) {
    return List.of(
        VersionedRequest.wrong(addPartitions(version, topic)),
        VersionedRequest.wrong(addPartitions(version, "nowhere")));
  }

  private static AddPartitionsToTxnRequestData addPartitions(short version, String name) {
    AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
    topics.add(new AddPartitionsToTxnTopic().setName(name).setPartitions(List.of(0)));
    AddPartitionsToTxnRequestData data = new AddPartitionsToTxnRequestData();
    if (version < 4) {
      return data.setV3AndBelowTransactionalId(ID)
          .setV3AndBelowProducerId(7)
          .setV3AndBelowProducerEpoch((short) 0)
          .setV3AndBelowTopics(topics);
    }
    AddPartitionsToTxnTransactionCollection transactions =
        new AddPartitionsToTxnTransactionCollection();
    transactions.add(
        new AddPartitionsToTxnTransaction()
            .setTransactionalId(ID)
            .setProducerId(7)
            .setProducerEpoch((short) 0)
            .setTopics(topics));
    return data.setTransactions(transactions);
  }

  private static List<VersionedRequest> addOffsets(short version) {
    return List.of(
        VersionedRequest.wrong(
            new AddOffsetsToTxnRequestData()
                .setTransactionalId(ID)
                .setProducerId(7)
                .setProducerEpoch((short) 0)
                .setGroupId("group")));
  }

  private static List<VersionedRequest> end(short version) {
    return List.of(
        VersionedRequest.wrong(
            new EndTxnRequestData()
                .setTransactionalId(ID)
                .setProducerId(7)
                .setProducerEpoch((short) 0)
                .setCommitted(true)),
        VersionedRequest.wrong(new EndTxnRequestData().setTransactionalId("").setProducerId(-1)));
  }

  private static List<VersionedRequest> describe(short version) {
    return List.of(
        VersionedRequest.good(new DescribeTransactionsRequestData()),
        VersionedRequest.wrong(
            new DescribeTransactionsRequestData().setTransactionalIds(List.of(ID, ""))));
  }

  private static List<VersionedRequest> list(short version) {
    List<VersionedRequest> asks = new ArrayList<>();
    asks.add(VersionedRequest.good(new ListTransactionsRequestData()));
    asks.add(
        VersionedRequest.good(
            new ListTransactionsRequestData()
                .setStateFilters(List.of("Ongoing", "Odd"))
                .setProducerIdFilters(List.of(7L))));
    if (version >= 2) {
      asks.add(
          VersionedRequest.wrong(new ListTransactionsRequestData().setTransactionalIdPattern("(")));
    }
    return asks;
  }

  private List<VersionedRequest> producers(short version) {
    return List.of(
        VersionedRequest.good(producers(topic)), VersionedRequest.wrong(producers("nowhere")));
  }

  private static DescribeProducersRequestData producers(String name) {
    DescribeProducersRequestData data = new DescribeProducersRequestData();
    data.topics()
        .add(
            new DescribeProducersRequestData.TopicRequest()
                .setName(name)
                .setPartitionIndexes(List.of(0)));
    return data;
  }
}
