package io.weft.simulation;

import io.weft.simulated.SimulatedProcess;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.cluster.ControlPlaneNode;
import io.weft.simulation.cluster.Knobs;
import io.weft.simulation.cluster.OpenCall;
import io.weft.simulation.fault.Fault;
import io.weft.simulation.fault.Weather;
import java.util.Optional;

/// Strikes the leader while a client's call about a transaction is under way: on its way there, in
/// the leader's hands, in the journal, on its way back. Counts those only that were under way
/// indeed. Owned by its world.
final class Ambush {
  /// Of so many calls one is chosen.
  private static final int CALLS = 8;

  private static final int STEPS_MAX = 12;

  /// From one to the next, at least.
  private static final int REST_MS = 4_000;

  private final Cluster cluster;
  private final SimulatedWorld world;
  private final Weather weather;
  private final Knobs knobs;
  private final Deeds deeds;
  private boolean resting;
  private boolean over;

  Ambush(Cluster cluster, Knobs knobs, Deeds deeds) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.weather = cluster.weather();
    this.knobs = knobs;
    this.deeds = deeds;
  }

  /// What is done to a leader.
  interface Deeds {
    void kill(ControlPlaneNode leader);

    void pause(ControlPlaneNode leader);

    void cutOff(ControlPlaneNode leader);
  }

  void lay() {
    cluster.watchCalls(this::sent);
  }

  /// No more of it from here on.
  void end() {
    over = true;
  }

  private void sent(OpenCall call) {
    Optional<Fault> fault = fault(call);
    if (over || resting || fault.isEmpty() || !weather.oneIn(CALLS)) {
      return;
    }
    resting = true;
    world.after(REST_MS, () -> resting = false);
    // As long as such a call takes if all goes well.
    int wayMs = weather.upTo(2 * knobs.networkMsMax() + 2 * knobs.storeMs());
    world.after(wayMs, () -> strikeSoon(call, fault.get()));
  }

  private static Optional<Fault> fault(OpenCall call) {
    return switch (call.api()) {
      case END_TXN -> Optional.of(Fault.LEADER_KILLED_AT_END);
      case TXN_OFFSET_COMMIT -> Optional.of(Fault.LEADER_KILLED_AT_OFFSETS);
      case ADD_PARTITIONS_TO_TXN, ADD_OFFSETS_TO_TXN -> Optional.of(Fault.LEADER_KILLED_AT_ADDING);
      default -> Optional.empty();
    };
  }

  private void strikeSoon(OpenCall call, Fault fault) {
    cluster
        .leader()
        .ifPresent(
            leader -> {
              SimulatedProcess struck = leader.process();
              struck.atStep(
                  weather.upTo(STEPS_MAX),
                  () -> {
                    if (!over && call.isOpen() && leader.leads()) {
                      strike(leader, fault);
                    }
                  });
            });
  }

  private void strike(ControlPlaneNode leader, Fault fault) {
    Knobs.Nemesis may = knobs.nemesis();
    switch (weather.upTo(5)) {
      case 0 -> {
        if (may.pauses()) {
          weather.struck(Fault.LEADER_HELD_UP_IN_TRANSACTION);
          deeds.pause(leader);
        }
      }
      case 1 -> {
        if (may.cuts()) {
          weather.struck(Fault.LEADER_HELD_UP_IN_TRANSACTION);
          deeds.cutOff(leader);
        }
      }
      default -> {
        if (may.kills()) {
          weather.struck(fault);
          deeds.kill(leader);
        }
      }
    }
  }
}
