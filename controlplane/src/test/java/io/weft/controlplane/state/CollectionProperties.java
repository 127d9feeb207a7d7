package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.api.topic.DeletedTopics.UndeleteOutcome;
import io.weft.controlplane.state.file.OutstandingLease;
import io.weft.controlplane.state.log.LogRecord.LogStart;
import io.weft.controlplane.state.log.LogRecord.LogStartsMoved;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.controlplane.state.retention.RetentionWalk;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Whatever happens in which order: no file that a log needs, or may come to need, is ever handed
/// out, and in the end all others are gone, and with them all that is remembered of them.
final class CollectionProperties {
  private static final int CASES = 60;
  private static final int STEPS = 300;

  @Test
  void onlyDeadFilesAreHandedOutAndAllOfThemAreDeleted() {
    long seed = new Random().nextLong();
    System.out.println("CollectionProperties: seed " + seed);
    for (int i = 0; i < CASES; i++) {
      new Case(new Random(seed + i)).run();
    }
  }

  private static final class Case {
    private final Random random;
    private final TestCluster cluster = new TestCluster();
    private final List<AgentId> agents = List.of(cluster.register(1), cluster.register(2));
    private final List<TopicId> topics = new ArrayList<>();

    /// Topics that were deleted and can come back, by their names.
    private final Map<TopicId, String> kept = new TreeMap<>();

    private int created;

    /// What is in the store: of every id that an agent has begun to use.
    private final Set<Long> store = new TreeSet<>();

    /// Uploaded, and not committed yet.
    private final List<Uploaded> uploaded = new ArrayList<>();

    private final Set<Long> deleted = new HashSet<>();
    private final List<Long> taken = new ArrayList<>();

    private record Uploaded(AgentId agent, long fileId) {}

    Case(Random random) {
      this.random = random;
      cluster.as(Releases.class).finish(2);
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        cluster.nowMs += random.nextInt(50);
        step();
      }
      end();
    }

    private void step() {
      switch (random.nextInt(12)) {
        case 0 -> topics.add(cluster.topic("t" + created++, 2, Map.of("retention.ms", "400")));
        case 1, 2 -> upload();
        case 3, 4 -> commit();
        case 5 -> deleteRecords();
        case 6 -> retain();
        case 7 -> expire();
        case 8 -> cluster.in().collection().condemn(1 + random.nextInt(5));
        case 9 -> ripen();
        case 10 -> takeAndDelete();
        default -> rare();
      }
    }

    private void rare() {
      if (random.nextInt(4) == 0 && !topics.isEmpty()) {
        delete(topics.remove(random.nextInt(topics.size())), random.nextBoolean());
      } else if (random.nextInt(4) == 0 && !kept.isEmpty()) {
        bringBack(kept.keySet().iterator().next());
      } else if (random.nextInt(4) == 0) {
        // Another leader: what only the one before knew is lost.
        byte[] before = cluster.snapshot();
        cluster.state = random.nextBoolean() ? cluster.replica() : TestCluster.restored(before);
        assertThat(cluster.snapshot()).isEqualTo(before);
      }
    }

    private void delete(TopicId topic, boolean keeps) {
      cluster
          .state
          .deletion()
          .ledBy(nowMs -> keeps ? OptionalLong.of(nowMs + 100) : OptionalLong.empty());
      assertThat(cluster.as(TopicCatalog.class).delete(topic)).isTrue();
      if (keeps) {
        kept.put(topic, "back" + created++);
      }
    }

    private void bringBack(TopicId topic) {
      if (random.nextInt(3) > 0) {
        assertThat(cluster.as(DeletedTopics.class).undelete(topic, kept.get(topic)))
            .isEqualTo(UndeleteOutcome.UNDELETED);
        topics.add(topic);
      } else {
        assertThat(cluster.as(DeletedTopics.class).letGo(topic)).isTrue();
      }
      kept.remove(topic);
    }

    private PartitionId anyLog() {
      return new PartitionId(topics.get(random.nextInt(topics.size())), random.nextInt(2));
    }

    private void upload() {
      AgentId agent = agents.get(random.nextInt(agents.size()));
      long first = cluster.lease(agent, 1 + random.nextInt(4));
      store.add(first);
      uploaded.add(new Uploaded(agent, first));
    }

