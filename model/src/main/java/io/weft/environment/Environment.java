package io.weft.environment;

/// What a component gets of the outside that is not a store, a socket or the control plane.
public record Environment(Clock clock, Tasks tasks, Randomness randomness) {
  /// The real one: the machine's clocks, virtual threads, unpredictable chance.
  public static Environment system() {
    return new Environment(new SystemClock(), new SystemTasks(), new SystemRandomness());
  }
}
