package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.TopicSettingLimits;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.api.topic.DeletedTopics.DeletedTopic;
import io.weft.controlplane.api.topic.DeletedTopics.UndeleteOutcome;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.topic.TopicRecord;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A topic is deleted, is kept, and comes back or does not.
final class UndeleteTest {
  private static final long KEPT_MS = 5_000;

  private final Transacting busy = new Transacting();
  private final TestCluster cluster = busy.cluster;
  private final TopicId topic = busy.first.topic();

  @BeforeEach
  void keep() {
    cluster.as(Releases.class).finish(2);
    lead();
  }

  private void lead() {
    cluster.state.deletion().ledBy(nowMs -> OptionalLong.of(nowMs + KEPT_MS));
  }

  private void delete() {
    assertThat(cluster.as(TopicCatalog.class).delete(topic)).isTrue();
  }

  private UndeleteOutcome undelete(String name) {
    return cluster.as(DeletedTopics.class).undelete(topic, name);
  }

  private List<DeletedTopic> deleted() {
    return cluster.as(DeletedTopics.class).list(Optional.empty());
  }

  private Optional<Topic> shown() {
    return cluster.state.catalog().all().topics().stream()
        .filter(each -> each.id().equals(topic))
        .findFirst();
  }

  private void restart() {
    busy.assertSameAfterRecovery();
    cluster.state = TestCluster.restored(cluster.snapshot());
    lead();
  }

  @Test
  void itComesBackAsItWas() {
    busy.place(RunBuilder.run(busy.first).idempotent(7, 0, 0, 5).batch(2));
    Topic before = shown().orElseThrow();
    List<Extent> extents = cluster.extents(busy.first);
    delete();
    restart();

    assertThat(shown()).isEmpty();
    assertThat(cluster.state.logs().bounds(busy.first)).isEmpty();
    assertThat(deleted())
        .containsExactly(
            new DeletedTopic(
                topic,
                "t",
                3,
                extents.stream().mapToLong(Extent::length).sum(),
                cluster.nowMs,
                cluster.nowMs + KEPT_MS));
    assertThat(undelete("t")).isEqualTo(UndeleteOutcome.UNDELETED);
    assertThat(shown()).contains(before);
    assertThat(cluster.extents(busy.first)).isEqualTo(extents);
    assertThat(cluster.bounds(busy.first)).isEqualTo(new PartitionBounds(0, 7, 7));
    assertThat(deleted()).isEmpty();
    // The producer goes on where it was.
    assertThat(busy.place(RunBuilder.run(busy.first).idempotent(7, 0, 0, 5)))
        .containsExactly("DUPLICATE@0");
    assertThat(busy.place(RunBuilder.run(busy.first).idempotent(7, 0, 5, 1)))
        .containsExactly("PLACED@7");
    restart();
  }

  @Test
  void itsNameIsFreeAtOnceAndItComesBackUnderAnother() {
    busy.place(RunBuilder.run(busy.first).batch(2));
    delete();
    TopicId other = cluster.topic("x", 1);
    NewTopic anew = new NewTopic(new TopicId(8, 8), "t", 1, (short) 1, Map.of());
    assertThat(cluster.as(TopicCatalog.class).create(anew))
        .isEqualTo(TopicCatalog.CreateOutcome.CREATED);

    assertThat(undelete("t")).isEqualTo(UndeleteOutcome.NAME_TAKEN);
    assertThat(undelete("t-back")).isEqualTo(UndeleteOutcome.UNDELETED);
    assertThat(undelete("t-back")).isEqualTo(UndeleteOutcome.UNDELETED);
    assertThat(shown().orElseThrow().name()).isEqualTo("t-back");
    assertThat(cluster.bounds(new PartitionId(anew.id(), 0)).highWatermark()).isZero();
    assertThat(cluster.bounds(busy.first).highWatermark()).isEqualTo(2);
    assertThat(cluster.as(TopicCatalog.class).delete(other)).isTrue();
    restart();
  }

