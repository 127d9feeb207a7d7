package io.weft.agent.api.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.api.AnswerRows;
import io.weft.agent.fetch.TestAgent;
import io.weft.agent.fetch.TestBatch;
import io.weft.agent.fetch.TestCluster;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.environment.Environment;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;
import org.junit.jupiter.api.Test;

class OffsetForLeaderEpochHandlerTest {
  private final TestCluster cluster = new TestCluster();
  private final TopicId topic = cluster.addTopic("t", 2);
  private final TestAgent agent = new TestAgent(cluster, Environment.system());
  private final OffsetForLeaderEpochHandler handler =
      new OffsetForLeaderEpochHandler(agent.catalog(), agent.search());

  private EpochEndOffset ask(String name, int partition, int currentEpoch, int epoch)
      throws InterruptedException {
    OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection();
    topics.add(
        new OffsetForLeaderTopic()
            .setTopic(name)
            .setPartitions(
                List.of(
                    new OffsetForLeaderPartition()
                        .setPartition(partition)
                        .setCurrentLeaderEpoch(currentEpoch)
                        .setLeaderEpoch(epoch))));
    OffsetsForLeaderEpochRequest built =
        new OffsetsForLeaderEpochRequest(
            new OffsetForLeaderEpochRequestData().setReplicaId(-1).setTopics(topics), (short) 4);
    return Asked.response(
            handler.handle(Asked.request(ApiKeys.OFFSET_FOR_LEADER_EPOCH, built)),
            OffsetsForLeaderEpochResponse.class)
        .data()
        .topics()
        .iterator()
        .next()
        .partitions()
        .getFirst();
  }

  @Test
  void everyEpochThereHasBeenEndsAtTheHighWatermark() throws InterruptedException {
    cluster.commit(Run.of(new PartitionId(topic, 0), TestBatch.of(1, "a", "b")));
    for (int epoch = 0; epoch <= 3; epoch++) {
      EpochEndOffset end = ask("t", 0, 3, epoch);
      assertThat(end.errorCode()).isEqualTo(Errors.NONE.code());
      assertThat(end.leaderEpoch()).isEqualTo(epoch);
      assertThat(end.endOffset()).isEqualTo(2);
    }
  }

  @Test
  void tooManyPartitionsAreRefused() throws InterruptedException {
    OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection();
    topics.add(
        new OffsetForLeaderTopic()
            .setTopic("t")
            .setPartitions(
                Collections.nCopies(AnswerRows.ROWS_MAX, new OffsetForLeaderPartition())));
    OffsetsForLeaderEpochRequest built =
        new OffsetsForLeaderEpochRequest(
            new OffsetForLeaderEpochRequestData().setReplicaId(-1).setTopics(topics), (short) 4);
    assertThat(
            Asked.response(
                    handler.handle(Asked.request(ApiKeys.OFFSET_FOR_LEADER_EPOCH, built)),
                    OffsetsForLeaderEpochResponse.class)
                .data()
                .topics()
                .iterator()
                .next()
                .partitions())
        .hasSize(AnswerRows.REFUSED_MAX)
        .allMatch(end -> end.errorCode() == Errors.INVALID_REQUEST.code());
  }

  @Test
  void anEpochThatHasNotBeenHasNoEnd() throws InterruptedException {
    EpochEndOffset end = ask("t", 0, -1, 4);
    assertThat(end.errorCode()).isEqualTo(Errors.NONE.code());
    assertThat(end.leaderEpoch()).isEqualTo(-1);
    assertThat(end.endOffset()).isEqualTo(-1);
  }

  /// A client that has been elsewhere may know a newer epoch than this agent does.
  @Test
  void whileNobodyCanBeAskedNoEpochIsSaidNotToHaveBeen() throws InterruptedException {
    agent.catalog().current();
    cluster.setAway(true);
    EpochEndOffset end = ask("t", 0, -1, 4);
    assertThat(end.errorCode()).isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
  }

  @Test
  void aNewerLeaderThanThereIsIsUnknown() throws InterruptedException {
    assertThat(ask("t", 0, 4, 0).errorCode()).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH.code());
    cluster.setMembershipEpoch(4);
    assertThat(ask("t", 0, 4, 0).errorCode()).isEqualTo(Errors.NONE.code());
  }

  @Test
  void unknownTopicsAndPartitionsAreSaidToBeUnknown() throws InterruptedException {
    assertThat(ask("nope", 0, -1, 0).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(ask("t", 7, -1, 0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void whileNobodyCanBeAskedItIsTriedAgain() throws InterruptedException {
    agent.catalog().current();
    cluster.setAway(true);
    assertThat(ask("t", 0, -1, 0).errorCode()).isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
  }
}
