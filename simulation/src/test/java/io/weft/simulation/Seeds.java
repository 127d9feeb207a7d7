package io.weft.simulation;

import io.weft.simulation.cluster.Build;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/// Plays many seeds, as many at once as the machine has cores, each on a platform thread.
final class Seeds {
  private final Build build;
  private final AtomicLong next;
  private final long end;
  private final boolean twice;
  private final ConcurrentSkipListMap<Long, Report> reports = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<Long, Report> different = new ConcurrentSkipListMap<>();

  /// What the harness itself threw, by seed.
  private final ConcurrentSkipListMap<Long, Throwable> unjudged = new ConcurrentSkipListMap<>();

  private Seeds(Build build, long first, int count, boolean twice) {
    this.build = build;
    this.next = new AtomicLong(first);
    this.end = first + count;
    this.twice = twice;
  }

  /// @param twice whether each is played again and the runs are compared
  static Seeds play(Build build, long first, int count, boolean twice) throws InterruptedException {
    Seeds seeds = new Seeds(build, first, count, twice);
    // The first one alone: classes are loaded under monitors, and worlds must not wait for one.
    seeds.playOne();
    List<Thread> threads = new ArrayList<>();
    int threadsMax = Math.min(count - 1, Runtime.getRuntime().availableProcessors());
    for (int i = 0; i < threadsMax; i++) {
      threads.add(Thread.ofPlatform().name("seeds-" + i).start(seeds::playAll));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    seeds.playDoubtfulAlone();
    return seeds;
  }

  /// By seed.
  List<Report> reports() {
    return List.copyOf(reports.values());
  }

  /// The second runs of those seeds whose runs were not the same.
  List<Report> different() {
    return List.copyOf(different.values());
  }

  /// Seeds that came to no report, and why.
  Map<Long, Throwable> unjudged() {
    return unjudged;
  }

  private void playAll() {
    boolean played = true;
    while (played) {
      played = playOne();
    }
  }

  /// What is wrong with a seed is wrong when it is played alone; otherwise another world was in its
  /// way, which is not always noticed.
  private void playDoubtfulAlone() {
    for (Report doubtful : reports()) {
      long seed = doubtful.seed();
      boolean differed = different.remove(seed) != null;
      if (differed || !doubtful.isClean()) {
        System.out.printf(
            "seed %d is played again alone; beside another it %s%n%s%n",
            seed, differed ? "differed from itself" : "failed", doubtful.findings());
        play(seed);
      }
    }
  }

  private boolean playOne() {
    long seed = next.getAndIncrement();
    if (seed >= end) {
      return false;
    }
    play(seed);
    return true;
  }

  private void play(long seed) {
    try {
      judge(seed);
    } catch (RuntimeException | Error e) {
      unjudged.put(seed, e);
    }
  }

  private void judge(long seed) {
    Report report = Scenario.play(seed, build);
    reports.put(seed, report);
    if (twice) {
      Report again = Scenario.play(seed, build);
      if (again.trace() != report.trace() || !again.findings().equals(report.findings())) {
        different.put(seed, again);
      }
    }
  }
}
