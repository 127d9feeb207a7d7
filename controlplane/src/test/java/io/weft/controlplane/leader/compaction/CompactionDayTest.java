package io.weft.controlplane.leader.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.file.Compactions.Assignment;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Days of ingest at several rates: how many extents partitions have, and how often their bytes are
/// moved.
final class CompactionDayTest {
  private static final long DAY_MS = 86_400_000;
  private static final long TICK_MS = 250;
  private static final long MINUTE_MS = 60_000;

  /// Ten requests, and as long at rest.
  private static final long JOB_MS = 3_000;

  /// A partition with no more bytes has few extents.
  private static final long MANY_BYTES = 150_000_000;

  /// Files that have more extents than are merged as a whole: only some of their partitions are
  /// played.
  private static final int FEW_OF_MANY = 0;

  private static final int ALL = CompactionSettings.STANDARD.fileExtentsMax();

  /// What is written in a day.
  enum Day {
    ONE_SLOW(1, ALL, 1_000, 75, 1.0, 5.0),
    ONE_FAST(1, ALL, 1_000, 1 << 20, 1.0, 2.0),
    THOUSAND(4, FEW_OF_MANY, 250, 250, 1.0, 4.0),
    TEN_THOUSAND(4, FEW_OF_MANY, 250, 420, 1.0, 4.0),
    SKEWED(60, ALL, 2_000, 2_000, 0.9, 5.5);

    private final int partitions;
    private final int fileExtentsMax;
    private final long everyMs;
    private final int bytes;

    /// How likely a partition is in a file, as a power of the partition's number.
    private final double share;

    /// Where a day has many files, few extents and bytes that are moved twice exclude each other.
    private final double amplificationMax;

    Day(
        int partitions,
        int fileExtentsMax,
        long everyMs,
        int bytes,
        double share,
        double amplificationMax) {
      this.partitions = partitions;
      this.fileExtentsMax = fileExtentsMax;
      this.everyMs = everyMs;
      this.bytes = bytes;
      this.share = share;
      this.amplificationMax = amplificationMax;
    }

    private CompactionSettings settings() {
      return CompactionSettings.STANDARD.withFileExtentsMax(fileExtentsMax);
    }
  }

  private record Working(Assignment.Job job, long untilMs) {}

  /// One day on a cluster.
  private static final class Play {
    private final Day day;
    private final PlannedCluster cluster;
    private final Random random;
    private final List<PartitionId> partitions = new ArrayList<>();
    private final Map<AgentId, Working> working = new HashMap<>();
    private final List<AgentId> agents = new ArrayList<>();
    private final long startedMs;
    private long bytesIn;
    private long bytesMoved;
    private long jobs;
    private int agedMax;
    private int allMax;

    private Play(Day day, long seed) {
      this.day = day;
      this.cluster = new PlannedCluster(day.settings());
      this.random = new Random(seed);
      this.startedMs = cluster.wallMs();
      TopicId topic = cluster.topic("topic", day.partitions);
      IntStream.range(0, day.partitions).forEach(p -> partitions.add(new PartitionId(topic, p)));
      IntStream.rangeClosed(1, 2).forEach(i -> agents.add(cluster.register(i)));
    }

    private void write() {
      List<PartitionId> some = new ArrayList<>();
      for (int p = 0; p < partitions.size(); p++) {
        if (random.nextDouble() < Math.pow(day.share, p)) {
          some.add(partitions.get(p));
        }
      }
      cluster.commit(agents.getFirst(), day.bytes, some);
      bytesIn += (long) day.bytes * some.size();
    }

    /// @return whether anything was merged
    private boolean work() {
      boolean worked = false;
      for (AgentId agent : agents) {
        Working had = working.get(agent);
        if (had != null && had.untilMs() > cluster.wallMs()) {
          continue;
        }
        if (had != null) {
          assertThat(cluster.merge(agent, had.job())).isEqualTo(new SwapOutcome.Swapped());
          working.remove(agent);
          worked = true;
        } else if (cluster.next(agent, CompactionPlanner.JOB_BYTES_MAX)
            instanceof Assignment.Job job) {
          working.put(agent, new Working(job, cluster.wallMs() + JOB_MS));
          bytesMoved +=
              job.runs().stream()
                  .flatMap(run -> run.extents().stream())
                  .mapToLong(Extent::length)
                  .sum();
          jobs++;
        }
      }
      return worked;
    }

    /// One moment, with or without a file that is written.
    ///
    /// @return whether anything was merged
    private boolean tick(boolean writing) {
      cluster.pass(TICK_MS);
      long passedMs = cluster.wallMs() - startedMs;
      if (writing && passedMs % day.everyMs == 0) {
        write();
      }
      cluster.planner.look();
      boolean worked = passedMs % 1_000 == 0 && work();
      if (passedMs % MINUTE_MS == 0) {
        cluster.collect();
        sample();
      }
      return worked;
    }

    private void sample() {
      long agedMs = cluster.wallMs() - MINUTE_MS;
      for (PartitionId partition : partitions) {
        PartitionLog log = cluster.log(partition);
        int aged = 0;
        for (int i = 0; i < log.spanCount() && log.span(i).maxTimestampMs() < agedMs; i++) {
          aged++;
        }
        agedMax = Math.max(agedMax, aged - allowed(log));
        allMax = Math.max(allMax, log.spanCount() - allowed(log));
      }
    }

    /// A partition of many bytes has as many more extents as it needs.
    private int allowed(PartitionLog log) {
      return Math.toIntExact(Math.max(0, log.bytes() - MANY_BYTES) / CrowdedPartitions.LONG_BYTES);
    }

    private int extentsMax() {
      return partitions.stream()
          .map(cluster::log)
          .mapToInt(log -> log.spanCount() - allowed(log))
          .max()
          .orElseThrow();
    }

    private double amplification() {
      return (double) bytesMoved / bytesIn;
    }
  }

  @ParameterizedTest
  @EnumSource
  void extentsAreFewAfterADay(Day day) {
    long seed = 1;
    Play play = new Play(day, seed);
    for (long ms = 0; ms < DAY_MS; ms += TICK_MS) {
      play.tick(true);
    }
    double amplification = play.amplification();
    int atEnd = play.extentsMax();
    long jobs = play.jobs;
    long quietMs = 0;
    while (quietMs < MINUTE_MS) {
      play.tick(false);
      quietMs += TICK_MS;
    }
    int afterMinute = play.extentsMax();
    long quietTicks = 0;
    while (quietTicks < 2 * 700_000 / TICK_MS) {
      quietTicks = play.tick(false) ? 0 : quietTicks + 1;
    }
    System.out.printf(
        "%s: seed %d, %,d MB in; extents of a partition at most: %d of those a minute old, %d of"
            + " all, %d at the end, %d a minute after it, %d when it is quiet; bytes moved %.2f"
            + " times; %d jobs, %d files at last%n",
        day,
        seed,
        play.bytesIn / 1_000_000,
        play.agedMax,
        play.allMax,
        atEnd,
        afterMinute,
        play.extentsMax(),
        amplification,
        jobs,
        play.cluster.liveFiles());
    assertThat(play.agedMax).isLessThanOrEqualTo(CrowdedPartitions.EXTENTS_MAX);
    assertThat(afterMinute).isLessThanOrEqualTo(CrowdedPartitions.EXTENTS_MAX);
    assertThat(amplification).isLessThanOrEqualTo(day.amplificationMax);
  }
}
