package io.weft.server.chaos;

/// A process of the cluster.
enum Member {
  CONTROL_PLANE(""),
  STANDBY(""),
  AGENT_A("a"),
  AGENT_B("b");

  private final String zone;

  Member(String zone) {
    this.zone = zone;
  }

  boolean isAgent() {
    return !zone.isEmpty();
  }

  /// The zone an agent runs in; empty for others.
  String zone() {
    return zone;
  }
}
