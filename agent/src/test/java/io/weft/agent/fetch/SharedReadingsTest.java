package io.weft.agent.fetch;

import static io.weft.agent.fetch.TestAgent.bytes;
import static io.weft.agent.fetch.TestAgent.order;
import static io.weft.agent.fetch.TestAgent.valueList;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.agent.fetch.work.OnceFigures;
import io.weft.environment.Pending;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// That fetches which ask for the same share one reading, and that they share nothing else.
class SharedReadingsTest {
  private static final int MIB = 1 << 20;
  private static final int GROUPS = 50;

  private final ManualTime time = new ManualTime(1);
  private final TestCluster cluster = new TestCluster();
  private final TopicId topic = cluster.addTopic("t", 3);
  private final PartitionId zero = new PartitionId(topic, 0);
  private final PartitionId one = new PartitionId(topic, 1);
  private final TestAgent agent = new TestAgent(cluster, time.environment());

  @AfterEach
  void close() {
    agent.close();
  }

  private OnceFigures figures() {
    return agent.fetcher().figures();
  }

  private static Want want(PartitionId partition, long offset) {
    return new Want(partition, offset, MIB);
  }

  private void awaitShared(long count) {
    while (figures().shared() < count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void fiftyGroupsAtTheTailReadEachPieceOnce() throws InterruptedException {
    agent.streaming();
    agent.fetch(order(0, 0, want(zero, 0), want(one, 0)));
    int commits = 20;
    for (int i = 0; i < commits; i++) {
      TestBatch two = TestBatch.of(1, "a" + i, "b" + i);
      TestBatch single = TestBatch.of(1, "c" + i);
      List<Pending<List<Fetched>>> groups = new ArrayList<>();
      for (int group = 0; group < GROUPS; group++) {
        Want[] wants = {want(zero, 2L * i), want(one, i)};
        // Every session has an order of its own.
        Want[] turned = {wants[1], wants[0]};
        groups.add(
            agent.begin(
                order(two.size() + single.size(), 60_000, group % 2 == 0 ? wants : turned)));
      }
      time.awaitWaiting(GROUPS);
      cluster.commit(Run.of(zero, two), Run.of(one, single));
      for (int group = 0; group < GROUPS; group++) {
        List<Fetched> fetched = groups.get(group).await();
        assertThat(valueList(fetched.get(group % 2))).containsExactly("a" + i, "b" + i);
        assertThat(valueList(fetched.get(1 - group % 2))).containsExactly("c" + i);
      }
    }
    assertThat(figures().made()).isEqualTo(2L * commits);
    assertThat(figures().shared()).isEqualTo(2L * commits * (GROUPS - 1));
    assertThat(cluster.store().gets()).isEqualTo(commits);
  }

  @Test
  void fetchesThatComeWhileTheStoreIsSlowWaitForOneReading() throws InterruptedException {
    cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    CountDownLatch gate = cluster.store().closeGate();
    List<Pending<List<Fetched>>> groups = new ArrayList<>();
    for (int group = 0; group < GROUPS; group++) {
      groups.add(agent.begin(order(0, 0, want(zero, 0))));
    }
    awaitShared(GROUPS - 1);
    gate.countDown();
    for (Pending<List<Fetched>> group : groups) {
      assertThat(valueList(group.await().getFirst())).containsExactly("a");
    }
    assertThat(figures().made()).isEqualTo(1);
    assertThat(cluster.store().gets()).isEqualTo(1);
  }

  @Test
  void aFailureIsTheAnswerToThoseThatSharedItAndNotRemembered() throws InterruptedException {
    long away = cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    cluster.store().setAway(away, true);
    CountDownLatch gate = cluster.store().closeGate();
    List<Pending<List<Fetched>>> groups = new ArrayList<>();
    for (int group = 0; group < 3; group++) {
      groups.add(agent.begin(order(0, 0, want(zero, 0))));
    }
    awaitShared(2);
    gate.countDown();
    for (Pending<List<Fetched>> group : groups) {
      assertThat(group.await().getFirst()).isInstanceOf(Fetched.Unreadable.class);
    }
    assertThat(cluster.store().gets()).isEqualTo(1);
    cluster.store().setAway(away, false);
    assertThat(valueList(agent.fetch(zero, 0))).containsExactly("a");
  }

  @Test
  void whereTheReaderIsInterruptedTheFetchesThatWaitForItReadThemselves()
      throws InterruptedException {
    cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    CountDownLatch gate = cluster.store().closeGate();
    Pending<List<Fetched>> gone = new Pending<>();
    Thread reader =
        time.start("fetch", () -> gone.complete(agent.fetch(order(0, 0, want(zero, 0)))));
    while (cluster.store().gets() < 1) {
      Thread.onSpinWait();
    }
    List<Pending<List<Fetched>>> groups = new ArrayList<>();
    for (int group = 0; group < 5; group++) {
      groups.add(agent.begin(order(0, 0, want(zero, 0))));
    }
    awaitShared(5);
    reader.interrupt();
    assertThat(gone.await().getFirst()).isInstanceOf(Fetched.Unreadable.class);
    gate.countDown();
    for (Pending<List<Fetched>> group : groups) {
      assertThat(valueList(group.await().getFirst())).containsExactly("a");
    }
    assertThat(cluster.store().gets()).isEqualTo(2);
  }

  @Test
  void otherLimitsAreAnotherReading() {
    TestBatch batch = TestBatch.of(1, "x".repeat(500));
    cluster.commit(Run.of(zero, batch, batch, batch), Run.of(one, batch));
    int two = 2 * batch.size();
    assertThat(bytes(agent.fetch(order(0, 0, want(zero, 0))).getFirst()))
        .isEqualTo(3 * batch.size());
    assertThat(bytes(agent.fetch(order(0, 0, new Want(zero, 0, two))).getFirst())).isEqualTo(two);
    assertThat(bytes(agent.fetch(order(0, 0, new Want(zero, 0, 1))).getFirst()))
        .as("the first partition gives a batch")
        .isEqualTo(batch.size());
    List<Fetched> second = agent.fetch(order(0, 0, want(one, 0), new Want(zero, 0, 1)));
    assertThat(bytes(second.get(1))).as("the second one does not").isZero();
  }

  @Test
  void readersOfCommittedRecordsShareNoReadingThatGoesFurther() {
    cluster.commit(Run.of(zero, TestBatch.of(1, "a"), TestBatch.of(1, "b")));
    cluster.setLastStable(zero, 1);
    assertThat(valueList(agent.fetch(zero, 0))).containsExactly("a", "b");
    FetchOrder committed =
        new FetchOrder(List.of(want(zero, 0)), MIB, 0, 0, Isolation.READ_COMMITTED);
    assertThat(valueList(agent.fetch(committed).getFirst())).containsExactly("a");
  }

  /// What a fetch may load is part of what it asks for: one that may load more gets more.
  @Test
  void aReadingThatMayLoadLessIsNotThatOfAFetchThatMayLoadMore() {
    FetchSettings twoFiles = new FetchSettings(MIB, 300_000, 2, 2, 10);
    TestAgent narrow =
        new TestAgent(
            cluster,
            time.environment(),
            new CacheSettings(MIB, 64 * MIB, 2),
            new TailSettings(10, 8, 64, 50, 5_000),
            twoFiles);
    cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    cluster.commit(Run.of(zero, TestBatch.of(1, "b")));
    cluster.commit(Run.of(one, TestBatch.of(1, "c")));
    List<Fetched> both = narrow.fetch(order(0, 0, want(one, 0), want(zero, 0)));
    assertThat(valueList(both.get(0))).containsExactly("c");
    assertThat(valueList(both.get(1))).containsExactly("a");
    assertThat(valueList(narrow.fetch(zero, 0))).containsExactly("a", "b");
  }

  /// Bounds are those of each fetch's own plan.
  @Test
  void anAnswerThatSharesItsRecordsSaysTheBoundsOfNow() {
    cluster.commit(Run.of(zero, TestBatch.of(1, "a"), TestBatch.of(1, "b")));
    cluster.setLastStable(zero, 1);
    Fetched.Records before = (Fetched.Records) agent.fetch(zero, 0);
    assertThat(before.bounds().lastStableOffset()).isEqualTo(1);
    cluster.setLastStable(zero, 2);
    Fetched.Records after = (Fetched.Records) agent.fetch(zero, 0);
    assertThat(after.bounds().lastStableOffset()).isEqualTo(2);
    assertThat(valueList(after)).containsExactly("a", "b");
    assertThat(figures().made()).isEqualTo(1);
  }
}
