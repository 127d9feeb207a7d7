package io.weft.server.chaos;

import io.weft.environment.Environment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Kills and pauses one process after another and brings each back. Owned by one thread.
final class Nemesis {
  private static final int QUIET_MS_MAX = 2_000;
  private static final int DOWN_MS_MAX = 2_000;

  /// Longer than the leader's lease and than an agent's.
  private static final int PAUSED_MS_MAX = 6_500;

  private final Cluster cluster;
  private final Environment environment;
  private final SplittableRandom random;
  private final Map<String, Integer> done = new TreeMap<>();

  Nemesis(Cluster cluster, Environment environment, SplittableRandom random) {
    this.cluster = cluster;
    this.environment = environment;
    this.random = random;
  }

  private enum Deed {
    KILL,
    PAUSE
  }

  private record Step(Deed deed, Member member) {
    @Override
    public String toString() {
      return deed + " " + member;
    }
  }

  /// Goes on for so long, and then until everything runs again. Every step is done before any is
  /// done again.
  void run(long durationMs) throws InterruptedException {
    long endMs = environment.clock().monotonicMs() + durationMs;
    List<Step> round = new ArrayList<>();
    while (environment.clock().monotonicMs() < endMs) {
      if (round.isEmpty()) {
        round = newRound();
      }
      environment.tasks().sleepMs(random.nextInt(QUIET_MS_MAX));
      perform(round.removeLast());
    }
    for (Member member : cluster.members()) {
      cluster.awaitReady(member);
    }
  }

  /// How often each step was done.
  Map<String, Integer> done() {
    return done;
  }

  private List<Step> newRound() {
    List<Step> round = new ArrayList<>();
    for (Member member : cluster.members()) {
      for (Deed deed : Deed.values()) {
        round.add(new Step(deed, member));
      }
    }
    Collections.shuffle(round, new Random(random.nextLong()));
    return round;
  }

  private void perform(Step step) throws InterruptedException {
    System.out.println(environment.clock().monotonicMs() % 1_000_000 + " " + step);
    Member member = step.member();
    switch (step.deed()) {
      case KILL -> {
        cluster.kill(member);
        environment.tasks().sleepMs(random.nextInt(DOWN_MS_MAX));
        cluster.launch(member);
        // Now and then the next step comes while it is still starting.
        if (random.nextInt(3) != 0) {
          cluster.awaitReady(member);
        }
      }
      case PAUSE -> {
        cluster.process(member).signal("STOP");
        environment.tasks().sleepMs(random.nextInt(PAUSED_MS_MAX));
        cluster.process(member).signal("CONT");
      }
    }
    done.merge(step.toString(), 1, Integer::sum);
  }
}
