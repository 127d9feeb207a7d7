package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.DuplicateResourceException;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnacceptableCredentialException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What administrators set with Kafka's own client is kept, shown, and there after a restart.
@Order(1)
class AdministrationTest {
  @TempDir Path folder;

  private WeftProcess weft;
  private Admin admin;

  @BeforeEach
  void start() throws Exception {
    weft = WeftProcess.dev(folder);
    admin = Admin.create(Map.of("bootstrap.servers", weft.address()));
  }

  @AfterEach
  void stop() {
    admin.close();
    weft.close();
  }

  private void restart() throws Exception {
    stop();
    start();
  }

  private void alter(ConfigResource resource, OpType operation, String name, String value)
      throws Exception {
    AlterConfigOp change = new AlterConfigOp(new ConfigEntry(name, value), operation);
    admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
  }

  private Config describe(ConfigResource resource) throws Exception {
    return admin.describeConfigs(List.of(resource)).all().get().get(resource);
  }

  @Test
  void settingsOfAGroupTakeThePlaceOfDefaults() throws Exception {
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "g");
    assertThat(describe(group).get("consumer.session.timeout.ms").value()).isEqualTo("45000");
    alter(group, OpType.SET, "consumer.session.timeout.ms", "50000");

    ConfigEntry set = describe(group).get("consumer.session.timeout.ms");
    assertThat(set.value()).isEqualTo("50000");
    assertThat(set.source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG);
    restart();
    assertThat(describe(group).get("consumer.session.timeout.ms").value()).isEqualTo("50000");
    assertThat(
            admin
                .listConfigResources(
                    Set.of(ConfigResource.Type.GROUP), new ListConfigResourcesOptions())
                .all()
                .get())
        .containsExactly(group);
    alter(group, OpType.DELETE, "consumer.session.timeout.ms", null);
    assertThat(describe(group).get("consumer.session.timeout.ms").value()).isEqualTo("45000");
    assertThatThrownBy(() -> alter(group, OpType.SET, "consumer.session.timeout.ms", "5"))
        .hasCauseInstanceOf(InvalidConfigurationException.class);
    assertThatThrownBy(() -> alter(group, OpType.SET, "no.such.setting", "5"))
        .hasCauseInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void subscriptionsToClientMetricsAreKept() throws Exception {
    ConfigResource metrics = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "m");
    alter(metrics, OpType.SET, "interval.ms", "5000");
    alter(metrics, OpType.SET, "metrics", "org.apache.kafka.producer.");
    alter(metrics, OpType.APPEND, "metrics", "org.apache.kafka.consumer.");

