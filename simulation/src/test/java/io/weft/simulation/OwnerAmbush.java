package io.weft.simulation;

import io.weft.simulation.cluster.AgentNode;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.cluster.Knobs;
import io.weft.simulation.fault.Fault;
import io.weft.simulation.fault.Weather;
import java.util.function.Consumer;

/// Strikes an agent while it has a call of another one in its hands. Owned by its world.
final class OwnerAmbush {
  /// Of so many calls one is chosen.
  private static final int CALLS = 20;

  private static final int STEPS_MAX = 6;

  /// From one to the next, at least.
  private static final int REST_MS = 5_000;

  private final Cluster cluster;
  private final Weather weather;
  private final Knobs.Nemesis may;
  private final Consumer<AgentNode> kill;
  private final Consumer<AgentNode> pause;
  private boolean resting;
  private boolean over;

  OwnerAmbush(Cluster cluster, Knobs knobs, Consumer<AgentNode> kill, Consumer<AgentNode> pause) {
    this.cluster = cluster;
    this.weather = cluster.weather();
    this.may = knobs.nemesis();
    this.kill = kill;
    this.pause = pause;
  }

  void lay() {
    cluster.watchNeighbours(this::asked);
  }

  /// No more of it from here on.
  void end() {
    over = true;
  }

  private void asked(AgentNode owner) {
    if (over || resting || !weather.oneIn(CALLS)) {
      return;
    }
    resting = true;
    cluster.world().after(REST_MS, () -> resting = false);
    owner
        .process()
        .atStep(
            weather.upTo(STEPS_MAX),
            () -> {
              if (!over && owner.servesNeighbours()) {
                strike(owner);
              }
            });
  }

  private void strike(AgentNode owner) {
    if (weather.oneIn(2)) {
      if (may.kills()) {
        weather.struck(Fault.NEIGHBOUR_KILLED_IN_CALL);
        kill.accept(owner);
      }
    } else if (may.pauses()) {
      weather.struck(Fault.NEIGHBOUR_PAUSED_IN_CALL);
      pause.accept(owner);
    }
  }
}
