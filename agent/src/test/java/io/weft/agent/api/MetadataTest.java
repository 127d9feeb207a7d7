package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.network.Answer;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.state.DirectPort;
import io.weft.environment.Environment;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTest {
  private static final short LATEST = 13;

  private final DirectPort controlPlane = TestApi.oneAgent();
  private final TestApi api = new TestApi(controlPlane, ApiSettings.DEFAULTS, Environment.system());

  private void create(String name, int partitions, int replication) {
    controlPlane.create(
        new NewTopic(
            new TopicId(1, name.hashCode()), name, partitions, (short) replication, Map.of()));
  }

  private MetadataResponseData ask(MetadataRequestData data, int version, String clientId)
      throws InterruptedException {
    MetadataRequest request = new MetadataRequest(data, (short) version);
    return ((MetadataResponse) api.ask(request, clientId)).data();
  }

  private static MetadataRequestData named(String... names) {
    List<MetadataRequestTopic> topics = new ArrayList<>();
    for (String name : names) {
      topics.add(new MetadataRequestTopic().setName(name));
    }
    return new MetadataRequestData().setTopics(topics).setAllowAutoTopicCreation(false);
  }

  private static MetadataRequestData all() {
    return new MetadataRequestData().setTopics(null);
  }

  private MetadataResponseTopic topic(String name) throws InterruptedException {
    return ask(named(name), LATEST, "c").topics().iterator().next();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
  void showsATopicInEveryVersion(int version) throws Exception {
    create("t", 2, 1);
    MetadataRequestData asked =
        version < 4 ? named("t").setAllowAutoTopicCreation(true) : named("t");

    MetadataResponseData answer = ask(asked, version, "c");

    assertThat(answer.brokers()).extracting(MetadataResponseBroker::nodeId).containsExactly(0);
    MetadataResponseTopic topic = answer.topics().iterator().next();
    assertThat(topic.errorCode()).isZero();
    assertThat(topic.partitions())
        .extracting(MetadataResponsePartition::leaderId)
        .containsExactly(0, 0);
  }

  @Test
  void takesAnEmptyListForAllTopicsInVersion0Only() throws Exception {
    create("t", 1, 1);
    MetadataRequestData empty = new MetadataRequestData().setTopics(List.of());

    assertThat(ask(empty, 0, "c").topics()).hasSize(1);
    assertThat(ask(empty, 1, "c").topics()).isEmpty();
    assertThat(ask(all(), 1, "c").topics()).hasSize(1);
  }

  @Test
  void listsTopicsThatWereMadeElsewhere() throws Exception {
    create("t", 1, 1);

    assertThat(ask(all(), LATEST, "c").topics())
        .extracting(MetadataResponseTopic::name)
        .containsExactly("t");
  }

  @Test
  void findsTopicsById() throws Exception {
    create("t", 1, 1);
    Uuid known = new Uuid(1, "t".hashCode());
    Uuid unknown = new Uuid(5, 6);
    MetadataRequestData asked =
        new MetadataRequestData()
            .setTopics(
                List.of(
                    new MetadataRequestTopic().setTopicId(known).setName(null),
                    new MetadataRequestTopic().setTopicId(unknown).setName(null)));

    List<MetadataResponseTopic> topics = List.copyOf(ask(asked, LATEST, "c").topics());

    assertThat(topics.get(0).name()).isEqualTo("t");
    assertThat(topics.get(1).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    assertThat(topics.get(1).topicId()).isEqualTo(unknown);
  }

  @Test
  void refusesIdsInVersionsThatDoNotKnowThem() throws Exception {
    MetadataRequestData asked =
        new MetadataRequestData()
            .setTopics(
                List.of(new MetadataRequestTopic().setTopicId(new Uuid(5, 6)).setName(null)));

    MetadataResponseData answer = ask(asked, 10, "c");

    assertThat(answer.topics().iterator().next().errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
  }

  @Test
  void asksTheControlPlaneBeforeItSaysUnknown() throws Exception {
    ask(all(), LATEST, "c");
    create("t", 1, 1);

    assertThat(topic("t").errorCode()).isZero();
    assertThat(topic("u").errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../etc/passwd", "", "a b"})
  void callsBadNamesBad(String name) throws Exception {
    assertThat(topic(name).errorCode()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
  }

  @Test
  void createsWhatIsAskedForIfItMay() throws Exception {
    MetadataResponseData answer = ask(named("new").setAllowAutoTopicCreation(true), LATEST, "c");

    assertThat(answer.topics().iterator().next().errorCode()).isZero();
    assertThat(api.catalog.fresh().topic("new")).isPresent();
  }

  @Test
  void createsNothingIfTheClientOrTheOperatorDoesNotWantIt() throws Exception {
    TestApi strict =
        new TestApi(
            controlPlane, new ApiSettings(false, 1, (short) 1, Map.of()), Environment.system());

    topic("new");
    strict.ask(new MetadataRequest(named("new").setAllowAutoTopicCreation(true), LATEST));

    assertThat(api.catalog.fresh().topic("new")).isEmpty();
  }

  @Test
  void createsNoInternalTopics() throws Exception {
    MetadataResponseData answer =
        ask(named("__consumer_offsets").setAllowAutoTopicCreation(true), LATEST, "c");

    assertThat(answer.topics().iterator().next().errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void createsABoundedNumberOfTopicsPerRequest() throws Exception {
    String[] names = new String[200];
    for (int i = 0; i < names.length; i++) {
      names[i] = "topic-" + i;
    }

    MetadataResponseData answer = ask(named(names).setAllowAutoTopicCreation(true), LATEST, "c");

    assertThat(api.catalog.fresh().topics()).hasSize(64);
    assertThat(answer.topics())
        .filteredOn(topic -> topic.errorCode() == Errors.LEADER_NOT_AVAILABLE.code())
        .hasSize(136);
  }

  @Test
  void showsAsManyReplicasAsWereAskedForAllInSync() throws Exception {
    create("t", 1, 3);
    controlPlane.addAgent(5, "", "other", 9092);

    MetadataResponsePartition partition = topic("t").partitions().getFirst();

    assertThat(partition.replicaNodes()).hasSize(3).doesNotHaveDuplicates();
    assertThat(partition.replicaNodes().getFirst()).isEqualTo(partition.leaderId());
    assertThat(partition.replicaNodes()).contains(0, 5, 2_147_000_000);
    assertThat(partition.isrNodes()).isEqualTo(partition.replicaNodes());
    assertThat(partition.offlineReplicas()).isEmpty();
  }

  @Test
  void namesAgentsOfTheClientsZoneOnly() throws Exception {
    for (int i = 1; i <= 6; i++) {
      controlPlane.addAgent(i, i % 2 == 0 ? "a" : "b", "host", 9092);
    }
    create("t", 50, 3);
    api.catalog.fresh();

    MetadataResponseData inA = ask(named("t"), LATEST, "app,weft_az=a");
    MetadataResponseData nowhere = ask(named("t"), LATEST, "weft_az=mars");

    assertThat(inA.brokers()).extracting(MetadataResponseBroker::nodeId).containsExactly(2, 4, 6);
    assertThat(inA.brokers()).extracting(MetadataResponseBroker::rack).containsOnly("a");
    assertThat(inA.topics().iterator().next().partitions())
        .extracting(MetadataResponsePartition::leaderId)
        .containsOnly(2, 4, 6)
        .contains(2, 4, 6);
    assertThat(nowhere.brokers()).hasSize(7);
  }

  @Test
  void raisesTheLeaderEpochWhenAnAgentComes() throws Exception {
    create("t", 1, 1);
    int before = topic("t").partitions().getFirst().leaderEpoch();
    controlPlane.addAgent(1, "", "host", 9092);
    api.catalog.fresh();

    assertThat(topic("t").partitions().getFirst().leaderEpoch()).isGreaterThan(before);
  }

  @Test
  void saysWhatMayBeDoneIfAsked() throws Exception {
    create("t", 1, 1);
    MetadataRequestData asked =
        named("t")
            .setIncludeTopicAuthorizedOperations(true)
            .setIncludeClusterAuthorizedOperations(true);

    MetadataResponseData answer = ask(asked, 10, "c");

    assertThat(answer.clusterAuthorizedOperations()).isPositive();
    assertThat(answer.topics().iterator().next().topicAuthorizedOperations()).isPositive();
    assertThat(topic("t").topicAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
  }

  @Test
  void showsKnownTopicsWhileTheControlPlaneIsAway() throws Exception {
    create("t", 1, 1);
    api.catalog.fresh();
    controlPlane.setAway(true);

    MetadataResponseData answer = ask(named("t", "u"), LATEST, "c");

    assertThat(answer.topics().find("t").errorCode()).isZero();
    assertThat(answer.topics().find("u").errorCode()).isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
  }

  @Test
  void closesRatherThanListsNothingWhileTheControlPlaneIsAway() throws Exception {
    controlPlane.setAway(true);

    assertThat(api.answer(new MetadataRequest(all(), LATEST), "c"))
        .isInstanceOf(Answer.Close.class);
  }
}
