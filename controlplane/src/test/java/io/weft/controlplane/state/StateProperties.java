package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds whatever is asked, by seed.
final class StateProperties {
  private static final int STEPS = 600;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void itAnswersAsTheNaiveOne(long seed) {
    RandomCluster random = new RandomCluster(seed);
    for (int step = 0; step < STEPS; step++) {
      random.step();
      if (step % 50 == 0) {
        compare(random);
      }
    }
    compare(random);
  }

  /// The random walk goes where it matters.
  @Test
  void everyVerdictIsGivenAndFilesExpire() {
    Set<String> given = new TreeSet<>();
    for (long seed = 1; seed <= 20; seed++) {
      RandomCluster random = new RandomCluster(seed);
      for (int step = 0; step < STEPS; step++) {
        random.step();
      }
      given.addAll(random.given);
    }
    Set<String> all = new TreeSet<>(Set.of("Expired"));
    for (Verdict verdict : Verdict.values()) {
      all.add(verdict.name());
    }
    // These take a transaction that is open: see TransactionProperties and TransactionStateTest.
    all.remove(Verdict.INVALID_TRANSACTION_STATE.name());
    all.remove(Verdict.NOT_IN_TRANSACTION.name());
    all.remove(Verdict.TRANSACTION_FULL.name());

    assertThat(given).isEqualTo(all);
  }

  @Test
  void extentsAreReplacedAndSomeComeTooLate() {
    int replaced = 0;
    int refused = 0;
    for (long seed = 1; seed <= 19; seed += 2) {
      RandomCluster random = new RandomCluster(seed);
      for (int step = 0; step < STEPS; step++) {
        random.step();
      }
      replaced += random.replacing.replaced;
      refused += random.replacing.refused;
    }
    assertThat(replaced).isGreaterThan(50);
    assertThat(refused).isGreaterThan(20);
  }

  @Test
  void deletedTopicsComeBack() {
    int broughtBack = 0;
    for (long seed = 1; seed <= 19; seed += 2) {
      RandomCluster random = new RandomCluster(seed);
      for (int step = 0; step < STEPS; step++) {
        random.step();
      }
      broughtBack += random.broughtBack;
    }
    assertThat(broughtBack).isGreaterThan(5);
  }

  @ParameterizedTest
  @ValueSource(longs = {101, 102, 103, 104, 105, 106, 107, 108, 109, 110})
  void replayOfTheRecordsBytesGivesTheSameState(long seed) {
    RandomCluster random = new RandomCluster(seed);
    TestCluster cluster = random.cluster;
    ControlPlaneState replica = cluster.replica();
    int replayed = cluster.records.size();
    for (int step = 0; step < STEPS; step++) {
      random.step();
      for (; replayed < cluster.records.size(); replayed++) {
        replica.replay(TestCluster.recoded(cluster.records.get(replayed)), ChangeListener.NONE);
      }
      if (step % 20 == 0) {
        assertThat(TestCluster.snapshot(replica)).isEqualTo(cluster.snapshot());
        assertThat(StateHash.of(replica)).isEqualTo(StateHash.of(cluster.state));
      }
    }
    assertThat(TestCluster.snapshot(cluster.replica())).isEqualTo(cluster.snapshot());
  }

  @ParameterizedTest
  @ValueSource(longs = {201, 202, 203, 204, 205, 206, 207, 208, 209, 210})
  void itGoesOnFromASnapshotAsIfNothingHadBeen(long seed) {
    RandomCluster random = new RandomCluster(seed);
    TestCluster cluster = random.cluster;
    for (int step = 0; step < STEPS; step++) {
      random.step();
      if (step % 7 == 0) {
        byte[] snapshot = cluster.snapshot();
        cluster.state = TestCluster.restored(snapshot);
        assertThat(cluster.snapshot()).isEqualTo(snapshot);
      }
    }
    compare(random);
    assertThat(TestCluster.snapshot(cluster.replica())).isEqualTo(cluster.snapshot());
  }

  /// The reply to each commit in turn is lost and the commit asked again, after fail-over too.
  @Test
  void aLostReplyMayBeAskedForAgainAtEveryCommit() {
    for (int lost = 0; lost < 20; lost++) {
      TestCluster cluster = new TestCluster();
      AgentId agent = cluster.register(1);
      PartitionId partition = new PartitionId(cluster.topic("t", 1), 0);
      long first = cluster.lease(agent, 20);
      for (int i = 0; i < 20; i++) {
        UploadedBatches run = RunBuilder.run(partition).idempotent(5, 0, i, 1).batch(2).build();
        List<String> told = TestCluster.told(cluster.commit(agent, first + i, run));
        if (i == lost) {
          cluster.state = cluster.replica();
          assertThat(TestCluster.told(cluster.commit(agent, first + i, run))).isEqualTo(told);
        }
        assertThat(told).containsExactly("PLACED@" + 3 * i, "PLACED@" + (3 * i + 1));
      }
      assertThat(cluster.bounds(partition)).isEqualTo(new PartitionBounds(0, 60, 60));
    }
  }

  /// Whichever comes first, expiry or commit, all repeats agree with it.
  @Test
  void expiryAndCommitExcludeEachOther() {
    for (boolean expiryFirst : new boolean[] {true, false}) {
      TestCluster cluster = new TestCluster();
      AgentId agent = cluster.register(1);
      PartitionId partition = new PartitionId(cluster.topic("t", 1), 0);
      long first = cluster.lease(agent, 1);
      UploadedBatches run = RunBuilder.run(partition).batch(1).build();
      if (expiryFirst) {
        cluster.in().leases().expire(first);
      } else {
        cluster.commit(agent, first, run);
        cluster.in().leases().expire(first);
      }
      assertThat(TestCluster.told(cluster.commit(agent, first, run))).containsExactly("Expired");
      assertThat(cluster.bounds(partition).highWatermark()).isEqualTo(expiryFirst ? 0 : 1);
      assertThat(cluster.state.logs().files().count()).isEqualTo(expiryFirst ? 0 : 1);
    }
  }

  private static void compare(RandomCluster random) {
    random.naive.logs.forEach(
        (partition, log) -> {
          assertThat(random.cluster.bounds(partition))
              .isEqualTo(new PartitionBounds(log.start, log.end, log.end));
          List<Extent> extents = random.cluster.extents(partition, log.start);
          assertThat(extents).isEqualTo(log.extents);
          assertDense(extents, log.end);
        });
    for (int partition = 0; partition < 6; partition++) {
      PartitionId deleted = new PartitionId(new TopicId(0, 99), partition);
      assertThat(random.cluster.state.logs().bounds(deleted)).isEmpty();
    }
    assertThat(random.cluster.state.logs().files().count()).isEqualTo(random.naive.files.size());
    for (long fileId : random.naive.files) {
      List<Extent> live = random.naive.extentsOf(fileId);
      assertThat(random.cluster.state.logs().files().liveExtents(fileId)).isEqualTo(live.size());
      assertThat(random.cluster.state.logs().files().liveBytes(fileId))
          .isEqualTo(live.stream().mapToLong(Extent::length).sum());
    }
    assertThat(random.cluster.as(TopicCatalog.class).page(Position.NOWHERE).anew()).isTrue();
  }

  private static void assertDense(List<Extent> extents, long end) {
    long next = extents.isEmpty() ? end : extents.getFirst().baseOffset();
    for (Extent extent : extents) {
      assertThat(extent.baseOffset()).isEqualTo(next);
      next = extent.lastOffset() + 1;
    }
    assertThat(next).isEqualTo(end);
  }
}
