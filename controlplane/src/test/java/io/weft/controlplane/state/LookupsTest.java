package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the fetch path is answered.
final class LookupsTest {
  private static final PartitionId UNKNOWN = new PartitionId(new TopicId(9, 9), 0);

  private final TestCluster cluster = new TestCluster();
  private final AgentId agent = cluster.register(1);
  private final TopicId topic = cluster.topic("t", 2);
  private final PartitionId partition = new PartitionId(topic, 0);
  private final PartitionId empty = new PartitionId(topic, 1);
  private final PartitionBounds bounds = new PartitionBounds(0, 40, 40);

  /// Four extents of ten offsets and a hundred bytes.
  LookupsTest() {
    long fileId = cluster.lease(agent, 1_000);
    for (long timestampMs : new long[] {50, 90, 70, 90}) {
      cluster.commit(
          agent, fileId++, RunBuilder.run(partition).timed(100, 10, timestampMs).build());
    }
  }

  private List<Long> offsets(ExtentsFound answer) {
    return answer instanceof ExtentsFound.Found found
        ? found.spans().stream().map(Span::baseOffset).toList()
        : List.of(-1L);
  }

  private ExtentsFound from(PartitionId of, long offset, int bytesMax) {
    ExtentQuery query = new ExtentQuery(of, offset, bytesMax);
    return cluster.as(ExtentIndex.class).find(List.of(query)).get(0);
  }

  private List<Long> byTime(PartitionId of, long timestampMs) {
    TimeQuery query = new TimeQuery(of, timestampMs);
    return offsets(cluster.as(ExtentIndex.class).findByTime(List.of(query)).get(0));
  }

  @Test
  void anExtentIsFoundByAnyOfItsOffsets() {
    assertThat(offsets(from(partition, 0, 1))).containsExactly(0L);
    assertThat(offsets(from(partition, 9, 1))).containsExactly(0L);
    assertThat(offsets(from(partition, 10, 1))).containsExactly(10L);
    assertThat(offsets(from(partition, 39, 1))).containsExactly(30L);
  }

  @Test
  void extentsComeUntilTheyHaveTheBytesAskedFor() {
    assertThat(offsets(from(partition, 5, 0))).containsExactly(0L);
    assertThat(offsets(from(partition, 5, 100))).containsExactly(0L);
    assertThat(offsets(from(partition, 5, 101))).containsExactly(0L, 10L);
    assertThat(offsets(from(partition, 5, Integer.MAX_VALUE))).hasSize(4);
  }

  @Test
  void nothingIsFoundAtTheHighWatermark() {
    assertThat(from(partition, 40, 100))
        .isEqualTo(new ExtentsFound.Found(bounds, List.of(), List.of()));
    assertThat(from(empty, 0, 100))
        .isEqualTo(new ExtentsFound.Found(new PartitionBounds(0, 0, 0), List.of(), List.of()));
  }

  @Test
  void offsetsOutsideTheLogAreOutOfRange() {
    assertThat(from(partition, 41, 100)).isEqualTo(new ExtentsFound.OutOfRange(bounds));
    assertThat(from(partition, -1, 100)).isEqualTo(new ExtentsFound.OutOfRange(bounds));
  }

  @Test
  void unknownPartitionsAreSaidToBeUnknown() {
    assertThat(from(UNKNOWN, 0, 1)).isEqualTo(new ExtentsFound.UnknownPartition());
    assertThat(from(new PartitionId(topic, 2), 0, 1))
        .isEqualTo(new ExtentsFound.UnknownPartition());
    assertThat(byTime(UNKNOWN, 0)).containsExactly(-1L);
  }

  @Test
  void byTimeTheFirstExtentThatReachesItIsFound() {
    assertThat(byTime(partition, 50)).containsExactly(0L, 10L, 20L, 30L);
    assertThat(byTime(partition, 51)).containsExactly(10L, 20L, 30L);
    assertThat(byTime(partition, 91)).isEmpty();
    assertThat(byTime(empty, 0)).isEmpty();
  }

  @Test
  void theLargestTimestampIsFoundWhereItCameFirst() {
    assertThat(byTime(partition, TimeQuery.MAX_TIMESTAMP)).containsExactly(10L);
    assertThat(byTime(empty, TimeQuery.MAX_TIMESTAMP)).isEmpty();
  }

  @Test
  void theLargestTimestampMayBeThatOfADeletedRecord() {
    deleteBefore(partition, 12);

    assertThat(byTime(partition, TimeQuery.MAX_TIMESTAMP)).containsExactly(10L, 30L);

    deleteBefore(partition, 20);
    assertThat(byTime(partition, TimeQuery.MAX_TIMESTAMP)).containsExactly(30L);
  }

