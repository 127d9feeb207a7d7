package io.weft.simulation;

import io.weft.simulated.SimulatedProcess;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulation.cluster.AgentNode;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.cluster.ControlPlaneNode;
import io.weft.simulation.cluster.Knobs;
import io.weft.simulation.fault.Fault;
import io.weft.simulation.fault.LyingStore;
import io.weft.simulation.fault.Sight;
import io.weft.simulation.fault.Weather;
import java.util.List;
import java.util.Optional;

/// Kills, pauses and cuts off processes, a few at a time, for as long as the seed says: when all of
/// their threads wait, or between any two of their steps. Runs on the scenario's thread.
final class Nemesis {
  private static final int SHORT_MS = 8_000;
  private static final int LONG_MS_MIN = 16_000;
  private static final int LONG_MS_MAX = 120_000;
  private static final int STORM_TIMES = 8;
  private static final int CLOCK_MS = 3_600_000;
  private static final long DAY_MS = 24 * CLOCK_MS;
  private static final long CLOSE_MS = 40_000;

  /// Few are more likely than many.
  private static final int STEPS_BITS_MAX = 9;

  private final Cluster cluster;
  private final SimulatedWorld world;
  private final Weather weather;
  private final Knobs knobs;
  private final Deaths deaths;
  private final Ambush ambush;
  private final OwnerAmbush ownerAmbush;
  private Optional<String> lastLeader = Optional.empty();
  private boolean raging;

