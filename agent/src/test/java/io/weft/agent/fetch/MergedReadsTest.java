package io.weft.agent.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.compaction.CompactionLoop;
import io.weft.agent.compaction.CompactionSettings;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.agent.files.FileIds;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.file.Compactions;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import io.weft.storage.bucket.ClusterBucket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Readers get the same from merged files as from those that were merged.
@Timeout(300)
final class MergedReadsTest {
  private static final AgentId AGENT = new AgentId(1);
  private static final long FIRST_ID = 1_000;

  private final Environment environment = Environment.system();
  private final TestCluster cluster = new TestCluster();
  private final TopicId topic = cluster.addTopic("topic", 3);
  private final PartitionId plain = new PartitionId(topic, 0);
  private final PartitionId transactional = new PartitionId(topic, 1);
  private final PartitionId timed = new PartitionId(topic, 2);
  private final TestAgent reader = new TestAgent(cluster, environment);
  private final OneJob jobs = new OneJob();

  private final CompactionLoop loop =
      new CompactionLoop(
          environment,
          jobs,
          () -> Optional.of(AGENT),
          new ClusterBucket(cluster.store(), TestFiles.CLUSTER),
          new TestAgent(cluster, environment).chunks(),
          new FileIds(environment, new Ids(), () -> AGENT, CompactionSettings.STANDARD.files()),
          CompactionSettings.STANDARD.with(1 << 20, 10));

  @AfterEach
  void close() {
    loop.close();
    reader.close();
  }

  private void commit(int files) {
    for (int i = 0; i < files; i++) {
      cluster.commit(
          Run.of(plain, TestBatch.of(1_000 + i, "p" + i, "q" + i), TestBatch.of(500, "r" + i)),
          Run.of(
              transactional,
              TestBatch.transactional(7, 2 * i, 1_000, "a" + i),
              TestBatch.transactional(8, 2 * i, 1_000, "b" + i)),
          new Run(timed, 5_000 + i / 2, List.of(TestBatch.of(1, "t" + i))));
      if (i % 3 == 2) {
        cluster.end(7, i % 2 == 0, 9_000, transactional);
      }
    }
    cluster.end(7, false, 9_000, transactional);
    cluster.end(8, true, 9_000, transactional);
  }

  private SequencedMap<Long, String> read(PartitionId partition, Isolation isolation) {
    Fetched fetched =
        reader
            .fetch(
                new FetchOrder(List.of(new Want(partition, 0, 1 << 20)), 1 << 20, 0, 0, isolation))
            .getFirst();
    return CommittedReader.of(fetched, 0, isolation).values();
  }

  private List<SequencedMap<Long, String>> readAll() {
    List<SequencedMap<Long, String>> all = new ArrayList<>();
    for (PartitionId partition : List.of(plain, transactional, timed)) {
      all.add(read(partition, Isolation.READ_UNCOMMITTED));
      all.add(read(partition, Isolation.READ_COMMITTED));
    }
    return all;
  }

  @Test
  void everythingIsReadAsBefore() throws InterruptedException {
    commit(7);
    List<SequencedMap<Long, String>> before = readAll();
    assertThat(before.get(0)).hasSize(21);
    assertThat(before.get(3)).hasSizeLessThan(before.get(2).size());
    int gets = cluster.store().gets();
    jobs.offer();
    loop.start();
    Compactions.Swap swap = jobs.swapped.await();

    // One of each input, and the look at what was put.
    assertThat(cluster.store().gets() - gets).isLessThanOrEqualTo(7 + 2);
    assertThat(swap.fileId()).isEqualTo(FIRST_ID);
    assertThat(swap.runs())
        .allMatch(run -> run.removed() == 0 && StoredSums.addUp(cluster.store(), run));
    assertThat(cluster.spans(plain)).hasSize(1);
    assertThat(cluster.spans(timed)).hasSize(4);
    for (long fileId = 0; fileId < 7; fileId++) {
      cluster.store().deleteFile(fileId);
    }
    assertThat(readAll()).isEqualTo(before);
    assertThat(loop.figures().read().unreadable()).isZero();
  }

  @Test
  void aDamagedInputIsReported() throws InterruptedException {
    commit(3);
    cluster.store().lie(1, Integer.MAX_VALUE);
    jobs.offer();
    loop.start();

    assertThat(jobs.unreadable.await()).containsExactly(1L);
    assertThat(cluster.spans(plain)).hasSize(3);
  }

  @Test
  void aMissingInputIsReported() throws InterruptedException {
    commit(3);
    cluster.store().deleteFile(2);
    jobs.offer();
    loop.start();

    assertThat(jobs.unreadable.await()).containsExactly(2L);
  }

  /// Offers all there is as one job, once, and believes the swap.
  private final class OneJob implements Compactions {
    private final Pending<Swap> swapped = new Pending<>();
    private final Pending<List<Long>> unreadable = new Pending<>();
    private volatile Assignment next = new Assignment.Nothing();

    void offer() {
      List<Compactions.Run> runs = new ArrayList<>();
      for (PartitionId partition : List.of(plain, transactional, timed)) {
        List<Extent> open = new ArrayList<>();
        for (Span span : cluster.spans(partition)) {
          switch (span) {
            case Extent extent -> open.add(extent);
            case Marker _ -> {
              add(runs, partition, open);
              open = new ArrayList<>();
            }
          }
        }
        add(runs, partition, open);
      }
      next = new Assignment.Job(5, runs);
    }

    private void add(List<Compactions.Run> runs, PartitionId partition, List<Extent> extents) {
      if (!extents.isEmpty()) {
        runs.add(new Compactions.Run(partition, extents));
      }
    }

    @Override
    public Assignment next(AgentId agent, long bytesMax) {
      Assignment given = next;
      next = new Assignment.Nothing();
      return given;
    }

    @Override
    public SwapOutcome swap(AgentId agent, Swap swap) {
      for (SwappedRun run : swap.runs()) {
        cluster.replace(run.partition(), run.after(), true);
      }
      swapped.complete(swap);
      return new SwapOutcome.Swapped();
    }

    @Override
    public void giveUp(AgentId agent, long job, List<Long> files) {
      unreadable.complete(files);
    }
  }

  private static final class Ids implements FileLedger {
    private long next = FIRST_ID;

    @Override
    public LeaseOutcome lease(AgentId agent, int count) {
      long first = next;
      next += count;
      return new LeaseOutcome.Leased(first, count, 300_000);
    }

    @Override
    public LeaseOutcome leaseLowLatency(AgentId agent, int count) {
      return lease(agent, count);
    }
  }
}
