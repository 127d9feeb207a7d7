package io.weft.agent.catalog;

import io.weft.controlplane.api.Membership.Agent;
import io.weft.model.AgentId;
import java.util.List;
import java.util.Optional;

/// Which agent stands for the coordinator of a group or a transactional id, to one client: the same
/// rule for an agent that is asked where the coordinator is and for one that lists what it
/// coordinates.
public final class CoordinatorChoice {
  private final List<Agent> agents;

  private CoordinatorChoice(List<Agent> agents) {
    this.agents = agents;
  }

  public static CoordinatorChoice of(CatalogSnapshot catalog, ClientRoute route) {
    return new CoordinatorChoice(catalog.agentsFor(route));
  }

  /// Empty while no agent is registered.
  public Optional<Agent> agentOf(String key) {
    return agents.isEmpty()
        ? Optional.empty()
        : Optional.of(agents.get(LeaderChoice.keyIndex(key, agents)));
  }

  /// Whether a client that asks every agent is to hear of `key` from this one.
  public boolean isListedBy(AgentId agent, String key) {
    return agentOf(key).filter(chosen -> chosen.id().equals(agent)).isPresent();
  }
}
