package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.state.DirectPort;
import io.weft.controlplane.state.RunBuilder;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeClusterResponse;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The cluster as such: versions, agents, coordinators, producer ids, sizes.
class ClusterTest {
  private final TestApi api = new TestApi();

  private FindCoordinatorResponseData find(int version, FindCoordinatorRequestData data)
      throws InterruptedException {
    FindCoordinatorRequest request =
        new FindCoordinatorRequest.Builder(data).build((short) version);
    return ((FindCoordinatorResponse) api.ask(request)).data();
  }

  private InitProducerIdResponseData initProducer(int version, InitProducerIdRequestData data)
      throws InterruptedException {
    // As it comes over the wire: the builder would refuse what a raw client can say.
    InitProducerIdRequest request =
        InitProducerIdRequest.parse(
            MessageUtil.toByteBufferAccessor(data, (short) version), (short) version);
    return ((InitProducerIdResponse) api.ask(request)).data();
  }

  private ApiVersionsResponseData versions(int version, ApiVersionsRequestData data)
      throws InterruptedException {
    ApiVersionsRequest request = new ApiVersionsRequest(data, (short) version);
    return ((ApiVersionsResponse) api.ask(request)).data();
  }

  private static ApiVersionsRequestData software(String name) {
    return new ApiVersionsRequestData().setClientSoftwareName(name).setClientSoftwareVersion("1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void advertisesWhatHasAHandler(int version) throws Exception {
    ApiVersionsResponseData answer = versions(version, software("weft-test"));

    assertThat(answer.errorCode()).isZero();
    assertThat(answer.apiKeys().find(ApiKeys.METADATA.id).maxVersion()).isEqualTo((short) 13);
    assertThat(answer.apiKeys().find(ApiKeys.PRODUCE.id)).isNull();
    if (version >= 3) {
      assertThat(answer.finalizedFeatures().find("metadata.version").maxVersionLevel())
          .isPositive();
    }
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"", "bad name", "-x", "ü"})
  void refusesBadSoftwareNames(String name) throws Exception {
    assertThat(versions(3, software(name)).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
  }

  @Test
  void sendsAwayWhoMeansAnotherCluster() throws Exception {
    assertThat(versions(5, software("x").setClusterId("another").setNodeId(0)).errorCode())
        .isEqualTo(Errors.REBOOTSTRAP_REQUIRED.code());
    assertThat(
            versions(5, software("x").setClusterId(DirectPort.CLUSTER_ID).setNodeId(7)).errorCode())
        .isZero();
  }

  @ParameterizedTest(name = "version {0}, endpoint type {1}: {2}")
  @CsvSource({"0, 1, 0", "1, 1, 0", "2, 1, 0", "1, 2, 114", "2, 9, 115"})
  void describesTheClusterToWhoAsksForBrokers(int version, byte type, short error)
      throws Exception {
    DescribeClusterRequestData data = new DescribeClusterRequestData().setEndpointType(type);

    DescribeClusterResponseData answer =
        ((DescribeClusterResponse)
                api.ask(new DescribeClusterRequest.Builder(data).build((short) version)))
            .data();

    assertThat(answer.errorCode()).isEqualTo(error);
    if (error == 0) {
      assertThat(answer.clusterId()).isEqualTo(DirectPort.CLUSTER_ID);
      assertThat(answer.controllerId()).isZero();
      assertThat(answer.brokers()).hasSize(1);
    }
  }

  private List<Integer> described(String clientId) throws InterruptedException {
    DescribeClusterRequest request =
        new DescribeClusterRequest.Builder(
                new DescribeClusterRequestData().setEndpointType((byte) 1))
            .build((short) 2);
    return ((DescribeClusterResponse) api.ask(request, clientId))
        .data().brokers().stream().map(DescribeClusterBroker::brokerId).toList();
  }

  @Test
  void describesTheAgentsOfAZoneToAClientThatNamesOneAndAllToOthers() throws Exception {
    api.controlPlane.addAgent(1, "a", "host", 9092);
    api.controlPlane.addAgent(2, "b", "host", 9092);
    api.controlPlane.addAgent(3, "a", "host", 9092);

    assertThat(described("admin")).containsExactly(0, 1, 2, 3);
    assertThat(described("admin,weft_az=a")).containsExactly(1, 3);
    assertThat(described("weft_az=b")).containsExactly(2);
    assertThat(described("weft_az=mars")).containsExactly(0, 1, 2, 3);
  }

  @ParameterizedTest(name = "version {0}")
  @ValueSource(ints = {0, 1, 2, 3})
  void namesACoordinator(int version) throws Exception {
    for (String key : List.of("", "group")) {
      FindCoordinatorResponseData answer =
          find(version, new FindCoordinatorRequestData().setKey(key));

      assertThat(answer.errorCode()).isZero();
      assertThat(answer.nodeId()).isZero();
      assertThat(answer.port()).isEqualTo(9092);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6})
  void namesSeveralCoordinators(int version) throws Exception {
    FindCoordinatorResponseData answer =
        find(version, new FindCoordinatorRequestData().setCoordinatorKeys(List.of("a", "b")));

    assertThat(answer.coordinators())
        .extracting(Coordinator::key, Coordinator::nodeId, Coordinator::errorCode)
        .containsExactly(tuple("a", 0, (short) 0), tuple("b", 0, (short) 0));
  }

  @Test
  void refusesOtherCoordinatorsG2() throws Exception {
    assertThat(
            find(3, new FindCoordinatorRequestData().setKey("g").setKeyType((byte) 9)).errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
    FindCoordinatorRequestData several =
        new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g")).setKeyType((byte) 9);
    assertThat(find(4, several).coordinators().getFirst().errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void givesEachProducerAnIdOfItsOwn(int version) throws Exception {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      InitProducerIdResponseData answer =
          initProducer(version, new InitProducerIdRequestData().setTransactionalId(null));
      assertThat(answer.errorCode()).isZero();
      assertThat(answer.producerEpoch()).isZero();
      ids.add(answer.producerId());
    }

    assertThat(ids).isEqualTo(IntStream.rangeClosed(1, 2_500).mapToObj(i -> (long) i).toList());
  }

  @Test
  void tellsAnIdempotentProducerToTryAgainWhileTheControlPlaneIsAway() throws Exception {
    api.controlPlane.setAway(true);

    assertThat(
            initProducer(5, new InitProducerIdRequestData().setTransactionalId(null)).errorCode())
        .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
  }

  @ParameterizedTest(name = "\"{0}\", {1} ms: {2}")
  @CsvSource({"'', 1000, 42", "t, 0, 50", "t, -1, 50", "t, 900001, 50"})
  void refusesImpossibleTransactionalProducers(String id, int timeoutMs, short error)
      throws Exception {
    InitProducerIdResponseData answer =
        initProducer(
            5,
            new InitProducerIdRequestData()
                .setTransactionalId(id)
                .setTransactionTimeoutMs(timeoutMs));

    assertThat(answer.errorCode()).isEqualTo(error);
    assertThat(answer.producerId()).isEqualTo(-1);
  }

  @Test
  void refusesAnIdWithoutAnEpoch() throws Exception {
    assertThat(
            initProducer(
                    5, new InitProducerIdRequestData().setTransactionalId(null).setProducerId(7))
                .errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void showsTheBytesOfEachPartitionOnce(int version) throws Exception {
    TopicId id = new TopicId(7, 8);
    api.controlPlane.create(new NewTopic(id, "t", 20, (short) 3, Map.of()));
    api.controlPlane.commit(
        new AgentId(0),
        IntStream.range(0, 20)
            .mapToObj(i -> RunBuilder.run(new PartitionId(id, i)).timed(1_000 + i, 1, 5).build())
            .toArray(UploadedBatches[]::new));
    DescribeLogDirsRequest all =
        new DescribeLogDirsRequest.Builder(new DescribeLogDirsRequestData().setTopics(null))
            .build((short) version);

    DescribeLogDirsResponseData alone = ((DescribeLogDirsResponse) api.ask(all)).data();
    api.controlPlane.addAgent(1, "", "other", 9092);
    DescribeLogDirsResponseData half = ((DescribeLogDirsResponse) api.ask(all)).data();

    assertThat(alone.results()).hasSize(1);
    assertThat(alone.results().getFirst().topics().getFirst().partitions())
        .hasSize(20)
        .anyMatch(partition -> partition.partitionSize() == 1_019);
    assertThat(half.results().getFirst().topics().getFirst().partitions()).hasSizeBetween(1, 19);
  }
}
