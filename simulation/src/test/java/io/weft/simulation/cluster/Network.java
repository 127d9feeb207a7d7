package io.weft.simulation.cluster;

import io.weft.simulated.SimulatedWorld;
import io.weft.simulation.fault.Fault;
import io.weft.simulation.fault.Weather;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Carries messages between processes: each takes its time. Used by the threads of one world.
final class Network {
  private static final int SLOW_MS_MAX = 5_000;

  private final SimulatedWorld world;
  private final Weather weather;
  private final int delayMsMax;
  private final Map<String, AgentNode> agents = new HashMap<>();
  private Consumer<OpenCall> calls = call -> {};
  private Consumer<AgentNode> neighbours = owner -> {};

  Network(SimulatedWorld world, Weather weather, int delayMsMax) {
    this.world = world;
    this.weather = weather;
    this.delayMsMax = delayMsMax;
  }

  Weather weather() {
    return weather;
  }

  /// An agent is reached by its name from here on.
  void join(AgentNode agent) {
    agents.put(agent.name(), agent);
  }

  Optional<AgentNode> agentAt(String host) {
    return Optional.ofNullable(agents.get(host));
  }

  /// @param watcher is told of each call of a client when it is sent; must not block
  void watch(Consumer<OpenCall> watcher) {
    calls = watcher;
  }

  Consumer<OpenCall> calls() {
    return calls;
  }

  /// @param watcher is told of each agent that another one asks, when the call has come
  void watchNeighbours(Consumer<AgentNode> watcher) {
    neighbours = watcher;
  }

  Consumer<AgentNode> neighbours() {
    return neighbours;
  }

  /// Delivers in no order.
  ///
  /// @param delivery must not block
  void carry(Runnable delivery) {
    world.after(delayMs(), delivery);
  }

  /// A way on which nothing overtakes.
  Lane lane() {
    return new Lane();
  }

  private int delayMs() {
    return weather.strikes(Fault.MESSAGE_SLOW)
        ? weather.upTo(SLOW_MS_MAX)
        : weather.upTo(delayMsMax);
  }

  final class Lane {
    private long lastMs;

    void carry(Runnable delivery) {
      carry(delivery, 0);
    }

    /// @param lateMs by so much it comes later than it would
    void carry(Runnable delivery, int lateMs) {
      lastMs = Math.max(lastMs, world.nowMs() + delayMs() + lateMs);
      world.after(lastMs - world.nowMs(), delivery);
    }
  }
}