    assertThat(describe(metrics).get("interval.ms").value()).isEqualTo("5000");
    assertThat(describe(metrics).get("metrics").value())
        .isEqualTo("org.apache.kafka.producer.,org.apache.kafka.consumer.");
    assertThat(admin.listConfigResources().all().get()).contains(metrics);
    assertThatThrownBy(() -> alter(metrics, OpType.SET, "interval.ms", "5"))
        .hasCauseInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> alter(metrics, OpType.SET, "match", "nobody=x"))
        .hasCauseInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void agentsTakeWhatMayBeChangedWhileTheyRun() throws Exception {
    int id = admin.describeCluster().nodes().get().iterator().next().id();
    ConfigResource own = new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(id));
    ConfigResource all = new ConfigResource(ConfigResource.Type.BROKER, "");
    alter(all, OpType.SET, "log.cleaner.threads", "2");
    assertThat(describe(all).get("log.cleaner.threads").value()).isEqualTo("2");
    assertThat(describe(own).get("log.cleaner.threads").source())
        .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
    alter(own, OpType.SET, "log.cleaner.threads", "3");
    assertThat(describe(own).get("log.cleaner.threads").value()).isEqualTo("3");
    assertThat(describe(own).get("num.partitions").isReadOnly()).isTrue();
    for (String[] wrong :
        new String[][] {{"num.partitions", "2"}, {"log.cleaner.threads", "many"}}) {
      assertThatThrownBy(() -> alter(own, OpType.SET, wrong[0], wrong[1]))
          .hasCauseInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void quotasAreKeptByEntity() throws Exception {
    ClientQuotaEntity alice = new ClientQuotaEntity(Map.of("user", "alice"));
    ClientQuotaEntity anyApp = new ClientQuotaEntity(Collections.singletonMap("client-id", null));
    alter(alice, "producer_byte_rate", 1024.0);
    alter(anyApp, "request_percentage", 12.5);
    restart();

    assertThat(admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get())
        .isEqualTo(
            Map.of(
                alice, Map.of("producer_byte_rate", 1024.0),
                anyApp, Map.of("request_percentage", 12.5)));
    assertThat(
            admin
                .describeClientQuotas(
                    ClientQuotaFilter.contains(
                        List.of(ClientQuotaFilterComponent.ofEntity("user", "alice"))))
                .entities()
                .get())
        .containsOnlyKeys(alice);
    alter(alice, "producer_byte_rate", null);
    assertThat(admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get())
        .containsOnlyKeys(anyApp);
    ClientQuotaEntity nobody = new ClientQuotaEntity(Map.of("user", ""));
    assertThatThrownBy(() -> alter(nobody, "producer_byte_rate", 1.0))
        .hasCauseInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> alter(alice, "producer_byte_rate", 1.5))
        .hasCauseInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> alter(alice, "connection_creation_rate", 1.0))
        .hasCauseInstanceOf(InvalidRequestException.class);
  }

  private void alter(ClientQuotaEntity entity, String key, Double value) throws Exception {
    Collection<ClientQuotaAlteration.Op> ops = List.of(new ClientQuotaAlteration.Op(key, value));
    admin.alterClientQuotas(List.of(new ClientQuotaAlteration(entity, ops))).all().get();
  }

  @Test
  void scramCredentialsAreKeptAndDescribedWithoutKeys() throws Exception {
    ScramCredentialInfo strong = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 8_192);
    ScramCredentialInfo weak = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 100);
    upsert("alice", strong);
    restart();

    assertThat(
            admin
                .describeUserScramCredentials(List.of("alice"))
                .description("alice")
                .get()
                .credentialInfos())
        .containsExactly(strong);
    assertThatThrownBy(() -> upsert("bob", weak))
        .hasCauseInstanceOf(UnacceptableCredentialException.class);
    assertThatThrownBy(
            () -> admin.describeUserScramCredentials(List.of("bob")).description("bob").get())
        .hasCauseInstanceOf(ResourceNotFoundException.class);
    UserScramCredentialDeletion deletion =
        new UserScramCredentialDeletion("alice", ScramMechanism.SCRAM_SHA_512);
    KafkaFuture<Void> both =
        admin
            .alterUserScramCredentials(
                List.of(deletion, new UserScramCredentialUpsertion("alice", strong, "secret")))
            .all();
    assertThatThrownBy(both::get).hasCauseInstanceOf(DuplicateResourceException.class);
    admin.alterUserScramCredentials(List.of(deletion)).all().get();
    assertThat(admin.describeUserScramCredentials().all().get()).isEmpty();
    assertThatThrownBy(() -> admin.alterUserScramCredentials(List.of(deletion)).all().get())
        .hasCauseInstanceOf(ResourceNotFoundException.class);
  }

  private void upsert(String user, ScramCredentialInfo info) throws Exception {
    admin
        .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, info, "secret")))
        .all()
        .get();
  }

  @Test
  void nothingIsToBeElectedOrMoved() throws Exception {
    admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
    TopicPartition there = new TopicPartition("t", 0);
    TopicPartition nowhere = new TopicPartition("nowhere", 0);
    Map<TopicPartition, Optional<Throwable>> elected =
        admin.electLeaders(ElectionType.PREFERRED, Set.of(there, nowhere)).partitions().get();
    assertThat(elected.get(there)).get().isInstanceOf(ElectionNotNeededException.class);
    assertThat(elected.get(nowhere)).get().isInstanceOf(UnknownTopicOrPartitionException.class);
    assertThat(admin.electLeaders(ElectionType.UNCLEAN, null).partitions().get()).isEmpty();

    int id = admin.describeCluster().nodes().get().iterator().next().id();
    reassign(there, Optional.of(new NewPartitionReassignment(List.of(id))));
    assertThatThrownBy(
            () -> reassign(there, Optional.of(new NewPartitionReassignment(List.of(id + 1)))))
        .hasCauseInstanceOf(InvalidReplicaAssignmentException.class);
    assertThatThrownBy(() -> reassign(there, Optional.empty()))
        .hasCauseInstanceOf(NoReassignmentInProgressException.class);
    assertThatThrownBy(
            () ->
                admin
                    .alterReplicaLogDirs(Map.of(new TopicPartitionReplica("t", 0, id), "/other"))
                    .all()
                    .get())
        .hasCauseInstanceOf(LogDirNotFoundException.class);
  }

  private void reassign(TopicPartition partition, Optional<NewPartitionReassignment> to)
      throws Exception {
    admin.alterPartitionReassignments(Map.of(partition, to)).all().get();
  }

  @Test
  void theClusterTellsOfItself() throws Exception {
    assertThat(
            admin
                .describeCluster(new DescribeClusterOptions().includeFencedBrokers(true))
                .nodes()
                .get())
        .hasSize(1);
    QuorumInfo quorum = admin.describeMetadataQuorum().quorumInfo().get();
    assertThat(quorum.voters()).hasSize(1);
    assertThat(quorum.highWatermark()).isPositive();
    FeatureMetadata features = admin.describeFeatures().featureMetadata().get();
    short level = features.finalizedFeatures().get("metadata.version").maxVersionLevel();
    setLevel(level);
    assertThatThrownBy(() -> setLevel((short) (level + 1)))
        .hasCauseInstanceOf(InvalidUpdateVersionException.class);
    assertThatThrownBy(() -> admin.describeAcls(AclBindingFilter.ANY).values().get())
        .hasCauseInstanceOf(SecurityDisabledException.class);
    assertThatThrownBy(() -> admin.unregisterBroker(99).all().get())
        .hasCauseInstanceOf(BrokerIdNotRegisteredException.class);
  }

  private void setLevel(short level) throws Exception {
    FeatureUpdate update = new FeatureUpdate(level, FeatureUpdate.UpgradeType.UPGRADE);
    admin
        .updateFeatures(Map.of("metadata.version", update), new UpdateFeaturesOptions())
        .all()
        .get();
  }
}