  @Test
  void aNameThatOnlyItsDotsTellFromAnotherIsRefused() {
    cluster.topic("a.b", 1);
    delete();

    assertThat(undelete("a_b")).isEqualTo(UndeleteOutcome.NAME_COLLIDES);
    assertThatThrownBy(() -> undelete("not a name")).isInstanceOf(Rejected.class);
  }

  @Test
  void whatWasNeverDeletedOrWasLetGoDoesNotComeBack() {
    assertThat(undelete("u")).isEqualTo(UndeleteOutcome.NOT_KEPT);
    delete();
    assertThat(cluster.as(DeletedTopics.class).letGo(topic)).isTrue();

    assertThat(undelete("t")).isEqualTo(UndeleteOutcome.NOT_KEPT);
    assertThat(cluster.as(DeletedTopics.class).letGo(topic)).isFalse();
    assertThat(cluster.state.logs().findKept(busy.first)).isEmpty();
    restart();
  }

  @Test
  void theIdOfADeletedTopicIsNoNewTopics() {
    delete();

    NewTopic same = new NewTopic(topic, "u", 1, (short) 1, Map.of());
    assertThatThrownBy(() -> cluster.as(TopicCatalog.class).create(same))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("is that of a deleted topic");
  }

  @Test
  void itsFilesStayUntilItsTimeHasPassed() {
    busy.place(RunBuilder.run(busy.first).batch(2));
    long fileId = cluster.extents(busy.first).getFirst().fileId();
    delete();

    assertThat(cluster.in().collection().condemn(10)).isFalse();
    assertThat(cluster.state.collection().queued()).isZero();
    assertThat(cluster.in().deletion().letGoOneBefore(cluster.nowMs + KEPT_MS - 1)).isFalse();
    assertThat(cluster.in().deletion().letGoOneBefore(cluster.nowMs + KEPT_MS)).isTrue();
    cluster.in().collection().condemn(10);
    assertThat(cluster.state.collection().queued()).isEqualTo(1);
    assertThat(cluster.state.logs().files().liveExtents(fileId)).isEqualTo(-1);
    restart();
  }

  /// Nothing could take the place of what the deleted topic has of it.
  @Test
  void aFileThatItHasAPartOfIsNotMerged() {
    PartitionId other = new PartitionId(cluster.topic("other", 1), 0);
    busy.place(RunBuilder.run(busy.first).batch(2), RunBuilder.run(other).batch(2));
    assertThat(cluster.state.logs().files().smallLive(1_000)).hasSize(1);
    delete();
    assertThat(cluster.state.logs().files().smallLive(1_000)).isEmpty();
    restart();
    assertThat(cluster.state.logs().files().smallLive(1_000)).isEmpty();
    undelete("t");

    assertThat(cluster.state.logs().files().smallLive(1_000)).hasSize(1);
    delete();
    cluster.as(DeletedTopics.class).letGo(topic);
    assertThat(cluster.state.logs().files().smallLive(1_000)).hasSize(1);
  }

  @Test
  void aTransactionThatWasOpenEndsInItToo() {
    ProducerEpoch committing = busy.init();
    busy.placed(busy.first, committing, 0, 3);
    ProducerEpoch aborting = busy.init("aborting");
    busy.add("aborting", aborting, busy.second);
    busy.place(
        RunBuilder.run(busy.second)
            .under("aborting")
            .transactional(aborting.producerId(), aborting.epoch(), 0, 2));
    delete();
    restart();
    busy.end(committing, true, true);
    busy.end("aborting", aborting, false, true);
    restart();
    undelete("t");

    assertThat(cluster.bounds(busy.first)).isEqualTo(new PartitionBounds(0, 4, 4));
    assertThat(cluster.bounds(busy.second)).isEqualTo(new PartitionBounds(0, 3, 3));
    assertThat(busy.markers(busy.first)).hasSize(1);
    assertThat(busy.markers(busy.second)).hasSize(1);
    assertThat(cluster.state.logs().find(busy.second).orElseThrow().abortedAmong(0, 3)).hasSize(1);
    assertThat(cluster.state.logs().find(busy.first).orElseThrow().abortedAmong(0, 4)).isEmpty();
  }

