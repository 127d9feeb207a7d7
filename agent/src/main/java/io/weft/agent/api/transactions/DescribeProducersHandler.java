package io.weft.agent.api.transactions;

import io.weft.agent.api.AnswerRows;
import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.ActiveProducer;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeProducersResponse;

/// DescribeProducers: the idempotent producers that partitions remember. Thread-safe.
final class DescribeProducersHandler implements ApiHandler {
  /// Shown of a producer whose transactions have ended in a partition: there is one coordinator,
  /// and it has no epochs.
  private static final int COORDINATOR_EPOCH = 0;

  private static final int NO_COORDINATOR_EPOCH = -1;

  /// What one partition takes, roughly, without its producers.
  private static final int PARTITION_BYTES = 256;

  private final Transactions transactions;
  private final LiveCatalog catalog;

  DescribeProducersHandler(Transactions transactions, LiveCatalog catalog) {
    this.transactions = transactions;
    this.catalog = catalog;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_PRODUCERS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    DescribeProducersRequest body = (DescribeProducersRequest) request.body();
    DescribeProducersResponseData answer = new DescribeProducersResponseData();
    long asking =
        body.data().topics().stream().mapToLong(each -> each.partitionIndexes().size()).sum();
    if (!AnswerRows.fit(request.owed(), asking + body.data().topics().size(), PARTITION_BYTES)) {
      return refused(body);
    }
    NamedTopics topics = new NamedTopics(catalog);
    List<PartitionId> found = new ArrayList<>();
    List<PartitionResponse> rows = new ArrayList<>();
    for (TopicRequest topic : body.data().topics()) {
      TopicResponse response = new TopicResponse().setName(topic.name());
      for (int partition : topic.partitionIndexes()) {
        PartitionResponse row = new PartitionResponse().setPartitionIndex(partition);
        response.partitions().add(row);
        Optional<PartitionId> id = topics.partition(topic.name(), partition);
        if (id.isPresent()) {
          found.add(id.get());
          rows.add(row);
        } else {
          row.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
      }
      answer.topics().add(response);
    }
    Slices<PartitionId, List<ActiveProducer>> slices =
        new Slices<>(transactions::producers, List::size);
    slices.ask(found);
    for (int i = 0; i < rows.size(); i++) {
      if (slices.fits(found.get(i))) {
        fill(rows.get(i), slices.of(found.get(i)));
      } else {
        rows.get(i)
            .setErrorCode(Errors.INVALID_REQUEST.code())
            .setErrorMessage("The answer would be too long; ask for fewer partitions.");
      }
    }
    return new Answer.Ready(new DescribeProducersResponse(answer));
  }

  private static Answer refused(DescribeProducersRequest body) {
    DescribeProducersResponseData answer = new DescribeProducersResponseData();
    int left = AnswerRows.REFUSED_MAX;
    for (TopicRequest topic : body.data().topics()) {
      if (left <= 0) {
        break;
      }
      List<PartitionResponse> rows =
          topic.partitionIndexes().stream()
              .limit(left)
              .map(
                  partition ->
                      new PartitionResponse()
                          .setPartitionIndex(partition)
                          .setErrorCode(Errors.INVALID_REQUEST.code())
                          .setErrorMessage(AnswerRows.REFUSAL))
              .toList();
      answer.topics().add(new TopicResponse().setName(topic.name()).setPartitions(rows));
      left -= rows.size() + 1;
    }
    return new Answer.Ready(new DescribeProducersResponse(answer));
  }

  private static void fill(PartitionResponse row, Optional<List<ActiveProducer>> producers) {
    if (producers.isEmpty()) {
      row.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
      return;
    }
    for (ActiveProducer each : producers.get()) {
      row.activeProducers()
          .add(
              new ProducerState()
                  .setProducerId(each.producer().producerId())
                  .setProducerEpoch(each.producer().epoch())
                  .setLastSequence(each.lastSequence())
                  .setLastTimestamp(each.lastUsedMs())
                  .setCoordinatorEpoch(each.ended() ? COORDINATOR_EPOCH : NO_COORDINATOR_EPOCH)
                  .setCurrentTxnStartOffset(each.transactionStart()));
    }
  }
}
