package io.weft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.simulation.cluster.Build;
import org.junit.jupiter.api.Test;

/// Whole clusters, one per seed.
final class SimulationTest {
  @Test
  void nothingIsLostWhateverHappens() {
    long first = Long.getLong("weft.simulation.seed", 1);
    int seeds = Integer.getInteger("weft.simulation.seeds", 20);
    for (long seed = first; seed < first + seeds; seed++) {
      Report report = Scenario.play(seed, Build.HONEST);
      System.out.println(report);
      assertThat(report.isClean()).isTrue();
    }
  }
}
