package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOrder;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOutcome;
import io.weft.controlplane.api.ShareGroups.AcknowledgedPartition;
import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.Acknowledgement;
import io.weft.controlplane.api.ShareGroups.AcquireOrder;
import io.weft.controlplane.api.ShareGroups.Acquired;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.api.ShareGroups.Acquisition;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.state.share.ShareDesk;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ShareGroupsTest {
  private final TestCluster cluster = new TestCluster();
  private final AgentId agent = cluster.register(1);
  private final PartitionId partition = new PartitionId(cluster.topic("t", 2), 0);
  private long callId;

  @BeforeEach
  void begin() {
    assertThat(begin("g", Optional.of(0L))).isTrue();
  }

  private boolean begin(String group, Optional<Long> start) {
    return cluster.as(ShareGroups.class).begin(group, List.of(partition), start);
  }

  private void produce(int records) {
    cluster.commit(
        agent, cluster.lease(agent, 1), RunBuilder.run(partition).batch(records).build());
  }

  private Acquired ask(String group, String member, int recordsMax) {
    return cluster
        .as(ShareGroups.class)
        .acquire(order(group, member, recordsMax))
        .partitions()
        .getFirst();
  }

  private AcquireOrder order(String group, String member, int recordsMax) {
    return new AcquireOrder(
        callId++, group, member, List.of(partition), recordsMax, Integer.MAX_VALUE, 0);
  }

  /// `first-last*deliveries` each.
  private List<String> acquire(String member, int recordsMax) {
    return told(((Acquired.Runs) ask("g", member, recordsMax)).runs());
  }

  private static List<String> told(List<AcquiredRun> runs) {
    return runs.stream()
        .map(run -> run.firstOffset() + "-" + run.lastOffset() + "*" + run.deliveries())
        .toList();
  }

  private AcknowledgeOutcome say(String member, long first, long last, Acknowledgement kind) {
    return cluster.as(ShareGroups.class).acknowledge(said(member, first, last, kind)).getFirst();
  }

  private AcknowledgeOrder said(String member, long first, long last, Acknowledgement kind) {
    return new AcknowledgeOrder(
        callId++,
        "g",
        member,
        List.of(
            new AcknowledgedPartition(partition, List.of(new AcknowledgedRun(first, last, kind)))));
  }

  private void expire() {
    cluster.nowMs += 30_000;
    cluster.in().shares().expireLocks();
  }

  @Test
  void twoMembersShareAPartition() {
    produce(10);

    assertThat(acquire("a", 4)).containsExactly("0-3*1");
    assertThat(acquire("b", 4)).containsExactly("4-7*1");
    assertThat(acquire("a", 4)).containsExactly("8-9*1");
    assertThat(acquire("b", 4)).isEmpty();
  }

  @Test
  void theSettingsOfAGroupSayWhereItStarts() {
    produce(10);
    cluster
        .as(ResourceSettings.class)
        .configure(
            ResourceSettings.Kind.GROUP, "h", 0, Map.of("share.auto.offset.reset", "earliest"));
    assertThat(begin("h", Optional.empty())).isTrue();
    assertThat(begin("without", Optional.empty())).isTrue();

    assertThat(told(((Acquired.Runs) ask("h", "a", 4)).runs())).containsExactly("0-3*1");
    assertThat(told(((Acquired.Runs) ask("without", "a", 4)).runs())).isEmpty();
  }

  @Test
  void acquiringIsNotJournalled() {
    produce(10);
    int before = cluster.records.size();
    acquire("a", 4);

    assertThat(cluster.records).hasSize(before);
  }

  @Test
  void whatWasReleasedIsDeliveredAgainAndWhatWasAcceptedIsNot() {
    produce(10);
    acquire("a", 10);
    assertThat(say("a", 0, 4, Acknowledgement.ACCEPT)).isEqualTo(AcknowledgeOutcome.DONE);
    assertThat(say("a", 5, 6, Acknowledgement.RELEASE)).isEqualTo(AcknowledgeOutcome.DONE);
    assertThat(say("a", 7, 9, Acknowledgement.REJECT)).isEqualTo(AcknowledgeOutcome.DONE);

    assertThat(acquire("b", 10)).containsExactly("5-6*2");
  }

  @Test
  void timeRunsOut() {
    produce(10);
    acquire("a", 10);
    say("a", 0, 1, Acknowledgement.ACCEPT);
    cluster.nowMs += 29_999;
    cluster.in().shares().expireLocks();
    assertThat(acquire("b", 10)).isEmpty();
    cluster.nowMs += 1;
    cluster.in().shares().expireLocks();

    assertThat(acquire("b", 10)).containsExactly("2-9*2");
    assertThat(say("a", 2, 9, Acknowledgement.ACCEPT)).isEqualTo(AcknowledgeOutcome.NOT_ACQUIRED);
  }

  @Test
  void aRenewedLockLastsLonger() {
    produce(2);
    acquire("a", 2);
    cluster.nowMs += 20_000;
    assertThat(say("a", 0, 0, Acknowledgement.RENEW)).isEqualTo(AcknowledgeOutcome.DONE);
    cluster.nowMs += 20_000;
    cluster.in().shares().expireLocks();

    assertThat(acquire("b", 2)).containsExactly("1-1*2");
    assertThat(say("a", 0, 0, Acknowledgement.ACCEPT)).isEqualTo(AcknowledgeOutcome.DONE);
  }

  @Test
  void afterFiveDeliveriesARecordIsGivenUp() {
    produce(1);
    for (int i = 1; i <= 5; i++) {
      assertThat(acquire("a", 1)).containsExactly("0-0*" + i);
      say("a", 0, 0, Acknowledgement.RELEASE);
    }

    assertThat(acquire("a", 1)).isEmpty();
  }

  @Test
  void timeThatRunsOutCountsAsADelivery() {
    produce(1);
    for (int i = 1; i <= 5; i++) {
      assertThat(acquire("a", 1)).containsExactly("0-0*" + i);
      expire();
    }

    assertThat(acquire("a", 1)).isEmpty();
  }

  /// One bad record must not use up the deliveries of those beside it.
  @Test
  void recordsThatFailOftenAreDeliveredOneByOneInTheEnd() {
    produce(8);
    for (int i = 1; i <= 3; i++) {
      assertThat(acquire("a", 8)).containsExactly("0-7*" + i);
      say("a", 0, 7, Acknowledgement.RELEASE);
    }
    assertThat(acquire("a", 8)).containsExactly("0-3*4");
    say("a", 0, 3, Acknowledgement.RELEASE);

    assertThat(acquire("a", 8)).containsExactly("0-0*5");
    assertThat(acquire("b", 8)).containsExactly("1-1*5");
  }

  @Test
  void whatWasNotDeliveredDoesNotCount() {
    produce(4);
    acquire("a", 4);
    say("a", 2, 3, Acknowledgement.UNDELIVERED);

    assertThat(acquire("b", 4)).containsExactly("2-3*1");
  }

  @Test
  void aPartitionCountsOnceInOneRequest() {
    produce(2);
    acquire("a", 2);
    AcknowledgedPartition accepted =
        new AcknowledgedPartition(
            partition, List.of(new AcknowledgedRun(0, 1, Acknowledgement.ACCEPT)));
    AcknowledgedPartition released =
        new AcknowledgedPartition(
            partition, List.of(new AcknowledgedRun(0, 1, Acknowledgement.RELEASE)));

    assertThat(
            cluster
                .as(ShareGroups.class)
                .acknowledge(new AcknowledgeOrder(callId++, "g", "a", List.of(accepted, released))))
        .containsExactly(AcknowledgeOutcome.DONE, AcknowledgeOutcome.NOT_ACQUIRED);
    assertThat(acquire("b", 2)).isEmpty();
  }

  @Test
  void nobodySettlesWhatOthersHold() {
    produce(4);
    acquire("a", 2);
    acquire("b", 2);

    assertThat(say("b", 1, 2, Acknowledgement.ACCEPT)).isEqualTo(AcknowledgeOutcome.NOT_ACQUIRED);
    assertThat(say("b", 2, 3, Acknowledgement.ACCEPT)).isEqualTo(AcknowledgeOutcome.DONE);
    assertThat(say("b", 2, 3, Acknowledgement.ACCEPT)).isEqualTo(AcknowledgeOutcome.NOT_ACQUIRED);
    assertThat(say("b", 3, 4, Acknowledgement.ACCEPT)).isEqualTo(AcknowledgeOutcome.NEVER_ACQUIRED);
  }

  @Test
  void aMemberThatLeavesGivesAllBack() {
    produce(6);
    acquire("a", 2);
    acquire("b", 2);
    acquire("a", 2);

    assertThat(cluster.as(ShareGroups.class).release("g", "a", List.of(partition))).isTrue();
    assertThat(acquire("b", 6)).containsExactly("0-1*2", "4-5*2");
    assertThat(cluster.as(ShareGroups.class).release("g", "a", List.of(partition))).isFalse();
  }

  @Test
  void groupsDoNotSeeEachOther() {
    begin("h", Optional.of(0L));
    produce(3);
    acquire("a", 3);

    assertThat(ask("h", "a", 3)).isInstanceOf(Acquired.Runs.class);
    assertThat(told(((Acquired.Runs) ask("h", "b", 3)).runs())).isEmpty();
  }

  @Test
  void thereIsALimitToWhatIsBeingProcessed() {
    produce(3_000);
    assertThat(acquire("a", 1_500)).containsExactly("0-1499*1");
    assertThat(acquire("b", 1_500)).containsExactly("1500-1999*1");
    assertThat(acquire("b", 1_500)).isEmpty();
    say("a", 100, 199, Acknowledgement.ACCEPT);

    assertThat(acquire("b", 1_500)).containsExactly("2000-2099*1");
  }

  @Test
  void bytesAreALimitTooInWholeExtents() {
    produce(10);
    produce(10);
    produce(10);
    AcquireOrder order = new AcquireOrder(callId++, "g", "a", List.of(partition), 100, 150, 0);
    Acquired acquired = cluster.as(ShareGroups.class).acquire(order).partitions().getFirst();

    assertThat(told(((Acquired.Runs) acquired).runs())).containsExactly("0-19*1");
  }

  @Test
  void newRecordsWaitUntilThereAreEnough() {
    produce(10);
    AcquireOrder order =
        new AcquireOrder(callId++, "g", "a", List.of(partition), 100, Integer.MAX_VALUE, 101);
    Acquired acquired = cluster.as(ShareGroups.class).acquire(order).partitions().getFirst();
    assertThat(((Acquired.Runs) acquired).runs()).isEmpty();
    produce(1);
    AcquireOrder again =
        new AcquireOrder(callId++, "g", "a", List.of(partition), 100, Integer.MAX_VALUE, 101);
    acquired = cluster.as(ShareGroups.class).acquire(again).partitions().getFirst();

    assertThat(told(((Acquired.Runs) acquired).runs())).containsExactly("0-10*1");
  }

  @Test
  void aRepeatedQuestionIsNotDoneTwice() {
    produce(10);
    AcquireOrder order = order("g", "a", 4);
    Acquired first = cluster.as(ShareGroups.class).acquire(order).partitions().getFirst();
    Acquired second = cluster.as(ShareGroups.class).acquire(order).partitions().getFirst();
    assertThat(second).isEqualTo(first);
    AcknowledgeOrder said = said("a", 0, 3, Acknowledgement.ACCEPT);
    assertThat(cluster.as(ShareGroups.class).acknowledge(said))
        .containsExactly(AcknowledgeOutcome.DONE);
    assertThat(cluster.as(ShareGroups.class).acknowledge(said))
        .containsExactly(AcknowledgeOutcome.DONE);

    assertThat(acquire("b", 10)).containsExactly("4-9*1");
  }

  /// As in Kafka: what was held is available again, what was settled is not.
  @Test
  void aNewLeaderKnowsWhatWasSettled() {
    produce(10);
    acquire("a", 8);
    say("a", 0, 2, Acknowledgement.ACCEPT);
    say("a", 4, 4, Acknowledgement.RELEASE);
    say("a", 6, 6, Acknowledgement.ACCEPT);
    byte[] before = cluster.snapshot();
    cluster.state = cluster.replica();
    assertThat(cluster.snapshot()).isEqualTo(before);
    assertThat(say("a", 3, 3, Acknowledgement.ACCEPT)).isEqualTo(AcknowledgeOutcome.NOT_ACQUIRED);

    assertThat(acquire("b", 10)).containsExactly("3-3*1", "4-4*2", "5-5*1", "7-9*1");
  }

  @Test
  void aGroupStartsAtTheEndIfNothingElseIsSaid() {
    produce(5);
    begin("late", Optional.empty());
    assertThat(((Acquired.Runs) ask("late", "a", 10)).runs()).isEmpty();
    cluster.state = cluster.replica();
    produce(2);

    assertThat(told(((Acquired.Runs) ask("late", "a", 10)).runs())).containsExactly("5-6*1");
  }

  @Test
  void aDeletedTopicIsForgotten() {
    produce(5);
    acquire("a", 2);
    byte[] with = cluster.snapshot();
    cluster.as(TopicCatalog.class).delete(partition.topic());

    assertThat(ask("g", "a", 2)).isInstanceOf(Acquired.UnknownPartition.class);
    assertThat(say("a", 0, 1, Acknowledgement.ACCEPT)).isEqualTo(AcknowledgeOutcome.NOT_BEGUN);
    assertThat(cluster.snapshot().length).isLessThan(with.length);
    assertThat(begin("g", Optional.of(0L))).isFalse();
  }

  @Test
  void whatWasNotBegunIsNotServed() {
    produce(5);

    assertThat(ask("nobody", "a", 2)).isInstanceOf(Acquired.NotBegun.class);
  }

  private void configure(String group, Map<String, String> settings) {
    cluster.as(ResourceSettings.class).configure(Kind.GROUP, group, 0, settings);
  }

  @Test
  void aGroupsSettingsCount() {
    configure(
        "own",
        Map.of(
            "share.auto.offset.reset",
            "earliest",
            "share.delivery.count.limit",
            "2",
            "share.record.lock.duration.ms",
            "15000",
            "share.partition.max.record.locks",
            "100"));
    produce(300);
    begin("own", Optional.empty());
    AcquireOrder order = order("own", "a", 1_000);
    Acquisition acquisition = cluster.as(ShareGroups.class).acquire(order);

    assertThat(acquisition.lockMs()).isEqualTo(15_000);
    assertThat(told(((Acquired.Runs) acquisition.partitions().getFirst()).runs()))
        .containsExactly("0-99*1");
    cluster.nowMs += 15_000;
    cluster.in().shares().expireLocks();
    assertThat(told(((Acquired.Runs) ask("own", "b", 1)).runs())).containsExactly("0-0*2");
    cluster.nowMs += 15_000;
    cluster.in().shares().expireLocks();
    assertThat(told(((Acquired.Runs) ask("own", "b", 1)).runs())).containsExactly("1-1*2");
  }

  @Test
  void aStartByTimeIsFoundByTheAsker() {
    configure("timed", Map.of("share.auto.offset.reset", "by_duration:PT1S"));
    produce(5);
    begin("timed", Optional.empty());

    assertThat(ask("timed", "a", 5)).isEqualTo(new Acquired.NeedsStart(cluster.nowMs - 1_000));
    assertThat(cluster.as(ShareGroups.class).startAt("timed", partition, 3)).isTrue();
    assertThat(cluster.as(ShareGroups.class).startAt("timed", partition, 1)).isTrue();
    assertThat(told(((Acquired.Runs) ask("timed", "a", 5)).runs())).containsExactly("3-4*1");
  }

  @Test
  void whatWasDeletedOfTheLogIsDoneWith() {
    produce(5);
    produce(5);
    acquire("a", 7);
    cluster.as(TopicCatalog.class).deleteRecords(List.of(new RecordsBefore(partition, 6)));

    assertThat(acquire("b", 10)).containsExactly("7-9*1");
    assertThat(say("a", 4, 6, Acknowledgement.RELEASE)).isEqualTo(AcknowledgeOutcome.DONE);
    assertThat(acquire("b", 10)).containsExactly("6-6*2");
    assertThat(TestCluster.snapshot(cluster.replica())).isEqualTo(cluster.snapshot());
  }

  @Test
  void theLagIsWhatIsNotDoneWith() {
    produce(10);
    acquire("a", 6);
    say("a", 0, 1, Acknowledgement.ACCEPT);
    say("a", 3, 3, Acknowledgement.ACCEPT);
    say("a", 4, 4, Acknowledgement.RELEASE);

    assertThat(cluster.state.shares().summary("g", partition))
        .contains(new ShareDesk.Summary(2, 7));
    cluster.state = cluster.replica();
    assertThat(cluster.state.shares().summary("g", partition))
        .contains(new ShareDesk.Summary(2, 7));
  }

  @Test
  void beginningAnewForgetsWhatWas() {
    produce(5);
    acquire("a", 5);
    say("a", 0, 4, Acknowledgement.ACCEPT);
    begin("g", Optional.of(2L));

    assertThat(acquire("a", 5)).containsExactly("2-4*1");
  }
}
