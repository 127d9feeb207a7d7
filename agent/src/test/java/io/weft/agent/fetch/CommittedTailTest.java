package io.weft.agent.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.environment.Pending;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What readers of committed records ask of the control plane: nothing, as long as they keep up or
/// are held back by an open transaction.
class CommittedTailTest {
  private static final int MIB = 1 << 20;

  /// As many extents as are kept of a partition.
  private static final int EXTENTS = TailSettings.STANDARD.extentsMax();

  private static final int MARKERS = TailSettings.STANDARD.markersMax();

  private final ManualTime time = new ManualTime(3);
  private final TestCluster cluster = new TestCluster();
  private final PartitionId zero = new PartitionId(cluster.addTopic("t", 1), 0);
  private final TestAgent agent =
      new TestAgent(
          cluster,
          time.environment(),
          new CacheSettings(MIB, 64 * MIB, 4),
          TailSettings.STANDARD,
          TestAgent.FETCH);

  @BeforeEach
  void begin() {
    agent.streaming();
    agent.fetch(zero, 0);
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private FetchOrder committed(long offset, long waitMsMax) {
    return new FetchOrder(
        List.of(new Want(zero, offset, MIB)), MIB, 1, waitMsMax, Isolation.READ_COMMITTED);
  }

  private void commitPlain(int count) {
    for (int i = 0; i < count; i++) {
      cluster.commit(Run.of(zero, TestBatch.of(1, "plain")));
    }
  }

  private CommittedReader read(long offset) {
    Fetched fetched = agent.fetch(committed(offset, 0)).getFirst();
    return CommittedReader.of(fetched, offset, Isolation.READ_COMMITTED);
  }

  @Test
  void aReaderHeldBackFarBelowTheTailAsksNobodyUntilTheTransactionEnds()
      throws InterruptedException {
    cluster.commit(Run.of(zero, TestBatch.transactional(7, 0, 1, "held")));
    commitPlain(2 * EXTENTS);
    int finds = cluster.finds();
    for (int poll = 0; poll < 10; poll++) {
      Fetched.Records nothing = (Fetched.Records) agent.fetch(committed(0, 0)).getFirst();
      assertThat(nothing.records().sizeInBytes()).isZero();
      assertThat(nothing.bounds().lastStableOffset()).isZero();
    }
    Pending<List<Fetched>> answer = agent.begin(committed(0, 60_000));
    time.awaitWaiting(1);
    commitPlain(EXTENTS);
    assertThat(answer.isDone()).isFalse();
    assertThat(cluster.finds()).isEqualTo(finds);

    cluster.end(7, false, 9, zero);
    Fetched fetched = answer.await().getFirst();
    assertThat(CommittedReader.of(fetched, 0, Isolation.READ_COMMITTED).values())
        .containsEntry(1L, "plain")
        .doesNotContainKey(0L);
    assertThat(cluster.finds()).isEqualTo(finds + 1);
  }

  @Test
  void aReaderBeyondTheStableOffsetSleepsUntilThatHasPassedIt() throws InterruptedException {
    cluster.commit(Run.of(zero, TestBatch.transactional(5, 0, 1, "a")));
    cluster.commit(Run.of(zero, TestBatch.transactional(6, 0, 1, "b")));
    commitPlain(2 * EXTENTS);
    int finds = cluster.finds();
    Pending<List<Fetched>> answer = agent.begin(committed(1, 60_000));
    time.awaitWaiting(1);
    cluster.end(5, true, 9, zero);
    assertThat(answer.isDone()).isFalse();
    assertThat(cluster.finds()).isEqualTo(finds);

    cluster.end(6, true, 9, zero);
    assertThat(CommittedReader.of(answer.await().getFirst(), 1, Isolation.READ_COMMITTED).values())
        .containsEntry(1L, "b");
    assertThat(cluster.finds()).isEqualTo(finds + 1);
  }

  @Test
  void whoReadsAllIsNotHeldBackByAnOpenTransaction() {
    cluster.commit(Run.of(zero, TestBatch.transactional(7, 0, 1, "held")));
    commitPlain(2 * EXTENTS);
    assertThat(TestAgent.valueList(agent.fetch(zero, 0))).startsWith("held", "plain");
  }

  @Test
  void outOfRangeIsStillSaidByTheControlPlaneOnly() {
    commitPlain(1);
    cluster.commit(Run.of(zero, TestBatch.transactional(7, 0, 1, "held")));
    cluster.setLogStart(zero, 1);
    int finds = cluster.finds();
    assertThat(agent.fetch(committed(0, 0))).containsExactly(new Fetched.OutOfRange());
    assertThat(agent.fetch(committed(3, 0))).containsExactly(new Fetched.OutOfRange());
    assertThat(cluster.finds()).isEqualTo(finds + 2);
  }

  @Test
  void manySmallTransactionsPushNoReaderOutOfTheTail() {
    int producers = 4;
    List<String> written = new ArrayList<>();
    for (int i = 0; i < EXTENTS; i++) {
      List<TestBatch> batches = new ArrayList<>();
      for (long producer = 0; producer < producers; producer++) {
        String value = producer + "-" + i;
        batches.add(TestBatch.transactional(producer, i, 1, value));
        written.add(value);
      }
      cluster.commit(new Run(zero, -1, batches));
      for (long producer = 0; producer < producers; producer++) {
        cluster.end(producer, true, 9, zero);
      }
    }
    int finds = cluster.finds();
    List<String> seen = new ArrayList<>();
    for (long offset = 0; offset < 2L * producers * EXTENTS; ) {
      CommittedReader read = read(offset);
      seen.addAll(read.values().sequencedValues());
      assertThat(read.next()).isGreaterThan(offset);
      offset = read.next();
    }
    assertThat(seen).isEqualTo(written);
    assertThat(cluster.finds()).isEqualTo(finds);
  }

  @Test
  void extentsAndMarkersAreBoundedEachByItself() {
    for (int i = 0; i <= EXTENTS; i++) {
      cluster.commit(Run.of(zero, TestBatch.transactional(1, i, 1, "v")));
      cluster.end(1, true, 9, zero);
    }
    Tail tail = agent.tails().tail(zero).orElseThrow();
    assertThat(tail.spans()).filteredOn(Extent.class::isInstance).hasSize(EXTENTS);
    // The marker of the first transaction, whose extent is the one too many, is still kept.
    assertThat(tail.windowStart()).isEqualTo(1);
    assertThat(tail.reaches(0)).isFalse();

    for (int i = 0; i < 2 * MARKERS; i++) {
      cluster.end(1, true, 9, zero);
    }
    tail = agent.tails().tail(zero).orElseThrow();
    assertThat(tail.spans()).hasSize(MARKERS).allMatch(Marker.class::isInstance);
    assertThat(tail.windowStart()).isEqualTo(tail.bounds().highWatermark() - MARKERS);
    assertThat(tail.spans().getFirst().baseOffset()).isEqualTo(tail.windowStart());
  }
}
