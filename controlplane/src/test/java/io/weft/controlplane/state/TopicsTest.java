package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.CatalogCopy;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.TopicCatalog.ConfigureOutcome;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.GrowOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.topic.TopicRecord;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The catalog's rules.
final class TopicsTest {
  private final TestCluster cluster = new TestCluster();

  private CreateOutcome create(long id, String name, int partitions) {
    return create(new NewTopic(new TopicId(0, id), name, partitions, (short) 3, Map.of()));
  }

  private CreateOutcome create(NewTopic topic) {
    return cluster.as(TopicCatalog.class).create(topic);
  }

  private Catalog catalog() {
    return CatalogCopy.whole(at -> cluster.as(TopicCatalog.class).page(at));
  }

  @Test
  void topicsAreListedByName() {
    create(1, "b", 2);
    create(2, "a", 1);

    assertThat(catalog().topics())
        .containsExactly(
            new Topic(new TopicId(0, 2), "a", 1, (short) 3, 0, Map.of()),
            new Topic(new TopicId(0, 1), "b", 2, (short) 3, 0, Map.of()));
    assertThat(catalog().clusterId()).isEqualTo("cluster");
  }

  @Test
  void creationRepeatedIsCreatedAndChangesNothing() {
    create(1, "a", 1);
    int records = cluster.records.size();

    assertThat(create(1, "a", 1)).isEqualTo(CreateOutcome.CREATED);
    assertThat(cluster.records).hasSize(records);
  }

  @Test
  void aNameIsGivenOnce() {
    create(1, "a", 1);

    assertThat(create(2, "a", 1)).isEqualTo(CreateOutcome.NAME_TAKEN);
  }

  @Test
  void namesThatDifferInDotsOnlyCollide() {
    create(1, "a.b_c", 1);

    assertThat(create(2, "a_b.c", 1)).isEqualTo(CreateOutcome.NAME_COLLIDES);
    assertThat(create(2, "a-b.c", 1)).isEqualTo(CreateOutcome.CREATED);
  }

  @Test
  void aDeletedNameIsFreeAgain() {
    create(1, "a.b", 1);
    cluster.as(TopicCatalog.class).delete(new TopicId(0, 1));

    assertThat(create(2, "a_b", 1)).isEqualTo(CreateOutcome.CREATED);
  }

  @Test
  void impossibleTopicsAreRejected() {
    create(1, "a", 1);
    assertThatThrownBy(() -> create(1, "b", 1)).isInstanceOf(ControlPlaneException.Rejected.class);
    for (String name : new String[] {"", ".", "..", "a/b", "a\0b", "ä", "x".repeat(250)}) {
      assertThatThrownBy(() -> create(2, name, 1))
          .as(name)
          .isInstanceOf(ControlPlaneException.Rejected.class);
    }
    assertThatThrownBy(() -> create(2, "b", 0)).isInstanceOf(ControlPlaneException.Rejected.class);
    Map<String, String> settings = Map.of("k", "v".repeat(40_000));
    assertThatThrownBy(() -> create(new NewTopic(new TopicId(0, 2), "b", 1, (short) 1, settings)))
        .isInstanceOf(ControlPlaneException.Rejected.class);
    assertThat(create(2, "x".repeat(249), 1)).isEqualTo(CreateOutcome.CREATED);
  }

  @Test
  void partitionsHaveALimitPerTopicAndInAll() {
    assertThat(create(1, "a", 10_001)).isEqualTo(CreateOutcome.LIMIT_REACHED);
    for (int i = 0; i < 99; i++) {
      assertThat(create(100 + i, "t" + i, 10_000)).isEqualTo(CreateOutcome.CREATED);
    }
    create(1, "a", 9_999);
    assertThat(create(2, "b", 2)).isEqualTo(CreateOutcome.LIMIT_REACHED);
    assertThat(create(2, "b", 1)).isEqualTo(CreateOutcome.CREATED);
    assertThat(cluster.as(TopicCatalog.class).grow(new TopicId(0, 2), 2))
        .isEqualTo(GrowOutcome.LIMIT_REACHED);
    cluster.as(TopicCatalog.class).delete(new TopicId(0, 1));
    assertThat(cluster.as(TopicCatalog.class).grow(new TopicId(0, 2), 2))
        .isEqualTo(GrowOutcome.GROWN);
  }

