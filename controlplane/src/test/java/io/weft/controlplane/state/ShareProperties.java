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
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Share-partitions against a model that keeps every record for itself, by seed.
final class ShareProperties {
  private static final int STEPS = 400;
  private static final List<String> MEMBERS = List.of("a", "b", "c");

  private final Set<AcknowledgeOutcome> given = EnumSet.noneOf(AcknowledgeOutcome.class);

  /// One share-partition and its model, walked through by chance.
  private final class Walk {
    private final Random random;
    private final TestCluster cluster = new TestCluster();
    private final AgentId agent = cluster.register(1);
    private final PartitionId partition = new PartitionId(cluster.topic("t", 1), 0);
    private final ShareModel model = new ShareModel();

    Walk(long seed) {
      random = new Random(seed);
      cluster.as(ShareGroups.class).begin("g", List.of(partition), Optional.of(0L));
    }

    void step() {
      switch (random.nextInt(20)) {
        case 0, 1 -> produce(1 + random.nextInt(random.nextInt(10) == 0 ? 3_000 : 40));
        case 2, 3, 4, 5, 6, 7 -> acquire(1 + random.nextInt(60));
        case 8 -> acquire(5_000);
        case 9, 10, 11, 12, 13, 14 -> acknowledge();
        case 15 -> release();
        case 16, 17 -> wait(random.nextInt(15_000));
        case 18 -> wait(31_000);
        default -> {
          if (random.nextInt(4) == 0) {
            failOver();
          }
        }
      }
    }

    void produce(int records) {
      long fileId = cluster.lease(agent, 1);
      cluster.commit(agent, fileId, RunBuilder.run(partition).batch(records).build());
      model.produce(records);
    }

    List<AcquiredRun> acquire(int recordsMax) {
      String member = member();
      AcquireOrder order =
          new AcquireOrder(
              random.nextLong(), "g", member, List.of(partition), recordsMax, Integer.MAX_VALUE, 0);
      Acquired acquired = cluster.as(ShareGroups.class).acquire(order).partitions().getFirst();
      List<AcquiredRun> runs = ((Acquired.Runs) acquired).runs();
      model.acquired(member, runs, recordsMax, cluster.nowMs);
      return runs;
    }

    void acknowledge() {
      List<AcknowledgedRun> runs = new ArrayList<>();
      long at = Math.max(0, model.start() - 3 + random.nextInt(30));
      for (int i = random.nextInt(4); i >= 0; i--) {
        long first = at + random.nextInt(3);
        long last = first + random.nextInt(10);
        runs.add(new AcknowledgedRun(first, last, kind()));
        at = last + 1;
      }
      acknowledge(member(), runs);
    }

    void acknowledge(String member, List<AcknowledgedRun> runs) {
      AcknowledgeOutcome outcome =
          cluster
              .as(ShareGroups.class)
              .acknowledge(
                  new AcknowledgeOrder(
                      random.nextLong(),
                      "g",
                      member,
                      List.of(new AcknowledgedPartition(partition, runs))))
              .getFirst();
      assertThat(outcome).isEqualTo(model.acknowledge(member, runs, cluster.nowMs));
      given.add(outcome);
    }

    void release() {
      String member = member();
      cluster.as(ShareGroups.class).release("g", member, List.of(partition));
      model.release(member);
    }

    void wait(int durationMs) {
      cluster.nowMs += durationMs;
      cluster.in().shares().expireLocks();
      model.expire(cluster.nowMs);
    }

    void failOver() {
      byte[] snapshot = cluster.snapshot();
      cluster.state =
          random.nextBoolean() ? cluster.replica() : TestCluster.restored(cluster.snapshot());
      assertThat(cluster.snapshot()).isEqualTo(snapshot);
      model.failOver();
    }

    /// Everything that is left is accepted.
    void drain() {
      wait(60_000);
      while (model.firstToAcquire() >= 0) {
        acquire(Integer.MAX_VALUE);
        for (String member : MEMBERS) {
          for (int i = model.start(); i < model.end; i++) {
            ShareModel.Entry entry = model.entries.get(i);
            if (entry.state == ShareModel.State.ACQUIRED && entry.member.equals(member)) {
              acknowledge(member, List.of(new AcknowledgedRun(i, i, Acknowledgement.ACCEPT)));
            }
          }
        }
      }
    }

    private Acknowledgement kind() {
      Acknowledgement[] kinds = Acknowledgement.values();
      return random.nextBoolean() ? Acknowledgement.ACCEPT : kinds[random.nextInt(kinds.length)];
    }

    private String member() {
      return MEMBERS.get(random.nextInt(MEMBERS.size()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void itAnswersAsTheModel(long seed) {
    Walk walk = new Walk(seed);
    for (int step = 0; step < STEPS; step++) {
      walk.step();
    }
    walk.drain();

    assertThat(walk.model.start()).isEqualTo(walk.model.entries.size());
    assertThat(walk.model.entries).allMatch(entry -> entry.accepted <= 1);
    assertThat(TestCluster.snapshot(walk.cluster.replica())).isEqualTo(walk.cluster.snapshot());
  }

  /// What a replica knows is the same at any time, whatever the leader remembers besides.
  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34, 35})
  void theSnapshotIsThatOfAReplica(long seed) {
    Walk walk = new Walk(seed);
    for (int step = 0; step < STEPS; step++) {
      walk.step();
      if (step % 10 == 0) {
        byte[] snapshot = walk.cluster.snapshot();
        assertThat(TestCluster.snapshot(walk.cluster.replica())).isEqualTo(snapshot);
        assertThat(TestCluster.snapshot(TestCluster.restored(snapshot))).isEqualTo(snapshot);
      }
    }
  }

  @Test
  void theWalkGoesWhereItMatters() {
    for (long seed = 1; seed <= 10; seed++) {
      Walk walk = new Walk(seed);
      for (int step = 0; step < STEPS; step++) {
        walk.step();
      }
    }

    assertThat(given)
        .containsExactlyInAnyOrder(
            AcknowledgeOutcome.DONE,
            AcknowledgeOutcome.NOT_ACQUIRED,
            AcknowledgeOutcome.NEVER_ACQUIRED);
  }
}
