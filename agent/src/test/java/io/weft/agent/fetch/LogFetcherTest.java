package io.weft.agent.fetch;

import static io.weft.agent.fetch.TestAgent.bytes;
import static io.weft.agent.fetch.TestAgent.order;
import static io.weft.agent.fetch.TestAgent.valueList;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.ahead.AheadFigures;
import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cache.HeldLeases;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.environment.Pending;
import io.weft.model.AbortedRange;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogFetcherTest {
  private static final int MIB = 1 << 20;

  private final ManualTime time = new ManualTime(1);
  private final TestCluster cluster = new TestCluster();
  private final TopicId topic = cluster.addTopic("t", 3);
  private final PartitionId zero = new PartitionId(topic, 0);
  private final PartitionId one = new PartitionId(topic, 1);
  private final TestAgent agent = new TestAgent(cluster, time.environment());

  @AfterEach
  void close() {
    HeldLeases.awaitNone(agent.chunks());
    agent.close();
  }

  private static Want want(PartitionId partition, long offset) {
    return new Want(partition, offset, MIB);
  }

  @Test
  void theTailIsReadWithoutAskingTheControlPlane() {
    agent.streaming();
    agent.fetch(zero, 0);
    cluster.commit(Run.of(zero, TestBatch.of(1, "a", "b")));
    int finds = cluster.finds();
    assertThat(valueList(agent.fetch(zero, 0))).containsExactly("a", "b");
    assertThat(valueList(agent.fetch(zero, 2))).isEmpty();
    assertThat(cluster.finds()).isEqualTo(finds);
  }

  @Test
  void olderOffsetsThanTheWindowAreAskedFor() {
    agent.streaming();
    agent.fetch(zero, 0);
    for (int i = 0; i < 20; i++) {
      cluster.commit(Run.of(zero, TestBatch.of(i, "v" + i)));
    }
    int finds = cluster.finds();
    assertThat(valueList(agent.fetch(zero, 15))).contains("v15", "v19");
    assertThat(cluster.finds()).isEqualTo(finds);
    assertThat(valueList(agent.fetch(zero, 3))).contains("v3", "v4");
    assertThat(cluster.finds()).isEqualTo(finds + 1);
  }

  @Test
  void oneCallFindsWhatAllPartitionsNeed() {
    cluster.commit(Run.of(zero, TestBatch.of(1, "a")), Run.of(one, TestBatch.of(1, "b")));
    List<Fetched> fetched = agent.fetch(order(0, 0, want(zero, 0), want(one, 0)));
    assertThat(valueList(fetched.get(0))).containsExactly("a");
    assertThat(valueList(fetched.get(1))).containsExactly("b");
    assertThat(cluster.finds()).isEqualTo(1);
    assertThat(cluster.store().gets()).isEqualTo(1);
  }

  @Test
  void aBrokenStreamSendsFetchesToTheControlPlaneUntilItIsBack() throws InterruptedException {
    agent.streaming();
    agent.fetch(zero, 0);
    cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    cluster.breakStreams();
    cluster.commit(Run.of(zero, TestBatch.of(1, "b")));
    int finds = cluster.finds();
    assertThat(valueList(agent.fetch(zero, 0))).containsExactly("a", "b");
    assertThat(cluster.finds()).isEqualTo(finds + 1);
    time.awaitWaiting(1);
    time.advanceMs(10_000);
    agent.awaitStreams(1);
    while (agent.tails().tail(zero).isEmpty()) {
      Thread.onSpinWait();
    }
    cluster.commit(Run.of(zero, TestBatch.of(1, "c")));
    finds = cluster.finds();
    assertThat(valueList(agent.fetch(zero, 2))).containsExactly("c");
    assertThat(cluster.finds()).isEqualTo(finds);
  }

  @Test
  void outOfRangeIsSaidOnlyAfterTheControlPlaneWasAsked() {
    agent.streaming();
    agent.fetch(zero, 0);
    int finds = cluster.finds();
    assertThat(agent.fetch(zero, 1)).isEqualTo(new Fetched.OutOfRange());
    assertThat(cluster.finds()).isEqualTo(finds + 1);
    assertThat(agent.fetch(zero, -1)).isEqualTo(new Fetched.OutOfRange());
    assertThat(cluster.finds()).isEqualTo(finds + 2);
  }

  @Test
  void anOffsetThisAgentHasNotHeardOfYetIsNotOutOfRange() {
    // No stream: another agent's commit is known to the control plane only.
    agent.fetch(zero, 0);
    cluster.commit(Run.of(zero, TestBatch.of(1, "a", "b")));
    assertThat(valueList(agent.fetch(zero, 1))).containsExactly("a", "b");
    assertThat(valueList(agent.fetch(zero, 2))).isEmpty();
  }

  @Test
  void anUnknownPartitionIsSaidToBeUnknown() {
    assertThat(agent.fetch(new PartitionId(new TopicId(9, 9), 0), 0))
        .isEqualTo(new Fetched.UnknownPartition());
  }

  @Test
  void withoutAControlPlaneTheTailIsStillServed() {
    agent.streaming();
    agent.fetch(zero, 0);
    cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    cluster.setAway(true);
    List<Fetched> fetched = agent.fetch(order(1, 500, want(zero, 0), want(one, 7)));
    assertThat(valueList(fetched.get(0))).containsExactly("a");
    assertThat(fetched.get(1)).isEqualTo(new Fetched.Unplaced());
  }

  @Test
  void aFileThatIsGoneIsLookedForAgain() {
    agent.streaming();
    agent.fetch(zero, 0);
    long first = cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    long second = cluster.commit(Run.of(zero, TestBatch.of(2, "b")));
    Compaction.of(cluster, zero);
    cluster.store().deleteFile(first);
    cluster.store().deleteFile(second);
    assertThat(valueList(agent.fetch(zero, 0))).containsExactly("a", "b");
  }

  @Test
  void aLiveFileThatIsNotThereIsAnErrorAndNeverSkipped() {
    long first = cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    cluster.commit(Run.of(zero, TestBatch.of(2, "b")), Run.of(one, TestBatch.of(1, "c")));
    cluster.store().deleteFile(first);
    List<Fetched> fetched = agent.fetch(order(1, 500, want(zero, 0), want(one, 0)));
    assertThat(fetched.get(0)).isInstanceOf(Fetched.Damaged.class);
    assertThat(valueList(fetched.get(1))).containsExactly("c");
    assertThat(valueList(agent.fetch(zero, 1))).containsExactly("b");
  }

  @Test
  void aDamagedObjectHurtsItsOwnPartitionOnly() {
    long bad = cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    cluster.commit(Run.of(one, TestBatch.of(1, "b")));
    cluster.store().lie(bad, Integer.MAX_VALUE);
    List<Fetched> fetched = agent.fetch(order(1, 500, want(zero, 0), want(one, 0)));
    assertThat(fetched.get(0)).isInstanceOf(Fetched.Damaged.class);
    assertThat(valueList(fetched.get(1))).containsExactly("b");
  }

  @Test
  void damageUnderLogAppendTimeIsAnErrorAndNotDataWithAGoodCrc() {
    long bad = cluster.commit(new Run(zero, 99_000, List.of(TestBatch.of(1, "a"))));
    cluster.store().lie(bad, Integer.MAX_VALUE);
    assertThat(agent.fetch(zero, 0)).isInstanceOf(Fetched.Damaged.class);
  }

  @Test
  void aStoreThatIsAwayIsAnErrorOfThePartitionsThatNeedIt() {
    long away = cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    cluster.commit(Run.of(one, TestBatch.of(1, "b")));
    cluster.store().setAway(away, true);
    List<Fetched> fetched = agent.fetch(order(1, 500, want(zero, 0), want(one, 0)));
    assertThat(fetched.get(0)).isInstanceOf(Fetched.Unreadable.class);
    assertThat(valueList(fetched.get(1))).containsExactly("b");
    assertThat(cluster.store().gets()).isEqualTo(2);
  }

  @Test
  void theFirstPartitionWithRecordsGivesABatchHoweverLarge() {
    TestBatch large = TestBatch.of(1, "x".repeat(5_000));
    cluster.commit(Run.of(zero, large), Run.of(one, large));
    List<Fetched> fetched =
        agent.fetch(
            order(
                1,
                0,
                new Want(new PartitionId(topic, 2), 0, 10),
                new Want(zero, 0, 10),
                new Want(one, 0, 10)));
    assertThat(bytes(fetched.get(0))).isZero();
    assertThat(bytes(fetched.get(1))).isEqualTo(large.size());
    assertThat(bytes(fetched.get(2))).isZero();
  }

  @Test
  void ifTheFirstPartitionFailsTheNextGivesTheBatch() {
    TestBatch large = TestBatch.of(1, "x".repeat(5_000));
    long away = cluster.commit(Run.of(zero, large));
    cluster.commit(Run.of(one, large));
    cluster.store().setAway(away, true);
    List<Fetched> fetched = agent.fetch(order(1, 0, new Want(zero, 0, 10), new Want(one, 0, 10)));
    assertThat(bytes(fetched.get(1))).isEqualTo(large.size());
  }

  @Test
  void theWholeAnswerKeepsItsLimit() {
    TestBatch batch = TestBatch.of(1, "x".repeat(1_000));
    cluster.commit(Run.of(zero, batch, batch, batch), Run.of(one, batch, batch));
    List<Fetched> fetched =
        agent.fetch(
            new FetchOrder(
                List.of(want(zero, 0), want(one, 0)),
                batch.size() * 4 + 10,
                1,
                0,
                Isolation.READ_UNCOMMITTED));
    assertThat(bytes(fetched.get(0))).isEqualTo(3 * batch.size());
    assertThat(bytes(fetched.get(1))).isEqualTo(batch.size());
  }

  @Test
  void readCommittedEndsAtTheLastStableOffset() {
    cluster.commit(Run.of(zero, TestBatch.of(1, "a"), TestBatch.of(1, "b"), TestBatch.of(1, "c")));
    cluster.setLastStable(zero, 2);
    FetchOrder committed =
        new FetchOrder(List.of(want(zero, 0)), MIB, 1, 0, Isolation.READ_COMMITTED);
    assertThat(valueList(agent.fetch(committed).getFirst())).containsExactly("a", "b");
    assertThat(valueList(agent.fetch(zero, 0))).containsExactly("a", "b", "c");
  }

  @Test
  void aFetchWithNothingToReadWaitsForACommit() throws InterruptedException {
    agent.streaming();
    agent.fetch(zero, 0);
    Pending<List<Fetched>> answer = agent.begin(order(1, 60_000, want(zero, 0), want(one, 0)));
    time.awaitWaiting(1);
    assertThat(answer.isDone()).isFalse();
    cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    assertThat(valueList(answer.await().getFirst())).containsExactly("a");
  }

  @Test
  void aFetchWaitsUntilThereIsEnough() throws InterruptedException {
    agent.streaming();
    agent.fetch(zero, 0);
    TestBatch batch = TestBatch.of(1, "x".repeat(100));
    Pending<List<Fetched>> answer =
        agent.begin(order(2L * batch.size() + 1, 60_000, want(zero, 0)));
    time.awaitWaiting(1);
    cluster.commit(Run.of(zero, batch));
    cluster.commit(Run.of(zero, batch));
    assertThat(answer.isDone()).isFalse();
    cluster.commit(Run.of(zero, batch));
    assertThat(valueList(answer.await().getFirst())).hasSize(3);
  }

  @Test
  void aFetchThatHasWaitedLongEnoughAnswersWithWhatThereIs() throws InterruptedException {
    agent.streaming();
    agent.fetch(zero, 0);
    Pending<List<Fetched>> answer = agent.begin(order(5_000, 500, want(zero, 0)));
    time.awaitWaiting(1);
    cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    time.advanceMs(500);
    assertThat(valueList(answer.await().getFirst())).containsExactly("a");
  }

  @Test
  void aFetchWakesWhenItsTopicIsDeleted() throws InterruptedException {
    agent.streaming();
    agent.fetch(zero, 0);
    Pending<List<Fetched>> answer = agent.begin(order(1, 60_000, want(zero, 0)));
    time.awaitWaiting(1);
    cluster.deleteTopic("t");
    assertThat(answer.await().getFirst()).isEqualTo(new Fetched.UnknownPartition());
  }

  @Test
  void aWaitingReaderOfCommittedRecordsWakesWhenTheyBecomeStable() throws InterruptedException {
    agent.streaming();
    agent.fetch(zero, 0);
    cluster.setLastStable(zero, 0);
    cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    Pending<List<Fetched>> answer =
        agent.begin(
            new FetchOrder(List.of(want(zero, 0)), MIB, 1, 60_000, Isolation.READ_COMMITTED));
    time.awaitWaiting(1);
    assertThat(answer.isDone()).isFalse();
    cluster.setLastStable(zero, 1);
    assertThat(valueList(answer.await().getFirst())).containsExactly("a");
  }

  private Pending<List<Fetched>> beginCommitted(PartitionId partition, long offset) {
    return agent.begin(
        new FetchOrder(List.of(want(partition, offset)), MIB, 1, 60_000, Isolation.READ_COMMITTED));
  }

  @Test
  void aWaitingReaderOfCommittedRecordsWakesWhenTheTransactionEnds() throws InterruptedException {
    agent.streaming();
    agent.fetch(zero, 0);
    cluster.commit(Run.of(zero, TestBatch.transactional(5, 0, 1, "a")));
    Pending<List<Fetched>> answer = beginCommitted(zero, 0);
    time.awaitWaiting(1);
    cluster.commit(Run.of(zero, TestBatch.of(1, "b")));
    assertThat(answer.isDone()).isFalse();
    cluster.end(5, false, 9, zero);

    Fetched.Records records = (Fetched.Records) answer.await().getFirst();
    assertThat(records.aborted()).containsExactly(new AbortedRange(5, 0, 2));
    assertThat(CommittedReader.of(records, 0, Isolation.READ_COMMITTED).values())
        .containsOnlyKeys(1L);
  }

  @Test
  void aMarkerAloneWakesWhoWaitsAtItsOffset() throws InterruptedException {
    agent.streaming();
    agent.fetch(zero, 0);
    cluster.commit(Run.of(zero, TestBatch.transactional(5, 0, 1, "a")));
    Pending<List<Fetched>> answer = agent.begin(order(1, 60_000, want(zero, 1)));
    time.awaitWaiting(1);
    cluster.end(5, true, 9, zero);
    assertThat(CommittedReader.of(answer.await().getFirst(), 1, Isolation.READ_UNCOMMITTED).next())
        .isEqualTo(2);
  }

  @Test
  void markersCountAmongTheBytesOfAnAnswer() {
    for (long producer = 0; producer < 10; producer++) {
      cluster.end(producer, true, 9, zero);
    }
    FetchOrder small =
        new FetchOrder(List.of(new Want(zero, 0, 200)), MIB, 1, 0, Isolation.READ_UNCOMMITTED);
    assertThat(bytes(agent.fetch(small).getFirst())).isEqualTo(2 * Marker.BATCH_BYTES);
    FetchOrder tiny =
        new FetchOrder(List.of(new Want(zero, 3, 1)), MIB, 1, 0, Isolation.READ_UNCOMMITTED);
    assertThat(bytes(agent.fetch(tiny).getFirst())).isEqualTo(Marker.BATCH_BYTES);
  }

  @Test
  void anAbortedTransactionIsToldThoughItsMarkerLiesBehindWhatWasRead() {
    cluster.commit(Run.of(zero, TestBatch.transactional(5, 0, 1, "a")));
    cluster.commit(Run.of(zero, TestBatch.of(1, "b")));
    cluster.end(5, false, 9, zero);
    FetchOrder small =
        new FetchOrder(List.of(new Want(zero, 0, 1)), MIB, 1, 0, Isolation.READ_COMMITTED);
    Fetched.Records first = (Fetched.Records) agent.fetch(small).getFirst();
    assertThat(first.aborted()).containsExactly(new AbortedRange(5, 0, 2));
    assertThat(CommittedReader.of(first, 0, Isolation.READ_COMMITTED).next()).isEqualTo(1);
    assertThat(((Fetched.Records) agent.fetch(zero, 0)).aborted()).isEmpty();
  }

  @Test
  void recordsDeletedWhileTheyAreReadAreOutOfRangeAndNeverSkipped() {
    agent.streaming();
    agent.fetch(zero, 0);
    long fileId = cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    cluster.commit(Run.of(zero, TestBatch.of(1, "b")));
    cluster.setLogStartUnheard(zero, 1);
    cluster.store().deleteFile(fileId);
    assertThat(agent.fetch(zero, 0)).isEqualTo(new Fetched.OutOfRange());
    assertThat(valueList(agent.fetch(zero, 1))).containsExactly("b");
  }

  @Test
  void aFetchThatWaitsWhileTheStreamBreaksHearsOfItsCommitAfterwards() throws InterruptedException {
    agent.streaming();
    agent.fetch(zero, 0);
    Pending<List<Fetched>> answer = agent.begin(order(1, 60_000, want(zero, 0)));
    time.awaitWaiting(1);
    cluster.breakStreams();
    cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    time.awaitWaiting(2);
    time.advanceMs(10_000);
    assertThat(valueList(answer.await().getFirst())).containsExactly("a");
  }

  @Test
  void anErrorDoesNotWait() {
    cluster.commit(Run.of(zero, TestBatch.of(1, "a")));
    List<Fetched> fetched = agent.fetch(order(MIB, 60_000, want(zero, 0), want(one, 77)));
    assertThat(valueList(fetched.get(0))).containsExactly("a");
    assertThat(fetched.get(1)).isEqualTo(new Fetched.OutOfRange());
  }

  @Test
  void aReaderFarBehindDoesNotWaitForMore() {
    // What one answer may load is less than the minimum: there is more, so it goes out at once.
    FetchSettings twoFiles = new FetchSettings(MIB, 300_000, 2, 2, 10);
    TestAgent narrow =
        new TestAgent(
            cluster,
            time.environment(),
            new CacheSettings(MIB, 64 * MIB, 2),
            new TailSettings(10, 8, 64, 50, 5_000),
            twoFiles);
    for (int i = 0; i < 6; i++) {
      cluster.commit(Run.of(zero, TestBatch.of(1, "x".repeat(5_000))));
    }
    List<Fetched> fetched = narrow.fetch(order(15_000, 60_000, want(zero, 0)));
    assertThat(valueList(fetched.getFirst())).hasSize(2);
  }

  @Test
  void aConsumerFarBehindIsReadAheadOfAndEachFileIsBroughtOnce() {
    int files = 60;
    List<String> written = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      String value = i + "x".repeat(5_000);
      written.add(value);
      cluster.commit(Run.of(zero, TestBatch.of(1, value)));
    }
    List<String> read = new ArrayList<>();
    while (read.size() < files) {
      Want want = new Want(zero, read.size(), 6_000);
      read.addAll(valueList(agent.fetch(order(0, 0, want)).getFirst()));
    }
    assertThat(read).isEqualTo(written);
    assertThat(cluster.store().gets()).isEqualTo(files);
    assertThat(cluster.store().stats()).isZero();
    AheadFigures figures = agent.ahead().figures();
    assertThat(figures.bytesUnused()).isZero();
    assertThat(figures.bytesUsed()).isPositive();
  }

  @Test
  void aConsumerThatReadsSixTimesTheCacheTwiceTakesNothingFromReadersNearTheEnd() {
    // Half of it is for the chunks that are on their way at once.
    CacheSettings cache = new CacheSettings(10_000, 150_000, 4);
    TestAgent small =
        new TestAgent(
            cluster,
            time.environment(),
            cache,
            new TailSettings(10, 8, 64, 50, 5_000),
            TestAgent.FETCH);
    for (int i = 0; i < 180; i++) {
      cluster.commit(Run.of(one, TestBatch.of(1, "x".repeat(5_000))));
    }
    for (int i = 0; i < 14; i++) {
      cluster.commit(Run.of(zero, TestBatch.of(1, "x".repeat(5_000))));
    }
    assertThat(valueList(small.fetch(zero, 0))).hasSize(14);
    for (int round = 0; round < 2; round++) {
      for (int offset = 0; offset < 175; offset++) {
        Want want = new Want(one, offset, 5_200);
        assertThat(valueList(small.fetch(order(0, 0, want)).getFirst())).hasSize(1);
      }
    }
    long loads = small.chunks().figures().loadsFor().get(ReadPurpose.TAIL);
    time.advanceMs(FetchSettings.SHARED_MS_MAX);
    assertThat(valueList(small.fetch(zero, 0))).hasSize(14);
    assertThat(small.chunks().figures().loadsFor()).containsEntry(ReadPurpose.TAIL, loads);
  }

  @Test
  void tenThousandPartitionsAreOneCall() {
    TestCluster wide = new TestCluster();
    TopicId wideTopic = wide.addTopic("wide", 10_000);
    try (TestAgent wideAgent = new TestAgent(wide, time.environment())) {
      Want[] wants = new Want[10_000];
      for (int i = 0; i < wants.length; i++) {
        wants[i] = want(new PartitionId(wideTopic, i), 0);
      }
      wide.commit(Run.of(new PartitionId(wideTopic, 9_999), TestBatch.of(1, "last")));
      List<Fetched> fetched = wideAgent.fetch(order(1, 500, wants));
      assertThat(fetched).hasSize(10_000);
      assertThat(valueList(fetched.getLast())).containsExactly("last");
      assertThat(wide.finds()).isEqualTo(1);
    }
  }
}
