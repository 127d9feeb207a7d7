package io.weft.model;

/// An agent's registration with the control plane; also its node id towards Kafka clients. A
/// restarted agent gets a new one: ids rise from 0 and are never used again.
public record AgentId(int value) implements Comparable<AgentId> {
  public AgentId {
    if (value < 0) {
      throw new IllegalArgumentException("negative agent id " + value);
    }
  }

  @Override
  public int compareTo(AgentId other) {
    return Integer.compare(value, other.value);
  }
}