  @Test
  void replicasThatCannotBeShownAreRefused() {
    assertThat(create(new NewTopic(new TopicId(0, 1), "a", 101, (short) 10_000, Map.of())))
        .isEqualTo(CreateOutcome.LIMIT_REACHED);
    assertThat(create(new NewTopic(new TopicId(0, 1), "a", 100, (short) 10_000, Map.of())))
        .isEqualTo(CreateOutcome.CREATED);
    assertThat(cluster.as(TopicCatalog.class).grow(new TopicId(0, 1), 101))
        .isEqualTo(GrowOutcome.LIMIT_REACHED);
  }

  @Test
  void settingsHaveLimitsEachPerTopicAndInNumber() {
    TopicId topic = cluster.topic("t", 1);
    for (Map<String, String> tooMuch :
        List.of(settings(1, 4_097), settings(5, 4_000), settings(201, 10))) {
      assertThatThrownBy(() -> cluster.as(TopicCatalog.class).configure(topic, 0, tooMuch))
          .isInstanceOf(ControlPlaneException.Rejected.class)
          .hasMessageContaining("are possible");
    }
    assertThat(cluster.as(TopicCatalog.class).configure(topic, 0, settings(4, 4_096)))
        .isEqualTo(ConfigureOutcome.CONFIGURED);
    assertThat(cluster.as(TopicCatalog.class).configure(topic, 1, settings(200, 10)))
        .isEqualTo(ConfigureOutcome.CONFIGURED);
  }

  /// What was accepted before there were limits stays as it is, and may become less.
  @Test
  void longSettingsOfOldMayStayAndGo() {
    TopicId topic = new TopicId(0, 1);
    cluster.state.replay(
        new TopicRecord.TopicCreated(
            new NewTopic(topic, "t", 1, (short) 1, new TreeMap<>(settings(2, 30_000)))),
        ChangeListener.NONE);
    Map<String, String> one = settings(1, 30_000);

    assertThat(cluster.as(TopicCatalog.class).configure(topic, 0, one))
        .isEqualTo(ConfigureOutcome.CONFIGURED);
    assertThatThrownBy(
            () -> cluster.as(TopicCatalog.class).configure(topic, 1, settings(1, 29_000)))
        .isInstanceOf(ControlPlaneException.Rejected.class);
    assertThat(cluster.as(TopicCatalog.class).configure(topic, 1, Map.of()))
        .isEqualTo(ConfigureOutcome.CONFIGURED);
  }