  Nemesis(Cluster cluster, Knobs knobs) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.weather = cluster.weather();
    this.knobs = knobs;
    this.deaths = new Deaths(weather);
    this.ambush = new Ambush(cluster, knobs, new ToLeaders());
    this.ownerAmbush =
        new OwnerAmbush(cluster, knobs, this::kill, owner -> pause(owner.process(), false));
  }

  void rage() throws InterruptedException {
    raging = true;
    ambush.lay();
    ownerAmbush.lay();
    long endMs = world.nowMs() + knobs.trouble().durationMs();
    while (world.nowMs() < endMs) {
      world.sleepMs(1 + weather.upTo(knobs.nemesis().pauseMsMax()));
      watchLeader();
      act();
    }
  }

  /// All processes run and reach each other from now on.
  void heal() {
    raging = false;
    ambush.end();
    ownerAmbush.end();
    for (AgentNode agent : cluster.agents()) {
      mend(agent);
      agent.process().skewWallClock(0);
    }
    for (ControlPlaneNode node : cluster.controlPlane()) {
      node.store().cut(false);
      revive(node);
      node.process().skewWallClock(0);
    }
  }

  private void watchLeader() {
    Optional<String> leader = cluster.leader().map(node -> node.process().name());
    if (leader.isPresent() && !leader.equals(lastLeader)) {
      if (lastLeader.isPresent()) {
        weather.saw(Sight.LEADER_CHANGED);
      }
      lastLeader = leader;
    }
  }

  private void act() {
    Knobs.Nemesis may = knobs.nemesis();
    switch (weather.upTo(15)) {
      case 0, 1 -> perhaps(may.kills(), () -> killAgent(agent()));
      case 2, 3 -> perhaps(may.pauses(), () -> pause(agent()));
      case 4 -> perhaps(may.kills(), () -> close(agent()));
      case 5 -> perhaps(may.kills(), this::killLeader);
      case 6 -> perhaps(may.pauses(), this::pauseLeader);
      case 7 -> perhaps(may.cuts(), () -> cutFromControlPlane(agent()));
      case 8 -> perhaps(may.cuts(), () -> cutFromStore(agent()));
      case 9 -> perhaps(may.cuts(), this::cutLeaderFromStore);
      case 10 -> storm();
      case 11 -> perhaps(may.kills(), () -> killAtStep(agent()));
      case 12 -> perhaps(may.kills(), this::killLeaderAtStep);
      case 13 -> perhaps(may.pauses(), this::pauseAtStep);
      case 14 -> perhaps(may.cuts(), () -> cutFromNeighbours(agent()));
      default -> skew();
    }
  }

  private static void perhaps(boolean may, Runnable deed) {
    if (may) {
      deed.run();
    }
  }

  private AgentNode agent() {
    List<AgentNode> agents = cluster.agents();
    return agents.get(weather.upTo(agents.size() - 1));
  }

  private void killAgent(AgentNode agent) {
    if (agent.process().isKilled()) {
      return;
    }
    weather.struck(Fault.AGENT_KILLED);
    kill(agent);
  }

  private void kill(AgentNode agent) {
    deaths.agent(agent);
    agent.kill();
    world.after(weather.upTo(SHORT_MS), () -> revive(agent));
  }

  private void killAtStep(AgentNode agent) {
    soon(
        agent.process(),
        () -> {
          weather.struck(Fault.AGENT_KILLED_AT_STEP);
          kill(agent);
        });
  }

  private void killLeaderAtStep() {
    cluster
        .leader()
        .ifPresent(
            leader ->
                soon(
                    leader.process(),
                    () -> {
                      weather.struck(Fault.LEADER_KILLED_AT_STEP);
                      kill(leader);
                    }));
  }

  private void pauseAtStep() {
    Optional<ControlPlaneNode> leader = cluster.leader();
    if (leader.isPresent() && weather.oneIn(2)) {
      pauseAtStep(leader.get().process(), Fault.LEADER_PAUSED_AT_STEP);
    } else {
      pauseAtStep(agent().process(), Fault.AGENT_PAUSED_AT_STEP);
    }
  }

  private void pauseAtStep(SimulatedProcess process, Fault fault) {
    soon(
        process,
        () -> {
          weather.struck(fault);
          pause(process, knobs.nemesis().longPauses() && weather.oneIn(2));
        });
  }

  /// Does something between two of the next steps of a process.
  private void soon(SimulatedProcess process, Runnable deed) {
    process.atStep(
        weather.upTo(1 << weather.upTo(STEPS_BITS_MAX)),
        () -> {
          if (raging) {
            deed.run();
          }
        });
  }

  private void pause(AgentNode agent) {
    if (agent.process().isPaused() || agent.process().isKilled()) {
      return;
    }
    boolean lasting = knobs.nemesis().longPauses() && weather.oneIn(2);
    weather.struck(lasting ? Fault.AGENT_PAUSED_FOR_LONG : Fault.AGENT_PAUSED);
    pause(agent.process(), lasting);
  }

  private void pause(SimulatedProcess process, boolean lasting) {
    process.pause();
    int pauseMs = lasting ? weather.between(LONG_MS_MIN, LONG_MS_MAX) : weather.upTo(SHORT_MS);
    world.after(pauseMs, process::resume);
  }

  private void close(AgentNode agent) {
    if (!agent.isReady() || agent.process().isPaused()) {
      return;
    }
    weather.struck(Fault.AGENT_CLOSED);
    SimulatedProcess leaving = agent.process();
    agent.close();
    world.after(
        CLOSE_MS,
        () -> {
          // It may be gone by now, or somebody else may run there.
          if (agent.process() == leaving) {
            agent.kill();
            agent.start();
          }
        });
  }

  private void killLeader() {
    if (weather.oneIn(4)) {
      weather.struck(Fault.CONTROL_PLANE_KILLED);
      cluster.controlPlane().forEach(this::kill);
    } else {
      cluster
          .leader()
          .ifPresent(
              leader -> {
                weather.struck(Fault.LEADER_KILLED);
                kill(leader);
              });
    }
  }

  private void kill(ControlPlaneNode node) {
    if (!node.process().isKilled()) {
      deaths.leader(node);
    }
    node.process().kill();
    world.after(weather.upTo(SHORT_MS), () -> revive(node));
  }

  private void pauseLeader() {
    cluster
        .leader()
        .filter(leader -> !leader.process().isPaused())
        .ifPresent(
            leader -> {
              weather.struck(Fault.LEADER_PAUSED);
              pause(leader.process(), knobs.nemesis().longPauses() && weather.oneIn(2));
            });
  }

  private void cutFromControlPlane(AgentNode agent) {
    weather.struck(Fault.CONTROL_PLANE_CUT);
    agent.cutControlPlane(true);
    world.after(weather.upTo(2 * SHORT_MS), () -> agent.cutControlPlane(false));
  }

  private void cutFromNeighbours(AgentNode agent) {
    weather.struck(Fault.NEIGHBOURS_CUT);
    agent.cutNeighbours(true);
    world.after(weather.upTo(2 * SHORT_MS), () -> agent.cutNeighbours(false));
  }

  private void cutFromStore(AgentNode agent) {
    weather.struck(Fault.STORE_CUT);
    agent.store().cut(true);
    world.after(weather.upTo(2 * SHORT_MS), () -> agent.store().cut(false));
  }

  private void cutLeaderFromStore() {
    cluster.leader().ifPresent(this::cutFromStore);
  }

  private void cutFromStore(ControlPlaneNode leader) {
    weather.struck(Fault.STORE_CUT);
    LyingStore way = leader.store();
    way.cut(true);
    world.after(weather.upTo(2 * SHORT_MS), () -> way.cut(false));
  }

  private final class ToLeaders implements Ambush.Deeds {
    @Override
    public void kill(ControlPlaneNode leader) {
      Nemesis.this.kill(leader);
    }

    @Override
    public void pause(ControlPlaneNode leader) {
      Nemesis.this.pause(leader.process(), knobs.nemesis().longPauses() && weather.oneIn(2));
    }

    @Override
    public void cutOff(ControlPlaneNode leader) {
      cutFromStore(leader);
    }
  }

  private void storm() {
    weather.storm(STORM_TIMES);
    world.after(weather.upTo(SHORT_MS), () -> weather.storm(1));
  }

  private void skew() {
    if (weather.oneIn(3)) {
      cluster
          .leader()
          .ifPresent(
              leader -> {
                weather.struck(Fault.LEADER_A_DAY_AHEAD);
                leader.process().skewWallClock(DAY_MS + CLOCK_MS);
              });
      return;
    }
    weather.struck(Fault.CLOCK_JUMPED);
    int skewMs = weather.upTo(2 * CLOCK_MS) - CLOCK_MS;
    if (weather.oneIn(2)) {
      agent().process().skewWallClock(skewMs);
    } else {
      cluster.leader().ifPresent(leader -> leader.process().skewWallClock(skewMs));
    }
  }

  private void mend(AgentNode agent) {
    agent.cutControlPlane(false);
    agent.cutNeighbours(false);
    agent.store().cut(false);
    revive(agent);
  }

  private static void revive(AgentNode agent) {
    if (agent.process().isPaused()) {
      agent.process().resume();
    }
    if (agent.process().isKilled()) {
      agent.start();
    }
  }

  private void revive(ControlPlaneNode node) {
    if (node.process().isPaused()) {
      node.process().resume();
    }
    if (node.process().isKilled()) {
      node.start();
    }
  }
}
