package io.weft.agent.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.fetch.OffsetSearch.Found;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.environment.Environment;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.protocol.record.TimedOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.junit.jupiter.api.Test;

class OffsetSearchTest {
  private final TestCluster cluster = new TestCluster();
  private final TopicId topic = cluster.addTopic("t", 200);
  private final PartitionId zero = new PartitionId(topic, 0);
  private final TestAgent agent = new TestAgent(cluster, Environment.system());

  private Found byTime(long timestampMs) throws InterruptedException {
    return agent.search().byTime(List.of(new TimeQuery(zero, timestampMs))).getFirst();
  }

  private static TimedOffset record(Found found) {
    return ((Found.Located) found).record();
  }

  @Test
  void boundsAreTheControlPlanes() {
    cluster.commit(Run.of(zero, TestBatch.of(1, "a", "b", "c")));
    cluster.setLogStart(zero, 1);
    assertThat(agent.search().bounds(List.of(zero, new PartitionId(new TopicId(9, 9), 0))))
        .containsExactly(
            new Found.Bounds(new PartitionBounds(1, 3, 3)), new Found.UnknownPartition());
  }

  @Test
  void theFirstRecordSinceATimeIsFoundInWhateverBatchAndFile() throws InterruptedException {
    cluster.commit(Run.of(zero, TestBatch.of(100, "a", "b"), TestBatch.of(200, "c", "d")));
    cluster.commit(
        Run.of(zero, TestBatch.of(Compression.zstd().build(), 300, List.of("e", "f", "g"))));
    assertThat(record(byTime(0))).isEqualTo(new TimedOffset(0, 100));
    assertThat(record(byTime(101))).isEqualTo(new TimedOffset(1, 101));
    assertThat(record(byTime(102))).isEqualTo(new TimedOffset(2, 200));
    assertThat(record(byTime(302))).isEqualTo(new TimedOffset(6, 302));
    assertThat(byTime(303)).isInstanceOf(Found.NoRecord.class);
  }

  @Test
  void aMarkerIsFoundByItsTimeAsARecordIs() throws InterruptedException {
    cluster.commit(Run.of(zero, TestBatch.transactional(5, 0, 100, "a", "b")));
    cluster.end(5, true, 700, zero);
    cluster.commit(Run.of(zero, TestBatch.of(650, "c")));
    assertThat(record(byTime(102))).isEqualTo(new TimedOffset(2, 700));
    assertThat(record(byTime(TimeQuery.MAX_TIMESTAMP))).isEqualTo(new TimedOffset(2, 700));
  }

  @Test
  void theLatestIsLookedForAmongWhatIsLeft() throws InterruptedException {
    cluster.commit(Run.of(zero, TestBatch.of(900, "a"), TestBatch.of(100, "b")));
    cluster.commit(Run.of(zero, TestBatch.of(300, "c")));
    cluster.commit(Run.of(zero, TestBatch.of(500, "d")));
    cluster.commit(Run.of(zero, TestBatch.of(500, "e")));
    cluster.setLogStart(zero, 1);
    assertThat(record(byTime(TimeQuery.MAX_TIMESTAMP))).isEqualTo(new TimedOffset(3, 500));
  }

  @Test
  void recordsBelowTheLogStartAreNotFound() throws InterruptedException {
    cluster.commit(Run.of(zero, TestBatch.of(500, "a", "b"), TestBatch.of(100, "c")));
    cluster.commit(Run.of(zero, TestBatch.of(600, "d")));
    cluster.setLogStart(zero, 2);
    assertThat(record(byTime(400))).isEqualTo(new TimedOffset(3, 600));
  }

  @Test
  void underLogAppendTimeTheTimeIsThatOfTheCommit() throws InterruptedException {
    cluster.commit(new Run(zero, 1_000, List.of(TestBatch.of(99_999, "a", "b"))));
    cluster.commit(new Run(zero, 2_000, List.of(TestBatch.of(5, "c"))));
    assertThat(record(byTime(1_001))).isEqualTo(new TimedOffset(2, 2_000));
    assertThat(record(byTime(1))).isEqualTo(new TimedOffset(0, 1_000));
    assertThat(record(byTime(TimeQuery.MAX_TIMESTAMP))).isEqualTo(new TimedOffset(2, 2_000));
  }

  @Test
  void theLatestTimeIsFoundWhereverItIs() throws InterruptedException {
    assertThat(byTime(TimeQuery.MAX_TIMESTAMP)).isInstanceOf(Found.NoRecord.class);
    cluster.commit(Run.of(zero, TestBatch.of(100, "a"), TestBatch.of(900, "b", "c")));
    cluster.commit(Run.of(zero, TestBatch.of(300, "d")));
    assertThat(record(byTime(TimeQuery.MAX_TIMESTAMP))).isEqualTo(new TimedOffset(2, 901));
  }

  @Test
  void aFileThatIsGoneIsLookedForAgainAndThenAnError() throws InterruptedException {
    long file = cluster.commit(Run.of(zero, TestBatch.of(100, "a")));
    cluster.store().deleteFile(file);
    assertThat(byTime(50)).isEqualTo(new Found.Unreadable());
    assertThat(cluster.finds()).isEqualTo(2);
  }

  @Test
  void withoutAControlPlaneNothingIsSaid() throws InterruptedException {
    cluster.setAway(true);
    assertThat(byTime(50)).isEqualTo(new Found.Unplaced());
    assertThat(agent.search().bounds(List.of(zero))).containsExactly(new Found.Unplaced());
  }

  @Test
  void manyPartitionsAreSearchedInOneCall() throws InterruptedException {
    List<Run> runs = new ArrayList<>();
    List<TimeQuery> queries = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      PartitionId partition = new PartitionId(topic, i);
      runs.add(Run.of(partition, TestBatch.of(100 + i, "a", "b")));
      queries.add(new TimeQuery(partition, 101 + i));
    }
    cluster.commit(runs.toArray(Run[]::new));
    assertThat(agent.search().byTime(queries))
        .extracting(OffsetSearchTest::record)
        .isEqualTo(IntStream.range(0, 200).mapToObj(i -> new TimedOffset(1, 101 + i)).toList());
    assertThat(cluster.finds()).isEqualTo(1);
    assertThat(cluster.store().gets()).isEqualTo(1);
  }
}
