package io.weft.agent.catalog;

import io.weft.controlplane.api.Membership.Advertised;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.model.ListenerName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The live agents as the clients of each listener reach them: with that listener's host and port.
/// Thread-safe.
///
/// - An agent without a listener of that name is left out, as Kafka leaves out such a broker: what
///   it is reached at by other clients may lead nowhere, or into a network that is not theirs.
/// - While no agent is known by its listeners, level 2 is not final (or no agent has any): of each
///   one address is known. It counts as that of the listener whose address this agent has
///   registered for the same purpose.
/// - If that leaves no agent, this one is left: a client has just reached it by this listener, and
///   any agent serves every partition. Otherwise the client would be told of no leader at all.
final class ListenerView {
  private final List<Agent> agents;
  private final Supplier<Optional<Agent>> self;
  private final boolean areTold;

  /// By the names of this agent's listeners, so of a few.
  private final Map<ListenerName, List<Agent>> known = new ConcurrentHashMap<>();

  /// @param agents by id order
  /// @param self this agent, with the listeners it has; empty while it is not registered
  ListenerView(List<Agent> agents, Supplier<Optional<Agent>> self) {
    this.agents = agents;
    this.self = self;
    this.areTold = agents.stream().anyMatch(agent -> !agent.listeners().isEmpty());
  }

  /// By id order.
  List<Agent> agentsOn(ListenerName listener) {
    if (!areTold && mainListener().equals(listener)) {
      return agents;
    }
    List<Agent> there =
        known.computeIfAbsent(
            listener,
            name ->
                areTold
                    ? agents.stream().flatMap(agent -> on(name, agent).stream()).toList()
                    : List.of());
    return there.isEmpty()
        ? self.get().flatMap(agent -> on(listener, agent)).stream().toList()
        : there;
  }

  private ListenerName mainListener() {
    return self.get()
        .map(agent -> Advertised.main(agent.advertised()).listener())
        .orElse(ListenerName.PLAINTEXT);
  }

  /// The agent as clients of the listener reach it; empty if they do not.
  private static Optional<Agent> on(ListenerName listener, Agent agent) {
    for (Advertised each : agent.advertised()) {
      if (each.listener().equals(listener)) {
        return Optional.of(
            new Agent(
                agent.id(),
                agent.zone(),
                each.host(),
                each.port(),
                agent.neighbours(),
                agent.profile(),
                agent.listeners()));
      }
    }
    return Optional.empty();
  }
}