  /// @param chars of each, with its name
  private static Map<String, String> settings(int count, int chars) {
    Map<String, String> settings = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = "s" + i;
      settings.put(name, "v".repeat(chars - name.length()));
    }
    return settings;
  }

  @Test
  void aTopicGrowsButNeverShrinks() {
    TopicId topic = cluster.topic("t", 2);

    assertThat(cluster.as(TopicCatalog.class).grow(topic, 2)).isEqualTo(GrowOutcome.NOT_MORE);
    assertThat(cluster.state.logs().bounds(new PartitionId(topic, 2))).isEmpty();
    assertThat(cluster.as(TopicCatalog.class).grow(topic, 3)).isEqualTo(GrowOutcome.GROWN);
    assertThat(cluster.state.logs().bounds(new PartitionId(topic, 2))).isPresent();
    assertThat(cluster.as(TopicCatalog.class).grow(topic, 10_001))
        .isEqualTo(GrowOutcome.LIMIT_REACHED);
    assertThat(cluster.as(TopicCatalog.class).grow(new TopicId(5, 5), 3))
        .isEqualTo(GrowOutcome.UNKNOWN_TOPIC);
  }

  @Test
  void growingKeepsTheLogs() {
    AgentId agent = cluster.register(1);
    TopicId topic = cluster.topic("t", 1);
    PartitionId partition = new PartitionId(topic, 0);
    cluster.commit(agent, cluster.lease(agent, 1), RunBuilder.run(partition).batch(4).build());
    cluster.as(TopicCatalog.class).grow(topic, 5);

    assertThat(cluster.bounds(partition).highWatermark()).isEqualTo(4);
  }

  @Test
  void settingsChangeAtTheExpectedVersionOnly() {
    TopicId topic = cluster.topic("t", 1);

    assertThat(cluster.as(TopicCatalog.class).configure(topic, 0, Map.of("a", "1")))
        .isEqualTo(ConfigureOutcome.CONFIGURED);
    assertThat(cluster.as(TopicCatalog.class).configure(topic, 0, Map.of("a", "2")))
        .isEqualTo(ConfigureOutcome.VERSION_CHANGED);
    assertThat(catalog().topics().get(0).settings()).isEqualTo(Map.of("a", "1"));
    assertThat(catalog().topics().get(0).settingsVersion()).isEqualTo(1);
    assertThat(cluster.as(TopicCatalog.class).configure(new TopicId(5, 5), 0, Map.of()))
        .isEqualTo(ConfigureOutcome.UNKNOWN_TOPIC);
  }

  @Test
  void aConfigurationRepeatedIsConfigured() {
    TopicId topic = cluster.topic("t", 1);
    cluster.as(TopicCatalog.class).configure(topic, 0, Map.of("a", "1"));
    int records = cluster.records.size();

    assertThat(cluster.as(TopicCatalog.class).configure(topic, 0, Map.of("a", "1")))
        .isEqualTo(ConfigureOutcome.CONFIGURED);
    assertThat(cluster.records).hasSize(records);
  }

  @Test
  void deletionTakesTheLogsWithIt() {
    AgentId agent = cluster.register(1);
    TopicId topic = cluster.topic("t", 2);
    PartitionId partition = new PartitionId(topic, 0);
    long first = cluster.lease(agent, 2);
    cluster.commit(agent, first, RunBuilder.run(partition).batch(4).build());
    cluster.events.clear();

    assertThat(cluster.as(TopicCatalog.class).delete(topic)).isTrue();
    assertThat(cluster.events).containsExactly("gone 0", "gone 1", "catalog 4");
    assertThat(cluster.as(TopicCatalog.class).delete(topic)).isFalse();
    assertThat(cluster.state.logs().bounds(partition)).isEmpty();
    assertThat(
            TestCluster.told(
                cluster.commit(agent, first + 1, RunBuilder.run(partition).batch(1).build())))
        .containsExactly("UNKNOWN_PARTITION@-1");
  }

  @Test
  void theSameNameAgainBeginsEmpty() {
    AgentId agent = cluster.register(1);
    create(1, "t", 1);
    PartitionId before = new PartitionId(new TopicId(0, 1), 0);
    cluster.commit(agent, cluster.lease(agent, 1), RunBuilder.run(before).batch(4).build());
    cluster.as(TopicCatalog.class).delete(before.topic());
    create(2, "t", 1);

    assertThat(cluster.bounds(new PartitionId(new TopicId(0, 2), 0)).highWatermark()).isZero();
  }

  @Test
  void anUnchangedCatalogIsNotReadAgain() {
    cluster.topic("t", 1);
    Catalog read = catalog();

    Position reached = new Position(read.version(), read.membershipEpoch(), Optional.empty());

    Page nothing = cluster.as(TopicCatalog.class).page(reached);
    assertThat(nothing)
        .isEqualTo(
            new Page("cluster", false, List.of(), List.of(), Optional.empty(), reached, false));
    cluster.topic("u", 1);
    Page difference = cluster.as(TopicCatalog.class).page(reached);
    assertThat(difference.anew()).isFalse();
    assertThat(difference.topics()).extracting(Topic::name).containsExactly("u");
    assertThat(difference.reached().version()).isGreaterThan(read.version());
    assertThat(read.topics()).hasSize(1);
  }
}
