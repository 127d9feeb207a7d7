package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.environment.Environment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// CreateTopics; the names in capitals are the rows of the table of bad inputs.
class CreateTopicsTest {
  private static final short LATEST = 7;

  private final TestApi api = new TestApi();

  static CreatableTopic topic(String name, int partitions, int replication) {
    return new CreatableTopic()
        .setName(name)
        .setNumPartitions(partitions)
        .setReplicationFactor((short) replication);
  }

  private static CreatableTopic withConfig(CreatableTopic topic, String name, String value) {
    topic.configs().add(new CreatableTopicConfig().setName(name).setValue(value));
    return topic;
  }

  private List<CreatableTopicResult> create(short version, CreatableTopic... topics)
      throws InterruptedException {
    CreateTopicsRequestData data = new CreateTopicsRequestData().setTimeoutMs(1_000);
    for (CreatableTopic topic : topics) {
      data.topics().add(topic);
    }
    return ask(version, data);
  }

  private List<CreatableTopicResult> ask(short version, CreateTopicsRequestData data)
      throws InterruptedException {
    CreateTopicsRequest request = new CreateTopicsRequest.Builder(data).build(version);
    return List.copyOf(((CreateTopicsResponse) api.ask(request)).data().topics());
  }

  private Errors error(CreatableTopic topic) throws InterruptedException {
    return Errors.forCode(create(LATEST, topic).getFirst().errorCode());
  }