  @Test
  void whatLiesBeforeTheLogsStartIsOutOfRange() {
    deleteBefore(partition, 12);

    PartitionBounds later = new PartitionBounds(12, 40, 40);
    assertThat(from(partition, 11, 100)).isEqualTo(new ExtentsFound.OutOfRange(later));
    assertThat(offsets(from(partition, 12, 101))).containsExactly(10L, 20L);
    assertThat(byTime(partition, 0)).containsExactly(10L, 20L, 30L);
    assertThat(cluster.as(ExtentIndex.class).sizes(List.of(partition))).containsExactly(300L);
  }

  @Test
  void aLogWithoutRecordsGoesOn() {
    deleteBefore(partition, -1);

    PartitionBounds later = new PartitionBounds(40, 40, 40);
    assertThat(from(partition, 40, 100))
        .isEqualTo(new ExtentsFound.Found(later, List.of(), List.of()));
    assertThat(byTime(partition, TimeQuery.MAX_TIMESTAMP)).isEmpty();
    long fileId = cluster.lease(agent, 1);
    cluster.commit(agent, fileId, RunBuilder.run(partition).batch(2).build());
    assertThat(offsets(from(partition, 40, 100))).containsExactly(40L);
    assertThat(cluster.state.logs().files().liveExtents(fileId)).isEqualTo(1);
  }

  @Test
  void watchersAreToldWhereALogBegins() {
    cluster.events.clear();
    deleteBefore(partition, 30);
    deleteBefore(partition, 20);

    assertThat(cluster.events).containsExactly("advanced 0 to 40 by 0");
  }

  @Test
  void aFileNobodyReadsAnyMoreStaysUntilItIsDeleted() {
    long fileId = ((Extent) cluster.spans(partition, 0).getFirst()).fileId();
    deleteBefore(partition, 9);
    assertThat(cluster.state.logs().files().liveBytes(fileId)).isEqualTo(100);
    deleteBefore(partition, 10);
    assertThat(cluster.state.logs().files().liveExtents(fileId)).isZero();
    assertThat(cluster.state.logs().files().count()).isEqualTo(4);
  }

  private void deleteBefore(PartitionId of, long offset) {
    cluster.as(TopicCatalog.class).deleteRecords(List.of(new RecordsBefore(of, offset)));
  }

  @Test
  void recordsWithoutTimestampsHaveNoLargestOne() {
    long fileId = cluster.lease(agent, 1);
    cluster.commit(agent, fileId, RunBuilder.run(empty).timed(100, 10, -1).build());

    assertThat(byTime(empty, TimeQuery.MAX_TIMESTAMP)).isEmpty();
  }

  @Test
  void anAnswerByTimeHasSixteenExtentsAtMost() {
    long fileId = cluster.lease(agent, 100);
    for (int i = 0; i < 100; i++) {
      cluster.commit(agent, fileId + i, RunBuilder.run(empty).batch(1).build());
    }

    assertThat(byTime(empty, 0)).hasSize(16);
  }

  @Test
  void manyAnswersShareALimit() {
    long fileId = cluster.lease(agent, 1_100);
    for (int i = 0; i < 1_100; i++) {
      cluster.commit(agent, fileId + i, RunBuilder.run(empty).batch(1).build());
    }
    ExtentQuery query = new ExtentQuery(empty, 0, Integer.MAX_VALUE);
    List<ExtentsFound> answers =
        cluster.as(ExtentIndex.class).find(Collections.nCopies(102, query));

    assertThat(offsets(answers.get(0))).hasSize(1_000);
    assertThat(offsets(answers.get(99))).hasSize(1_000);
    assertThat(offsets(answers.get(100))).hasSize(1);
    assertThat(offsets(answers.get(101))).hasSize(1);
  }

  @Test
  void sizesAreBytesOfTheLiveExtents() {
    assertThat(cluster.as(ExtentIndex.class).sizes(List.of(partition, empty, UNKNOWN)))
        .containsExactly(400L, 0L, -1L);
  }

  @Test
  void tooManyQueriesAreRejected() {
    List<ExtentQuery> queries = Collections.nCopies(10_001, new ExtentQuery(partition, 0, 1));
    List<TimeQuery> byTime = Collections.nCopies(10_001, new TimeQuery(partition, 0));
    List<PartitionId> sizes = Collections.nCopies(10_001, partition);

    assertThatThrownBy(() -> cluster.as(ExtentIndex.class).find(queries))
        .isInstanceOf(ControlPlaneException.Rejected.class);
    assertThatThrownBy(() -> cluster.as(ExtentIndex.class).findByTime(byTime))
        .isInstanceOf(ControlPlaneException.Rejected.class);
    assertThatThrownBy(() -> cluster.as(ExtentIndex.class).sizes(sizes))
        .isInstanceOf(ControlPlaneException.Rejected.class);
  }
}
