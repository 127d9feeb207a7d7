package io.weft.agent.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.environment.Pending;
import io.weft.model.AbortedRange;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TailIndexTest {
  private final ManualTime time = new ManualTime(5);
  private final TestCluster cluster = new TestCluster();
  private final TopicId topic = cluster.addTopic("t", 10);
  private final TestAgent agent =
      new TestAgent(
          cluster,
          time.environment(),
          new CacheSettings(1 << 20, 1 << 20, 2),
          new TailSettings(3, 2, 4, 50, 5_000),
          TestAgent.FETCH);
  private final TailIndex tails = agent.tails();

  @AfterEach
  void close() {
    agent.close();
  }

  private PartitionId partition(int number) {
    return new PartitionId(topic, number);
  }

  private void commit(int number) {
    cluster.commit(Run.of(partition(number), TestBatch.of(1, "v")));
  }

  private void watch(int... numbers) {
    tails.watch(IntStream.of(numbers).mapToObj(this::partition).toList());
  }

  @Test
  void aTailBeginsWithItsBaselineAndGrows() {
    agent.streaming();
    commit(0);
    watch(0);
    assertThat(tails.tail(partition(0)).orElseThrow().windowStart()).isEqualTo(1);
    commit(0);
    Tail tail = tails.tail(partition(0)).orElseThrow();
    assertThat(tail.bounds().highWatermark()).isEqualTo(2);
    assertThat(tail.spans()).extracting(Span::baseOffset).containsExactly(1L);
  }

  @Test
  void markersAreNoGapAndSayWhatWasAborted() {
    agent.streaming();
    watch(0);
    PartitionId zero = partition(0);
    cluster.commit(Run.of(zero, TestBatch.transactional(7, 0, 1, "a")));
    assertThat(tails.tail(zero).orElseThrow().bounds()).isEqualTo(new PartitionBounds(0, 1, 0));
    cluster.end(7, false, 5, zero);
    Tail tail = tails.tail(zero).orElseThrow();
    assertThat(tail.bounds()).isEqualTo(new PartitionBounds(0, 2, 2));
    assertThat(tail.spans()).extracting(Span::baseOffset).containsExactly(0L, 1L);
    assertThat(tail.abortedSince(0)).containsExactly(new AbortedRange(7, 0, 1));
    assertThat(tail.abortedSince(2)).isEmpty();
  }

  @Test
  void whatBeganBeforeTheTailAndWasAbortedInItIsKnown() {
    agent.streaming();
    PartitionId zero = partition(0);
    cluster.commit(Run.of(zero, TestBatch.transactional(7, 0, 1, "a")));
    watch(0);
    cluster.commit(Run.of(zero, TestBatch.transactional(7, 1, 1, "b")));
    cluster.end(7, false, 5, zero);
    Tail tail = tails.tail(zero).orElseThrow();
    assertThat(tail.windowStart()).isEqualTo(1);
    assertThat(tail.abortedSince(1)).containsExactly(new AbortedRange(7, 0, 2));
  }

  @Test
  void aLogThatBeginsLaterIsNoGap() {
    agent.streaming();
    watch(0);
    commit(0);
    commit(0);
    cluster.setLogStart(partition(0), 2);
    Tail tail = tails.tail(partition(0)).orElseThrow();
    assertThat(tail.bounds()).isEqualTo(new PartitionBounds(2, 2, 2));
    assertThat(tail.reaches(1)).isFalse();
    assertThat(tail.reaches(2)).isTrue();
  }

  @Test
  void theWindowMovesUp() {
    agent.streaming();
    watch(0);
    for (int i = 0; i < 5; i++) {
      commit(0);
    }
    Tail tail = tails.tail(partition(0)).orElseThrow();
    assertThat(tail.windowStart()).isEqualTo(3);
    assertThat(tail.spans()).extracting(Span::baseOffset).containsExactly(3L, 4L);
    assertThat(tail.reaches(2)).isFalse();
    assertThat(tail.reaches(3)).isTrue();
    assertThat(tail.reaches(5)).isTrue();
    assertThat(tail.reaches(6)).isFalse();
  }

  @Test
  void aSnapshotInHandDoesNotChange() {
    agent.streaming();
    watch(0);
    commit(0);
    Tail before = tails.tail(partition(0)).orElseThrow();
    commit(0);
    assertThat(before.bounds().highWatermark()).isEqualTo(1);
    assertThat(before.spans()).hasSize(1);
  }

  @Test
  void whatLiesBelowTheLogStartIsNotAnsweredFromHere() {
    agent.streaming();
    watch(0);
    commit(0);
    commit(0);
    cluster.setLogStart(partition(0), 1);
    assertThat(tails.tail(partition(0)).orElseThrow().reaches(0)).isFalse();
  }

  @Test
  void theLeastRecentlyFetchedPartitionIsGivenUp() {
    agent.streaming();
    watch(0, 1, 2);
    watch(0);
    watch(3);
    assertThat(tails.watchedCount()).isEqualTo(3);
    assertThat(cluster.isWatched(partition(1))).isFalse();
    assertThat(tails.tail(partition(1))).isEmpty();
    assertThat(tails.tail(partition(0))).isPresent();
    assertThat(tails.tail(partition(3))).isPresent();
  }

  @Test
  void aRequestForMoreThanFitDoesNotTurnItselfOut() {
    agent.streaming();
    watch(0, 1, 2, 3, 4, 5);
    assertThat(tails.tail(partition(0))).isPresent();
    watch(0, 1, 2, 3, 4, 5);
    assertThat(tails.tail(partition(0))).isPresent();
    assertThat(tails.tail(partition(5))).isEmpty();
  }

  @Test
  void aPartitionThatIsWaitedForIsKept() throws InterruptedException {
    agent.streaming();
    agent.fetch(partition(0), 0);
    Pending<List<Fetched>> answer =
        agent.begin(TestAgent.order(1, 60_000, new Want(partition(0), 0, 1 << 20)));
    time.awaitWaiting(1);
    watch(1, 2, 3);
    watch(4, 5, 6);
    commit(0);
    assertThat(TestAgent.valueList(answer.await().getFirst())).containsExactly("v");
  }

  @Test
  void aGapEndsTheStreamAndANewOneIsOpened() throws InterruptedException {
    agent.streaming();
    watch(0);
    commit(0);
    cluster.tellAll(
        new Event.Advanced(
            partition(0),
            new PartitionBounds(0, 9, 9),
            List.of(new Extent(77, 0, 10, 5, 8, -1, -1))));
    assertThat(tails.tail(partition(0))).isEmpty();
    time.awaitWaiting(1);
    time.advanceMs(10_000);
    while (tails.tail(partition(0)).isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(tails.tail(partition(0)).orElseThrow().bounds().highWatermark()).isEqualTo(1);
  }

  @Test
  void changesBeforeTheBaselineDoNotCount() {
    agent.streaming();
    watch(0);
    tails.watch(List.of(new PartitionId(new TopicId(1, 1), 0)));
    cluster.tellAll(
        new Event.Advanced(
            new PartitionId(new TopicId(1, 1), 0), new PartitionBounds(0, 5, 5), List.of()));
    assertThat(tails.tail(new PartitionId(new TopicId(1, 1), 0))).isEmpty();
    assertThat(tails.tail(partition(0))).isPresent();
  }

  @Test
  void aDeletedTopicsPartitionsAreForgotten() {
    agent.streaming();
    watch(0, 1);
    cluster.deleteTopic("t");
    assertThat(tails.watchedCount()).isZero();
  }

  @Test
  void aNewerCatalogIsAnnounced() {
    agent.streaming();
    agent.catalog().current();
    cluster.addTopic("new", 1);
    assertThat(agent.catalog().current().topic("new")).isEmpty();
    cluster.tellAll(new Event.CatalogChanged(3));
    assertThat(agent.catalog().current().topic("new")).isPresent();
  }

  @Test
  void aControlPlaneThatIsAwayIsTriedAgainAndAgain() throws InterruptedException {
    cluster.setAway(true);
    tails.open();
    for (int i = 0; i < 5; i++) {
      time.awaitWaiting(1);
      time.advanceMs(5_000);
    }
    watch(0);
    cluster.setAway(false);
    while (tails.tail(partition(0)).isEmpty()) {
      time.advanceMs(5_000);
      Thread.onSpinWait();
    }
    assertThat(cluster.streams()).isEqualTo(1);
  }

  @Test
  void aClosedIndexClosesItsStream() {
    agent.streaming();
    tails.close();
    assertThat(cluster.streams()).isZero();
  }

  private static Extent moved(long fileId, long first, long last) {
    return new Extent(fileId, 8, 100, first, last, 5, -1);
  }

  private void replace(Extent... extents) {
    cluster.tellAll(new Event.Replaced(partition(0), List.of(extents)));
  }

  private List<Span> spans() {
    return tails.tail(partition(0)).orElseThrow().spans();
  }

  @Test
  void replacedExtentsAreSwappedInTheWindow() {
    agent.streaming();
    watch(0);
    commit(0);
    commit(0);
    Tail before = tails.tail(partition(0)).orElseThrow();
    replace(moved(90, 0, 1));
    Tail tail = tails.tail(partition(0)).orElseThrow();
    assertThat(tail.spans()).containsExactly(moved(90, 0, 1));
    assertThat(tail.windowStart()).isZero();
    assertThat(tail.bounds()).isEqualTo(before.bounds());
    assertThat(before.spans()).hasSize(2);
    commit(0);
    replace(moved(91, 2, 2));
    assertThat(spans()).containsExactly(moved(90, 0, 1), moved(91, 2, 2));
  }

  @Test
  void whatIsReplacedBelowTheWindowIsNothingToIt() {
    agent.streaming();
    commit(0);
    commit(0);
    watch(0);
    replace(moved(90, 0, 1));
    assertThat(spans()).isEmpty();
    commit(0);
    Tail tail = tails.tail(partition(0)).orElseThrow();
    replace(moved(91, 0, 1));
    assertThat(tails.tail(partition(0)).orElseThrow()).isSameAs(tail);
  }

  @Test
  void aWindowThatBeginsAmongThemBeginsWithTheOneThatReachesIn() {
    agent.streaming();
    commit(0);
    commit(0);
    watch(0);
    commit(0);
    commit(0);
    replace(moved(90, 0, 0), moved(90, 1, 2));
    Tail tail = tails.tail(partition(0)).orElseThrow();
    assertThat(tail.windowStart()).isEqualTo(1);
    assertThat(tail.spans().getFirst()).isEqualTo(moved(90, 1, 2));
    assertThat(tail.spans()).extracting(Span::baseOffset).containsExactly(1L, 3L);
    assertThat(tail.reaches(1)).isTrue();
    assertThat(tail.reaches(0)).isFalse();
  }

  @Test
  void theWindowStaysBoundedWhateverTakesWhosePlace() {
    agent.streaming();
    watch(0);
    cluster.commit(Run.of(partition(0), TestBatch.of(1, "a", "b", "c", "d")));
    replace(moved(90, 0, 0), moved(90, 1, 1), moved(90, 2, 2), moved(90, 3, 3));
    Tail tail = tails.tail(partition(0)).orElseThrow();
    assertThat(tail.spans()).containsExactly(moved(90, 2, 2), moved(90, 3, 3));
    assertThat(tail.windowStart()).isEqualTo(2);
  }

  @Test
  void whatReplacesSomethingElseEndsTheStream() {
    agent.streaming();
    watch(0);
    PartitionId zero = partition(0);
    cluster.commit(Run.of(zero, TestBatch.transactional(7, 0, 1, "a", "b")));
    cluster.end(7, true, 5, zero);
    for (List<Extent> wrong :
        List.of(
            List.of(moved(90, 0, 0)),
            List.of(moved(90, 1, 1)),
            List.of(moved(90, 0, 2)),
            List.of(moved(90, 2, 2)),
            List.of(moved(90, 0, 3)))) {
      Tail tail = new Tail(new PartitionBounds(0, 3, 3), 0, tailOf(zero));
      assertThat(tail.replaced(wrong, TailSettings.STANDARD)).isEmpty();
    }
    replace(moved(90, 0, 2));
    assertThat(tails.tail(zero)).isEmpty();
  }

  private List<Span> tailOf(PartitionId partition) {
    return tails.tail(partition).orElseThrow().spans();
  }

  /// Whatever more bytes there seem to be: nothing has come.
  @Test
  void waitingFetchesAreNotWokenForIt() {
    WatchedPartition watched = new WatchedPartition();
    watched.begin(new PartitionBounds(0, 0, 0));
    TailWait wait = new TailWait(Isolation.READ_UNCOMMITTED, 50);
    watched.await(wait.join(watched, new TailWait.Awaited(partition(0), 0, 1_000)));
    Extent small = new Extent(1, 8, 10, 0, 0, 5, -1);
    watched.advance(new PartitionBounds(0, 1, 1), List.of(small), TailSettings.STANDARD);

    assertThat(watched.replace(List.of(moved(90, 0, 0)), TailSettings.STANDARD)).isTrue();

    assertThat(watched.tail().orElseThrow().spans()).containsExactly(moved(90, 0, 0));
    assertThat(wait.woken().isDone()).isFalse();
    watched.advance(new PartitionBounds(0, 2, 2), List.of(moved(91, 1, 1)), TailSettings.STANDARD);
    assertThat(wait.woken().isDone()).isTrue();
  }
}