  private Topic created(String name) {
    return api.catalog.fresh().topic(name).orElseThrow();
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"", ".", "..", "../../x", "a b", "a/b", "nul\0", "ümlaut"})
  void refusesBadNames(String name) throws Exception {
    assertThat(error(topic(name, 1, 1))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
  }

  @Test
  void refusesNamesThatAreTooLong() throws Exception {
    assertThat(error(topic("x".repeat(250), 1, 1))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    assertThat(error(topic("x".repeat(249), 1, 1))).isEqualTo(Errors.NONE);
  }

  @ParameterizedTest(name = "{0} partitions")
  @ValueSource(ints = {-5, -2, 0})
  void refusesImpossiblePartitions(int partitions) throws Exception {
    assertThat(error(topic("t", partitions, 1))).isEqualTo(Errors.INVALID_PARTITIONS);
  }

  @ParameterizedTest
  @ValueSource(ints = {10_001, Integer.MAX_VALUE})
  void refusesMorePartitionsThanThereMayBe(int partitions) throws Exception {
    assertThat(error(topic("t", partitions, 1))).isEqualTo(Errors.POLICY_VIOLATION);
  }

  @ParameterizedTest(name = "factor {0}")
  @ValueSource(ints = {0, -2, -100})
  void refusesImpossibleFactors(int factor) throws Exception {
    assertThat(error(topic("t", 1, factor))).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
  }

  @ParameterizedTest(name = "factor {0} with one agent")
  @CsvSource({"1, 1", "-1, 1", "3, 3", "100, 100"})
  void takesAnyFactor(int asked, int shown) throws Exception {
    CreatableTopicResult result = create(LATEST, topic("t", 2, asked)).getFirst();

    assertThat(result.errorCode()).isZero();
    assertThat(result.replicationFactor()).isEqualTo((short) shown);
    assertThat(created("t").replicationFactor()).isEqualTo((short) shown);
  }

  @Test
  void refusesMoreReplicasThanCouldBeShown() throws Exception {
    assertThat(error(topic("t", 10_000, 32_767))).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
  }

  @Test
  void refusesNamesGivenTwiceA12() throws Exception {
    List<CreatableTopicResult> results =
        create(LATEST, topic("t", 1, 1), topic("t", 2, 1), topic("u", 1, 1));

    assertThat(results)
        .extracting(CreatableTopicResult::name, CreatableTopicResult::errorCode)
        .containsExactlyInAnyOrder(tuple("t", (short) 42), tuple("u", (short) 0));
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource({
    "retention.ms, never",
    "cleanup.policy, zap",
    "no.such.setting, 1",
    "min.insync.replicas, 0",
    "segment.bytes, 5",
    "message.timestamp.type, Sometime",
    "remote.storage.enable, true"
  })
  void refusesBadSettings(String name, String value) throws Exception {
    CreatableTopicResult result =
        create(LATEST, withConfig(topic("t", 1, 1), name, value)).getFirst();

    assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.INVALID_CONFIG);
    assertThat(result.errorMessage()).isNotBlank();
  }

  @Test
  void refusesASettingThatIsTooLong() throws Exception {
    CreatableTopicResult result =
        create(LATEST, withConfig(topic("t", 1, 1), "cleanup.policy", "d".repeat(4_083)))
            .getFirst();

    assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.INVALID_CONFIG);
    assertThat(result.errorMessage())
        .isEqualTo("a topic's setting has 4097 characters with its name; 4096 are possible");
  }

  @Test
  void saysNothingOfATopicThatIsCreated() throws Exception {
    CreatableTopicResult result = create(LATEST, topic("t", 1, 1)).getFirst();

    assertThat(result.errorCode()).isZero();
    assertThat(result.errorMessage()).isNull();
  }

  @Test
  void refusesANullSettingA15() throws Exception {
    assertThat(error(withConfig(topic("t", 1, 1), "retention.ms", null)))
        .isEqualTo(Errors.INVALID_CONFIG);
  }

  @Test
  void refusesNamesWhoseMetricsWouldCollideA16A17() throws Exception {
    assertThat(error(topic("a.b", 1, 1))).isEqualTo(Errors.NONE);

    assertThat(error(topic("a_b", 1, 1))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
  }

  @Test
  void refusesTheSecondOfTwoCollidingNamesInOneRequest() throws Exception {
    List<CreatableTopicResult> results = create(LATEST, topic("a.b", 1, 1), topic("a_b", 1, 1));

    assertThat(results)
        .extracting(CreatableTopicResult::errorCode)
        .containsExactlyInAnyOrder((short) 0, Errors.INVALID_TOPIC_EXCEPTION.code());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"__consumer_offsets", "__transaction_state", "__share_group_state"})
  void refusesInternalTopics(String name) throws Exception {
    assertThat(error(topic(name, 1, 1))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
  }

  @Test
  void refusesWhatExists() throws Exception {
    create(LATEST, topic("t", 1, 1));

    assertThat(error(topic("t", 1, 1))).isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
  }

  @ParameterizedTest
  @ValueSource(shorts = {2, 3, 4, 5, 6, 7})
  void createsInEveryVersion(short version) throws Exception {
    CreatableTopicResult result = create(version, topic("t", 3, 1)).getFirst();

    assertThat(result.errorCode()).isZero();
    assertThat(created("t").partitions()).isEqualTo(3);
  }

  @Test
  void usesDefaultsWhereNothingIsSaid() throws Exception {
    TestApi other =
        new TestApi(
            TestApi.oneAgent(),
            new ApiSettings(false, 6, (short) 3, Map.of()),
            Environment.system());
    CreateTopicsRequestData data = new CreateTopicsRequestData().setTimeoutMs(1_000);
    data.topics().add(topic("t", -1, -1));

    other.ask(new CreateTopicsRequest.Builder(data).build(LATEST));

    Topic topic = other.catalog.fresh().topic("t").orElseThrow();
    assertThat(topic.partitions()).isEqualTo(6);
    assertThat(topic.replicationFactor()).isEqualTo((short) 3);
  }

  @Test
  void keepsOwnSettingsAndShowsAll() throws Exception {
    CreatableTopicResult result =
        create(LATEST, withConfig(topic("t", 1, 1), "retention.ms", "1000")).getFirst();

    assertThat(created("t").settings()).containsExactly(Map.entry("retention.ms", "1000"));
    assertThat(result.topicId().getMostSignificantBits()).isEqualTo(created("t").id().high());
    assertThat(result.configs())
        .filteredOn(config -> config.name().equals("retention.ms"))
        .extracting(CreatableTopicConfigs::value, CreatableTopicConfigs::configSource)
        .containsExactly(tuple("1000", (byte) 1));
    assertThat(result.configs())
        .filteredOn(config -> config.name().equals("max.message.bytes"))
        .extracting(CreatableTopicConfigs::value, CreatableTopicConfigs::configSource)
        .containsExactly(tuple("1048588", (byte) 5));
  }

  @Test
  void createsNothingWhenItOnlyValidates() throws Exception {
    CreateTopicsRequestData data =
        new CreateTopicsRequestData().setTimeoutMs(1_000).setValidateOnly(true);
    data.topics().add(topic("t", 4, 1));

    CreatableTopicResult result = ask(LATEST, data).getFirst();

    assertThat(result.errorCode()).isZero();
    assertThat(result.numPartitions()).isEqualTo(4);
    assertThat(api.catalog.fresh().topic("t")).isEmpty();
  }

  @Test
  void countsAnAssignmentByHand() throws Exception {
    CreatableTopic topic = topic("t", -1, -1);
    for (int i = 0; i < 3; i++) {
      topic
          .assignments()
          .add(new CreatableReplicaAssignment().setPartitionIndex(i).setBrokerIds(List.of(0)));
    }

    assertThat(error(topic)).isEqualTo(Errors.NONE);
    assertThat(created("t").partitions()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"0;7", "0;0", "''"})
  void refusesImpossibleAssignments(String nodes) throws Exception {
    CreatableTopic topic = topic("t", -1, -1);
    List<Integer> ids =
        nodes.isEmpty()
            ? List.of()
            : Arrays.stream(nodes.split(";")).map(Integer::valueOf).toList();
    topic
        .assignments()
        .add(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(ids));

    assertThat(error(topic)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
  }

  @Test
  void refusesAnAssignmentWithACount() throws Exception {
    CreatableTopic topic = topic("t", 1, -1);
    topic
        .assignments()
        .add(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(List.of(0)));

    assertThat(error(topic)).isEqualTo(Errors.INVALID_REQUEST);
  }

  @Test
  void refusesAssignmentsWithHoles() throws Exception {
    CreatableTopic topic = topic("t", -1, -1);
    topic
        .assignments()
        .add(new CreatableReplicaAssignment().setPartitionIndex(1).setBrokerIds(List.of(0)));

    assertThat(error(topic)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
  }

  @Test
  void asksAgainWhenAnAnswerIsLost() throws Exception {
    api.controlPlane.loseAnswer("CreateTopic");

    assertThat(error(topic("t", 1, 1))).isEqualTo(Errors.NONE);
  }

  @Test
  void saysTimedOutWhenTheControlPlaneStaysAway() throws Exception {
    api.controlPlane.setAway(true);

    assertThat(error(topic("t", 1, 1))).isEqualTo(Errors.REQUEST_TIMED_OUT);
  }
}
