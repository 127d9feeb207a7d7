package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.network.Listener;
import io.weft.agent.network.NetworkSettings;
import io.weft.agent.network.Request;
import io.weft.controlplane.state.DirectPort;
import io.weft.environment.Environment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Kafka's own admin client against a listener and the API over a control plane in memory.
@Timeout(300)
class AdminClientTest {
  private static final ConfigResource TOPIC = new ConfigResource(ConfigResource.Type.TOPIC, "t");

  private DirectPort controlPlane;
  private Listener listener;
  private Admin admin;

  @BeforeEach
  void start() {
    controlPlane = new DirectPort();
    TestApi api = new TestApi(controlPlane, ApiSettings.DEFAULTS, Environment.system());
    listener =
        new Listener(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Environment.system(),
            api.api.offered(),
            (Request request) -> api.api.handle(request),
            NetworkSettings.DEFAULTS);
    listener.start();
    controlPlane.addAgent(0, "", "127.0.0.1", listener.port());
    api.catalog.fresh();
    admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + listener.port()));
  }

  @AfterEach
  void stop() {
    admin.close();
    listener.close();
  }

  private void create(String name, int partitions, int replication) throws Exception {
    admin.createTopics(List.of(new NewTopic(name, partitions, (short) replication))).all().get();
  }

  @Test
  void createsListsAndDescribesTopicsOfAnyReplicationFactor() throws Exception {
    create("t", 4, 3);

    assertThat(admin.listTopics().names().get()).containsExactly("t");
    TopicDescription description =
        admin.describeTopics(List.of("t")).allTopicNames().get().get("t");
    assertThat(description.partitions()).hasSize(4);
    assertThat(description.partitions().getFirst().replicas()).hasSize(3);
    assertThat(description.partitions().getFirst().isr()).hasSize(3);
    assertThat(description.partitions().getFirst().leader().port()).isEqualTo(listener.port());
    assertThat(
            admin
                .describeTopics(TopicCollection.ofTopicIds(List.of(description.topicId())))
                .allTopicIds()
                .get())
        .hasSize(1);
  }

  @Test
  void saysThatATopicExistsOrDoesNot() throws Exception {
    create("t", 1, 1);

    assertThatThrownBy(() -> create("t", 1, 1))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TopicExistsException.class);
    assertThatThrownBy(() -> admin.describeTopics(List.of("u")).allTopicNames().get())
        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
  }

  @Test
  void takesDefaultsWhereNothingIsSaid() throws Exception {
    admin.createTopics(List.of(new NewTopic("t", Optional.empty(), Optional.empty()))).all().get();

    assertThat(admin.describeTopics(List.of("t")).allTopicNames().get().get("t").partitions())
        .hasSize(1);
  }

  @Test
  void addsPartitions() throws Exception {
    create("t", 1, 1);

    admin.createPartitions(Map.of("t", NewPartitions.increaseTo(6))).all().get();

    assertThat(admin.describeTopics(List.of("t")).allTopicNames().get().get("t").partitions())
        .hasSize(6);
  }

  @Test
  void describesAndChangesSettings() throws Exception {
    create("t", 1, 1);
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry("retention.ms", "5000"), AlterConfigOp.OpType.SET);

    admin.incrementalAlterConfigs(Map.of(TOPIC, List.of(change))).all().get();

    Config config = admin.describeConfigs(List.of(TOPIC)).all().get().get(TOPIC);
    assertThat(config.get("retention.ms").value()).isEqualTo("5000");
    assertThat(config.get("retention.ms").source())
        .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
    assertThat(config.get("cleanup.policy").isDefault()).isTrue();
    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "0");
    assertThat(admin.describeConfigs(List.of(broker)).all().get()).containsKey(broker);
  }

  @Test
  void deletesTopics() throws Exception {
    create("t", 1, 1);
    create("u", 1, 1);

    admin.deleteTopics(List.of("t")).all().get();

    assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("u"));
  }

  @Test
  void describesTheClusterAndItsOneDirectory() throws Exception {
    create("t", 1, 1);
    DescribeClusterResult cluster = admin.describeCluster();

    assertThat(cluster.clusterId().get()).isEqualTo(DirectPort.CLUSTER_ID);
    assertThat(cluster.nodes().get()).hasSize(1);
    assertThat(cluster.controller().get().id()).isZero();
    assertThat(admin.describeLogDirs(List.of(0)).allDescriptions().get().get(0)).hasSize(1);
    assertThat(admin.describeFeatures().featureMetadata().get().finalizedFeatures())
        .containsKey("metadata.version");
  }

  @Test
  void knowsOfNoReassignments() throws Exception {
    assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
  }

  @Test
  void showsAProducerThePartitionsOfATopicWithStandIns() throws Exception {
    create("t", 3, 3);
    Map<String, Object> settings =
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + listener.port());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<PartitionInfo> partitions = producer.partitionsFor("t");

      assertThat(partitions).hasSize(3);
      assertThat(partitions.getFirst().leader().port()).isEqualTo(listener.port());
      assertThat(partitions.getFirst().replicas()).hasSize(3);
    }
  }
}
