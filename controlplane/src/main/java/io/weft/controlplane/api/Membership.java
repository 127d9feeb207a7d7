package io.weft.controlplane.api;

import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.Since;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import java.util.Optional;
import java.util.UUID;

/// Which agents there are. (The live ones are read with the [TopicCatalog].)
public interface Membership {
  /// Live agents, at most.
  int AGENTS_MAX = 10_000;

  /// Makes an agent known. Asked again with the same `instance`, it gives the same id, and renews
  /// the registration: an agent that has to know that this is still its own cluster renews this
  /// way.
  ///
  /// @param instance chosen at random by the process at its start
  /// @param neighbours where other agents of its zone ask this one for what it has in memory; told
  ///   to them once level 2 is final
  @Question(kind = 12, name = "RegisterAgent")
  Registered register(
      UUID instance, Zone zone, String host, int port, @Since(2) Optional<Address> neighbours);

  /// As [#register(UUID, Zone, String, int, Optional)], of an agent that other agents do not ask.
  default Registered register(UUID instance, Zone zone, String host, int port) {
    return register(instance, zone, host, port, Optional.empty());
  }

  /// Says the agent is alive, as agents of earlier versions do. It does not say which cluster the
  /// control plane belongs to.
  ///
  /// @return false if its registration has lapsed: it must register again
  @Question(kind = 13, name = "RenewAgent")
  boolean renew(AgentId agent);

  /// The agent is leaving: others are told at once. No effect if it is not known.
  @Question(kind = 14, name = "LeaveAgent")
  void leave(AgentId agent);

  /// @param leaseMs how long the registration lasts without [#register] or [#renew]
  record Registered(AgentId id, String clusterId, long leaseMs) {}

  /// A live agent, as clients may be sent to it.
  ///
  /// @param neighbours where other agents of its zone reach it
  record Agent(
      AgentId id, Zone zone, String host, int port, @Since(2) Optional<Address> neighbours) {
    /// One that other agents do not ask.
    public Agent(AgentId id, Zone zone, String host, int port) {
      this(id, zone, host, port, Optional.empty());
    }
  }

  /// Where a process listens.
  record Address(String host, int port) {}
}