  @Test
  void shareGroupsBeginAnew() {
    cluster.as(ShareGroups.class).begin("queue", List.of(busy.first), Optional.of(0L));
    assertThat(cluster.state.shares().summary("queue", busy.first)).isPresent();
    delete();
    undelete("t");

    assertThat(cluster.state.shares().summary("queue", busy.first)).isEmpty();
  }

  @Test
  void forOneTooManyTheOneDeletedFirstGoes() {
    int each = TopicCatalog.PARTITIONS_PER_TOPIC_MAX;
    int fit = DeletedTopics.PARTITIONS_MAX / each;
    delete();
    for (int i = 0; i < fit; i++) {
      assertThat(cluster.as(TopicCatalog.class).delete(cluster.topic("large" + i, each))).isTrue();
    }

    assertThat(deleted()).hasSize(fit);
    assertThat(undelete("t")).isEqualTo(UndeleteOutcome.NOT_KEPT);
    restart();
  }

  /// Settings are text that clients choose.
  @Test
  void forTooManySettingsTheOneDeletedFirstGoes() {
    Map<String, String> settings = new TreeMap<>();
    String value = "v".repeat(TopicCatalog.SETTING_CHARS_MAX - 2);
    for (int i = 0; i < TopicCatalog.SETTING_CHARS_PER_TOPIC_MAX / (value.length() + 2); i++) {
      settings.put("s" + i, value);
    }
    long each = TopicSettingLimits.chars(settings);
    int fit = (int) (DeletedTopics.SETTING_CHARS_MAX / each);
    delete();
    for (int i = 0; i < fit + 3; i++) {
      assertThat(cluster.as(TopicCatalog.class).delete(cluster.topic("long" + i, 1, settings)))
          .isTrue();
    }

    assertThat(cluster.state.deletion().kept()).isEqualTo(fit);
    assertThat(undelete("t")).isEqualTo(UndeleteOutcome.NOT_KEPT);
    TestCluster before = new TestCluster();
    before.state = TestCluster.restored(cluster.snapshot());
    before.state.deletion().ledBy(nowMs -> OptionalLong.of(nowMs + KEPT_MS));
    before.as(TopicCatalog.class).delete(before.topic("one-more", 1, settings));
    assertThat(before.state.deletion().kept()).isEqualTo(fit);
  }

  @Test
  void thePagesHaveThemAll() {
    int count = DeletedTopics.PAGE_TOPICS_MAX + 3;
    for (int i = 0; i < count; i++) {
      cluster.as(TopicCatalog.class).delete(cluster.topic("t" + i, 1));
    }

    List<DeletedTopic> first = deleted();
    assertThat(first).hasSize(DeletedTopics.PAGE_TOPICS_MAX);
    List<DeletedTopic> rest =
        cluster.as(DeletedTopics.class).list(Optional.of(first.getLast().id()));
    assertThat(rest).hasSize(3);
    assertThat(cluster.as(DeletedTopics.class).list(Optional.of(rest.getLast().id()))).isEmpty();
  }

  @Test
  void withoutAPeriodItIsGoneAtOnce() {
    cluster.state.deletion().ledBy(_ -> OptionalLong.empty());
    delete();

    assertThat(deleted()).isEmpty();
    assertThat(cluster.state.logs().findKept(busy.first)).isEmpty();
  }

  @Test
  void soItIsWhereTheSecondLevelIsNotFinal() {
    TestCluster first = new TestCluster();
    first.state.deletion().ledBy(nowMs -> OptionalLong.of(nowMs + KEPT_MS));
    first.as(TopicCatalog.class).delete(first.topic("t", 1));

    assertThat(first.records.getLast()).isInstanceOf(TopicRecord.TopicDeleted.class);
    assertThat(first.state.deletion().kept()).isZero();
  }

  @Test
  void aRecordOfATopicThatIsNotKeptIsABug() {
    assertThatThrownBy(
            () ->
                cluster.state.replay(new TopicRecord.RetiredTopicLetGo(topic), ChangeListener.NONE))
        .isInstanceOf(IllegalStateException.class);
  }
}
