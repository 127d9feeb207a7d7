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
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListOffsetsHandlerTest {
  private static final short NEWEST = 11;

  private final TestCluster cluster = new TestCluster();
  private final TopicId topic = cluster.addTopic("t", 2);
  private final PartitionId zero = new PartitionId(topic, 0);
  private final TestAgent agent = new TestAgent(cluster, Environment.system());
  private final ListOffsetsHandler handler =
      new ListOffsetsHandler(agent.catalog(), agent.search());

  @BeforeEach
  void fill() {
    cluster.commit(Run.of(zero, TestBatch.of(100, "a", "b", "c"), TestBatch.of(900, "d")));
    cluster.commit(Run.of(zero, TestBatch.of(500, "e")));
    cluster.setLogStart(zero, 1);
    cluster.setLastStable(zero, 4);
  }

  private List<ListOffsetsPartitionResponse> ask(ListOffsetsRequestData data, int version)
      throws InterruptedException {
    ListOffsetsRequest built =
        ListOffsetsRequest.parse(
            new ByteBufferAccessor(
                MessageUtil.toByteBufferAccessor(data, (short) version).buffer()),
            (short) version);
    return Asked.response(
            handler.handle(Asked.request(ApiKeys.LIST_OFFSETS, built)), ListOffsetsResponse.class)
        .topics()
        .stream()
        .flatMap(each -> each.partitions().stream())
        .toList();
  }

  private static ListOffsetsRequestData request(
      String name, int isolation, ListOffsetsPartition... partitions) {
    return new ListOffsetsRequestData()
        .setReplicaId(-1)
        .setIsolationLevel((byte) isolation)
        .setTopics(
            List.of(new ListOffsetsTopic().setName(name).setPartitions(List.of(partitions))));
  }

  private static ListOffsetsPartition at(int partition, long timestamp) {
    return new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(timestamp);
  }

  @Test
  void tooManyPartitionsAreRefused() throws InterruptedException {
    ListOffsetsPartition[] partitions = new ListOffsetsPartition[AnswerRows.ROWS_MAX];
    Arrays.setAll(partitions, index -> at(index, -1));
    assertThat(ask(request("t", 0, partitions), NEWEST))
        .hasSize(AnswerRows.REFUSED_MAX)
        .allMatch(told -> told.errorCode() == Errors.INVALID_REQUEST.code());
  }

  private ListOffsetsPartitionResponse ask(long timestamp, int version)
      throws InterruptedException {
    return ask(request("t", 0, at(0, timestamp)), version).getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "-2, 1, 1, -1, 0",
    "-1, 1, 5, -1, 0",
    "-3, 7, 3, 900, 0",
    "-4, 8, 1, -1, 0",
    "-5, 9, -1, -1, -1",
    "-6, 11, -1, -1, -1",
    "0, 5, 1, 101, 0",
    "103, 5, 3, 900, 0",
    "901, 5, -1, -1, -1"
  })
  void timesAndTheirNames(long timestamp, int version, long offset, long time, int epoch)
      throws InterruptedException {
    ListOffsetsPartitionResponse told = ask(timestamp, version);
    assertThat(told.errorCode()).isEqualTo(Errors.NONE.code());
    assertThat(told.offset()).isEqualTo(offset);
    assertThat(told.timestamp()).isEqualTo(time);
    assertThat(told.leaderEpoch()).isEqualTo(version >= 4 ? epoch : told.leaderEpoch());
  }

  @ParameterizedTest
  @CsvSource({"-3, 6", "-4, 7", "-5, 8", "-6, 10", "-7, 11"})
  void aVersionWithoutThatNameIsRefusedIt(long timestamp, int version) throws InterruptedException {
    assertThat(ask(timestamp, version).errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
  }

  @Test
  void readersOfCommittedRecordsAreToldTheLastStableOffset() throws InterruptedException {
    assertThat(ask(request("t", 1, at(0, -1)), NEWEST).getFirst().offset()).isEqualTo(4);
  }

  @Test
  void theLatestOffsetIsNeverAnOldOne() throws InterruptedException {
    agent.catalog().current();
    cluster.commit(Run.of(zero, TestBatch.of(1, "f")));
    assertThat(ask(-1, NEWEST).offset()).isEqualTo(6);
  }

  @Test
  void aLeaderEpochThatHasNotBeenIsUnknown() throws InterruptedException {
    ListOffsetsPartitionResponse told =
        ask(request("t", 0, at(0, -1).setCurrentLeaderEpoch(99)), NEWEST).getFirst();
    assertThat(told.errorCode()).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH.code());
    assertThat(told.offset()).isEqualTo(-1);
    assertThat(told.timestamp()).isEqualTo(-1);
  }

  @Test
  void unknownTopicsAndPartitionsAreSaidToBeUnknown() throws InterruptedException {
    assertThat(ask(request("nope", 0, at(0, -1)), NEWEST).getFirst().errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(ask(request("t", 0, at(2, -1)), NEWEST).getFirst().errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void aPartitionNamedTwiceIsRefused() throws InterruptedException {
    assertThat(ask(request("t", 0, at(0, -1), at(0, -2), at(1, -1)), NEWEST))
        .extracting(ListOffsetsPartitionResponse::errorCode)
        .containsExactly(
            Errors.INVALID_REQUEST.code(), Errors.INVALID_REQUEST.code(), Errors.NONE.code());
  }

  @Test
  void whileNobodyCanBeAskedItIsTriedAgain() throws InterruptedException {
    agent.catalog().current();
    cluster.setAway(true);
    assertThat(ask(request("t", 0, at(0, -1), at(1, 100)), NEWEST))
        .extracting(ListOffsetsPartitionResponse::errorCode)
        .containsOnly(Errors.LEADER_NOT_AVAILABLE.code());
  }
}
