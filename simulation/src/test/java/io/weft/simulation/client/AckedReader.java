package io.weft.simulation.client;

import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/// Asks any agent for what has been acknowledged by any other: it must be there. Runs on a thread
/// of its world.
public final class AckedReader {
  private static final short LIST_VERSION = 8;
  private static final short FETCH_VERSION = 12;
  private static final int PAUSE_MS = 1_500;

  private final Caller caller;
  private final Notes notes;
  private final List<TopicPartition> partitions;
  private volatile boolean stopping;

  private AckedReader(Cluster cluster, Notes notes, List<TopicPartition> partitions) {
    this.caller = new Caller(cluster, "asker");
    this.notes = notes;
    this.partitions = partitions;
  }

  public static AckedReader start(Cluster cluster, Notes notes, List<TopicPartition> partitions) {
    AckedReader asker = new AckedReader(cluster, notes, partitions);
    cluster.world().start("asker", asker::run);
    return asker;
  }

  public void stop() {
    stopping = true;
  }

  private void run() {
    try {
      while (!stopping) {
        caller.leave();
        TopicPartition partition = partitions.get(caller.weather().upTo(partitions.size() - 1));
        long acked = notes.highestAcked(partition);
        try {
          askEnd(partition, acked);
          if (acked >= 0) {
            fetch(partition, acked);
          }
        } catch (ClientLink.Lost e) {
          // Nothing was said.
        }
        caller.world().sleepMs(caller.weather().upTo(PAUSE_MS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void askEnd(TopicPartition partition, long acked) throws InterruptedException {
    ListOffsetsPartitionResponse answer = end(caller, partition);
    notes.saw(answer.offset());
    if (answer.errorCode() == Errors.NONE.code() && answer.offset() <= acked) {
      notes.complain(
          "%s ends at %d, and %d was acknowledged before", partition, answer.offset(), acked);
    }
  }

  private void fetch(TopicPartition partition, long acked) throws InterruptedException {
    PartitionData answer = fetch(caller, partition, acked, 0);
    if (answer.errorCode() == Errors.OFFSET_OUT_OF_RANGE.code()) {
      notes.complain("%s has no offset %d, which was acknowledged", partition, acked);
    }
  }

  static ListOffsetsPartitionResponse end(Caller caller, TopicPartition partition)
      throws InterruptedException {
    ListOffsetsTopic topic =
        new ListOffsetsTopic()
            .setName(partition.topic())
            .setPartitions(
                List.of(
                    new ListOffsetsPartition()
                        .setPartitionIndex(partition.partition())
                        .setTimestamp(ListOffsetsRequest.LATEST_TIMESTAMP)));
    ListOffsetsResponse response =
        (ListOffsetsResponse)
            caller.ask(
                ListOffsetsRequest.Builder.forConsumer(false, IsolationLevel.READ_UNCOMMITTED)
                    .setTargetTimes(List.of(topic))
                    .build(LIST_VERSION));
    return response.topics().getFirst().partitions().getFirst();
  }

  static PartitionData fetch(Caller caller, TopicPartition partition, long offset, int waitMs)
      throws InterruptedException {
    return fetch(caller, partition, offset, waitMs, IsolationLevel.READ_UNCOMMITTED);
  }

  static PartitionData fetch(
      Caller caller, TopicPartition partition, long offset, int waitMs, IsolationLevel isolation)
      throws InterruptedException {
    FetchRequest.PartitionData wanted =
        new FetchRequest.PartitionData(
            Uuid.ZERO_UUID,
            offset,
            FetchRequest.INVALID_LOG_START_OFFSET,
            Fetches.PARTITION_BYTES_MAX,
            Optional.empty());
    FetchResponse response =
        (FetchResponse)
            caller.ask(
                FetchRequest.Builder.forConsumer(
                        FETCH_VERSION, waitMs, 1, Map.of(partition, wanted))
                    .isolationLevel(isolation)
                    .build(FETCH_VERSION));
    return response.responseData(Map.of(), FETCH_VERSION).get(partition);
  }
}
