package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.UploadedRuns;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.junit.jupiter.api.Test;

/// Every partition of these tests reaches from offset 10 to 100.
final class DeleteRecordsTest {
  private final TestApi api = new TestApi();

  DeleteRecordsTest() {
    create(1, "t", Map.of());
    create(2, "compacted", Map.of("cleanup.policy", "compact"));
    create(3, "both", Map.of("cleanup.policy", "compact,delete"));
  }

  private void create(long id, String name, Map<String, String> settings) {
    TopicId topic = new TopicId(0, id);
    api.controlPlane.create(new NewTopic(topic, name, 2, (short) 1, settings));
    for (int i = 0; i < 2; i++) {
      PartitionId partition = new PartitionId(topic, i);
      api.controlPlane.commit(new AgentId(0), UploadedRuns.plain(partition, 100));
      api.controlPlane
          .as(TopicCatalog.class)
          .deleteRecords(List.of(new RecordsBefore(partition, 10)));
    }
  }

  private static DeleteRecordsTopic topic(String name, long... partitionAndOffset) {
    List<DeleteRecordsPartition> partitions = new ArrayList<>();
    for (int i = 0; i < partitionAndOffset.length; i += 2) {
      partitions.add(
          new DeleteRecordsPartition()
              .setPartitionIndex((int) partitionAndOffset[i])
              .setOffset(partitionAndOffset[i + 1]));
    }
    return new DeleteRecordsTopic().setName(name).setPartitions(partitions);
  }

  /// `partition: error lowWatermark` of each partition answered.
  private List<String> ask(int version, DeleteRecordsTopic... topics) throws InterruptedException {
    DeleteRecordsRequest request =
        new DeleteRecordsRequest.Builder(
                new DeleteRecordsRequestData().setTopics(List.of(topics)).setTimeoutMs(1))
            .build((short) version);
    List<String> told = new ArrayList<>();
    ((DeleteRecordsResponse) api.ask(request))
        .data()
        .topics()
        .forEach(topic -> topic.partitions().forEach(result -> told.add(line(result))));
    return told;
  }

  private static String line(DeleteRecordsPartitionResult result) {
    return "%d: %s %d"
        .formatted(
            result.partitionIndex(), Errors.forCode(result.errorCode()), result.lowWatermark());
  }

  @Test
  void everyVersionIsToldWhereThePartitionBeginsNow() throws InterruptedException {
    for (int version = 0; version <= 2; version++) {
      assertThat(ask(version, topic("t", 0, 50, 1, 3))).containsExactly("0: NONE 50", "1: NONE 10");
    }
  }

  @Test
  void minusOneIsTheHighWatermark() throws InterruptedException {
    assertThat(ask(2, topic("t", 0, -1))).containsExactly("0: NONE 100");
  }

  @Test
  void whatIsNoOffsetOfThePartitionIsOutOfRange() throws InterruptedException {
    assertThat(ask(2, topic("t", 0, 101, 1, -2)))
        .containsExactly("0: OFFSET_OUT_OF_RANGE -1", "1: OFFSET_OUT_OF_RANGE -1");
  }

  @Test
  void whatIsNotThereIsUnknown() throws InterruptedException {
    assertThat(ask(2, topic("t", 2, 0, -1, 0), topic("nothing", 0, 0)))
        .containsExactly(
            "2: UNKNOWN_TOPIC_OR_PARTITION -1",
            "-1: UNKNOWN_TOPIC_OR_PARTITION -1",
            "0: UNKNOWN_TOPIC_OR_PARTITION -1");
  }

  @Test
  void compactionAloneKeepsItsRecords() throws InterruptedException {
    assertThat(ask(2, topic("compacted", 0, 50), topic("both", 0, 50)))
        .containsExactly("0: POLICY_VIOLATION -1", "0: NONE 50");
  }

  @Test
  void aPartitionNamedTwiceCountsAsItWasNamedLast() throws InterruptedException {
    assertThat(ask(2, topic("t", 0, 20, 0, 30))).containsExactly("0: NONE 30");
  }

  @Test
  void withoutAControlPlaneItIsTriedAgainLater() throws InterruptedException {
    api.controlPlane.setAway(true);

    assertThat(ask(2, topic("t", 0, 20))).containsExactly("0: REQUEST_TIMED_OUT -1");
  }
}
