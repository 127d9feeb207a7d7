package io.weft.simulation.cluster;

import io.weft.simulated.SimulatedWorld;
import io.weft.simulation.fault.Fault;
import io.weft.simulation.fault.Weather;
import java.util.function.Consumer;

/// Carries messages between processes: each takes its time. Used by the threads of one world.
final class Network {
  private static final int SLOW_MS_MAX = 5_000;

  private final SimulatedWorld world;
  private final Weather weather;
  private final int delayMsMax;
  private Consumer<OpenCall> calls = call -> {};

  Network(SimulatedWorld world, Weather weather, int delayMsMax) {
    this.world = world;
    this.weather = weather;
    this.delayMsMax = delayMsMax;
  }

  Weather weather() {
    return weather;
  }

  /// @param watcher is told of each call of a client when it is sent; must not block
  void watch(Consumer<OpenCall> watcher) {
    calls = watcher;
  }

  Consumer<OpenCall> calls() {
    return calls;
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
      lastMs = Math.max(lastMs, world.nowMs() + delayMs());
      world.after(lastMs - world.nowMs(), delivery);
    }
  }
}
