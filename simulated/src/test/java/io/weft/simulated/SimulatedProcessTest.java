package io.weft.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.environment.Pending;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class SimulatedProcessTest {
  private static final int HANDS = 3;
  private static final int STEPS = 12;

  @Test
  void aDeedAtAStepFallsBetweenThreadsOfOneMoment() {
    Set<Integer> reached = new TreeSet<>();
    for (int steps = 0; steps < STEPS; steps++) {
      int killedAt = steps;
      SimulatedWorld.run(
          7,
          world -> {
            SimulatedProcess process = world.process("p");
            process.atStep(killedAt, process::kill);
            reached.add(handedOn(world, process));
          });
    }
    assertThat(reached).containsExactly(0, 1, 2, HANDS);
  }

  @Test
  void aKillByATimerNever() {
    Set<Integer> reached = new TreeSet<>();
    for (int ms = 0; ms <= 1; ms++) {
      int killedAfterMs = ms;
      SimulatedWorld.run(
          7,
          world -> {
            SimulatedProcess process = world.process("p");
            world.after(killedAfterMs, process::kill);
            reached.add(handedOn(world, process));
          });
    }
    assertThat(reached).containsExactly(HANDS);
  }

  @Test
  void whatIsPausedAtAStepGoesOnWithIt() {
    SimulatedWorld.run(
        7,
        world -> {
          SimulatedProcess process = world.process("p");
          process.atStep(2, process::pause);
          int before = handedOn(world, process);
          assertThat(before).isLessThan(HANDS);
          process.resume();
          world.sleepMs(1);
          assertThat(process.isPaused()).isFalse();
        });
  }

  /// How many of its threads have had something that goes from one to the next, all at one time.
  private static int handedOn(SimulatedWorld world, SimulatedProcess process)
      throws InterruptedException {
    int[] had = new int[1];
    Pending<Integer> next = Pending.completed(0);
    for (int i = 0; i < HANDS; i++) {
      Pending<Integer> from = next;
      Pending<Integer> to = new Pending<>();
      process.start("hand-" + i, () -> handOn(from, to, had));
      next = to;
    }
    world.sleepMs(1);
    return had[0];
  }

  private static void handOn(Pending<Integer> from, Pending<Integer> to, int[] had) {
    try {
      from.await();
      had[0]++;
      to.complete(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