    /// In any order, late or twice.
    private void commit() {
      if (uploaded.isEmpty() || topics.isEmpty()) {
        return;
      }
      Uploaded file = uploaded.get(random.nextInt(uploaded.size()));
      FileOutcome outcome =
          cluster.commit(
              file.agent(),
              file.fileId(),
              RunBuilder.run(anyLog()).timed(10, 2, cluster.nowMs).build());
      if (outcome instanceof FileOutcome.Expired || random.nextBoolean()) {
        uploaded.remove(file);
      }
    }

    private void deleteRecords() {
      if (!topics.isEmpty()) {
        PartitionId log = anyLog();
        long end = cluster.bounds(log).highWatermark();
        cluster
            .as(TopicCatalog.class)
            .deleteRecords(List.of(new RecordsBefore(log, random.nextLong(end + 1))));
      }
    }

    private void retain() {
      RetentionWalk walk = new RetentionWalk();
      walk.begin(cluster.state.logs());
      while (walk.isWalking()) {
        List<LogStart> starts = walk.slice(cluster.state.logs(), OptionalLong.of(cluster.nowMs));
        if (!starts.isEmpty()) {
          cluster.in().make(new LogStartsMoved(starts));
        }
      }
    }

    private void expire() {
      List<OutstandingLease> leases = cluster.state.leases().outstanding();
      if (!leases.isEmpty()) {
        cluster
            .in()
            .collection()
            .expireLease(leases.get(random.nextInt(leases.size())).firstFileId());
      }
    }

    private void ripen() {
      cluster.in().collection().ripen(cluster.nowMs - random.nextInt(100));
    }

    private void takeAndDelete() {
      AgentId agent = agents.get(random.nextInt(agents.size()));
      taken.addAll(cluster.as(DeadFiles.class).take(agent, 1 + random.nextInt(6), 0));
      Set<Long> live = live();
      taken.forEach(fileId -> assertThat(live).doesNotContain(fileId));
      // An agent may die at any point, and a report may be lost.
      if (random.nextInt(3) > 0) {
        store.removeAll(taken);
        deleted.addAll(taken);
        if (random.nextInt(3) > 0) {
          cluster.as(DeadFiles.class).deleted(agent, List.copyOf(taken));
        }
        taken.clear();
      }
      assertThat(Collections.disjoint(live(), deleted)).isTrue();
    }

    private Set<Long> live() {
      Set<Long> live = new HashSet<>();
      for (TopicId topic : topics) {
        for (int i = 0; i < 2; i++) {
          PartitionId log = new PartitionId(topic, i);
          for (Extent each : cluster.extents(log, cluster.bounds(log).logStartOffset())) {
            live.add(each.fileId());
          }
        }
      }
      for (TopicId topic : kept.keySet()) {
        for (int i = 0; i < 2; i++) {
          PartitionLog log = cluster.state.logs().findKept(new PartitionId(topic, i)).orElseThrow();
          for (int span = 0; span < log.spanCount(); span++) {
            live.add(((Extent) log.span(span)).fileId());
          }
        }
      }
      return live;
    }

    private void end() {
      cluster.state.leases().outstanding().stream()
          .map(OutstandingLease::firstFileId)
          .forEach(first -> cluster.in().collection().expireLease(first));
      for (TopicId topic : List.copyOf(topics).subList(topics.size() / 2, topics.size())) {
        delete(topic, random.nextBoolean());
        topics.remove(topic);
      }
      cluster.nowMs += 100;
      int count = kept.size() / 2;
      for (TopicId topic : List.copyOf(kept.keySet()).subList(0, count)) {
        bringBack(topic);
      }
      while (cluster.in().collection().condemn(7)) {}
      cluster.nowMs += DeadFiles.KEPT_MS;
      cluster.in().collection().ripen(cluster.nowMs);
      List<Long> last = cluster.as(DeadFiles.class).take(agents.getFirst(), 1_000, 0);
      assertThat(Collections.disjoint(live(), last)).isTrue();
      store.removeAll(last);
      cluster.as(DeadFiles.class).deleted(agents.getFirst(), last);

      assertThat(store).isEqualTo(live());
      assertThat(cluster.state.collection().queued()).isZero();
      assertThat(cluster.state.logs().files().count()).isEqualTo(live().size());
      assertThat(TestCluster.snapshot(cluster.replica())).isEqualTo(cluster.snapshot());
    }
  }
}
