package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.state.log.LogRecord.LogStart;
import io.weft.controlplane.state.log.LogRecord.LogStartsMoved;
import io.weft.controlplane.state.retention.RetentionWalk;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Which records are past their retention, and that a walk over all of them is cut into slices.
final class RetentionWalkTest {
  private static final OptionalLong NOW = OptionalLong.of(1_000_000);

  private final TestCluster cluster = new TestCluster();
  private final AgentId agent = cluster.register(1);
  private long nextFile = cluster.lease(agent, 10_000);
  private final RetentionWalk walk = new RetentionWalk();

  RetentionWalkTest() {
    cluster.as(Releases.class).finish(2);
  }

  private PartitionId topic(String name, String... settings) {
    Map<String, String> own = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      own.put(settings[i], settings[i + 1]);
    }
    return new PartitionId(cluster.topic(name, 1, own), 0);
  }

  /// A file each, of one record.
  private void place(PartitionId partition, long... timesMs) {
    for (long timeMs : timesMs) {
      cluster.commit(agent, nextFile++, RunBuilder.run(partition).timed(100, 1, timeMs).build());
    }
  }

  /// A whole walk; what it finds takes effect slice by slice.
  private int walk(OptionalLong nowMs) {
    int slices = 0;
    walk.begin(cluster.state.logs());
    while (walk.isWalking()) {
      List<LogStart> starts = walk.slice(cluster.state.logs(), nowMs);
      if (!starts.isEmpty()) {
        cluster.in().make(new LogStartsMoved(starts));
      }
      slices++;
    }
    assertThat(TestCluster.snapshot(cluster.replica())).isEqualTo(cluster.snapshot());
    return slices;
  }

  private long start(PartitionId partition) {
    return cluster.bounds(partition).logStartOffset();
  }

  @Test
  void recordsGoThatAreOlderAsAreAllBeforeThem() {
    PartitionId old = topic("old", "retention.ms", "1000");
    place(old, 998_999, 5, 999_000, 7, 999_500);
    walk(NOW);
    assertThat(start(old)).isEqualTo(2);
    assertThat(walk.overdueMs()).isEqualTo(1);
    assertThat(cluster.events).contains("advanced 0 to 5 by 0");
    walk(OptionalLong.of(1_000_500));
    assertThat(start(old)).isEqualTo(4);
  }

  @Test
  void theEndOfALogGoesToo() {
    PartitionId old = topic("old", "retention.ms", "1000");
    place(old, 1, 2, 3);
    walk(NOW);
    assertThat(start(old)).isEqualTo(3);
    assertThat(cluster.bounds(old).highWatermark()).isEqualTo(3);
    place(old, 999_999);
    assertThat(cluster.bounds(old).highWatermark()).isEqualTo(4);
    walk(NOW);
    assertThat(start(old)).isEqualTo(3);
    assertThat(walk.overdueMs()).isZero();
  }

  @Test
  void aTimeInTheFutureKeepsWhatIsBehindIt() {
    PartitionId future = topic("future", "retention.ms", "1000");
    place(future, 1, 2_000_000, 2);
    walk(NOW);
    assertThat(start(future)).isEqualTo(1);
  }

  @Test
  void recordsWithoutATimeGoWithThoseBehindThem() {
    PartitionId timeless = topic("timeless", "retention.ms", "1000");
    place(timeless, -1, 5, -1, -1);
    walk(NOW);
    assertThat(start(timeless)).isEqualTo(2);
  }

  @Test
  void nothingGoesThatIsKeptForEverOrCompactedOnly() {
    PartitionId ever = topic("ever", "retention.ms", "-1");
    PartitionId compacted =
        topic(
            "compacted", "retention.ms", "1", "retention.bytes", "1", "cleanup.policy", "compact");
    PartitionId both = topic("both", "retention.ms", "1", "cleanup.policy", "compact,delete");
    place(ever, 1, 2);
    place(compacted, 1, 2);
    place(both, 1, 2);
    walk(NOW);
    assertThat(start(ever)).isZero();
    assertThat(start(compacted)).isZero();
    assertThat(start(both)).isEqualTo(2);
  }

  @Test
  void asManyBytesAsAreToBeKeptStay() {
    PartitionId large = topic("large", "retention.bytes", "250", "retention.ms", "-1");
    place(large, 1, 2, 3, 4);
    walk(OptionalLong.empty());
    assertThat(start(large)).isEqualTo(1);
    cluster.as(TopicCatalog.class).configure(large.topic(), 0, Map.of("retention.bytes", "100"));
    walk(OptionalLong.empty());
    assertThat(start(large)).isEqualTo(3);
  }

  @Test
  void whileTheTimeIsNotKnownNoRecordIsTooOld() {
    PartitionId old = topic("old", "retention.ms", "1000");
    place(old, 1, 2);
    walk(OptionalLong.empty());
    assertThat(start(old)).isZero();
  }

  /// More than one slice may take, in one partition and in many.
  @Test
  void aWalkIsCutIntoSlices() {
    List<PartitionId> many = new ArrayList<>();
    TopicId topic = cluster.topic("many", 9_000, Map.of("retention.ms", "1"));
    for (int i = 0; i < 9_000; i++) {
      many.add(new PartitionId(topic, i));
    }
    for (int file = 0; file < 3; file++) {
      cluster.commit(
          agent,
          nextFile++,
          many.stream()
              .map(each -> RunBuilder.run(each).timed(10, 1, 1).build())
              .toArray(UploadedBatches[]::new));
    }
    int before = cluster.records.size();
    assertThat(walk(NOW)).isBetween(3, 5);
    many.forEach(each -> assertThat(start(each)).isEqualTo(3));
    assertThat(cluster.records.size() - before).isBetween(3, 5);
    assertThat(cluster.state.logs().files().empty(10)).hasSize(3);
  }
}
