package io.weft.agent.neighbour;

import io.weft.agent.neighbour.seal.RequestSeal;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.storage.file.FilePlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The other agents of the zone, and which of them to ask for what. Follows the catalog that this
/// agent knows. Thread-safe.
final class Neighbours {
  /// Owners that are asked for one piece, at most, before the store is.
  private static final int CHOICES_MAX = 2;

  /// The load an owner may have, as a part of the mean: 5 to 4.
  private static final long LOAD_PARTS = 5;

  private static final long MEAN_PARTS = 4;

  /// So much is always allowed, whatever the mean.
  private static final long LOAD_BYTES_FREE = 8L << 20;

  private final ZoneSight sight;
  private final RequestSeal seal;
  private final NeighbourLink link;
  private final String clusterId;
  private final Environment environment;
  private final NeighbourSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Neighbour, NeighbourLine> lines = new HashMap<>();
  private List<Agent> seen = List.of();
  private ZoneRing ring = ZoneRing.EMPTY;

  Neighbours(
      ZoneSight sight,
      RequestSeal seal,
      NeighbourLink link,
      String clusterId,
      Environment environment,
      NeighbourSettings settings) {
    this.sight = sight;
    this.seal = seal;
    this.link = link;
    this.clusterId = clusterId;
    this.environment = environment;
    this.settings = settings;
  }

  /// One look at the zone.
  ///
  /// @param self a member
  record View(ZoneRing ring, AgentId self) {}

  /// Empty while this agent shares nothing with others.
  Optional<View> view() {
    Optional<AgentId> self = sight.self().get();
    if (self.isEmpty() || sight.keys().get().isEmpty()) {
      return Optional.empty();
    }
    ZoneRing now = ring();
    return now.isSharedBy(self.get()) ? Optional.of(new View(now, self.get())) : Optional.empty();
  }

  int members() {
    return sight.keys().get().isEmpty() ? 0 : ring().members().size();
  }

  @SuppressWarnings("ReferenceEquality") // Of equal lists a new one is only looked at again.
  private ZoneRing ring() {
    List<Agent> agents = sight.agents().get();
    lock.lock();
    try {
      if (agents != seen) {
        seen = agents;
        ZoneRing next = ZoneRing.of(agents, sight.zone(), sight.group());
        if (!next.equals(ring)) {
          ring = next;
          lines.keySet().removeIf(each -> !next.members().contains(each));
          link.retain(next.members().stream().map(Neighbour::address).toList());
        }
      }
      return ring;
    } finally {
      lock.unlock();
    }
  }

  NeighbourLine line(Neighbour neighbour) {
    lock.lock();
    try {
      return lines.computeIfAbsent(
          neighbour,
          asked -> new NeighbourLine(asked, seal, link, clusterId, environment, settings));
    } finally {
      lock.unlock();
    }
  }

  /// The agents to go to for a piece, this one possibly among them: its owner first, unless that
  /// has disappointed lately or has much more to do than others.
  List<Neighbour> choices(View view, FilePlace place, long piece, int length) {
    long limit = loadMax(view, length);
    List<Neighbour> choices = new ArrayList<>(CHOICES_MAX);
    for (Neighbour each : view.ring().ranked(place, piece)) {
      boolean isSelf = each.id().equals(view.self());
      if (isSelf || (line(each).isTrusted() && line(each).bytesUnderWay() + length <= limit)) {
        choices.add(each);
      }
      if (isSelf || choices.size() == CHOICES_MAX) {
        break;
      }
    }
    return choices;
  }

  /// By what this agent alone knows: others may see it otherwise, and that costs one GET.
  private long loadMax(View view, int length) {
    long sum = length;
    for (Neighbour each : view.ring().members()) {
      sum += each.id().equals(view.self()) ? 0 : line(each).bytesUnderWay();
    }
    long others = Math.max(1, view.ring().members().size() - 1L);
    return Math.max(LOAD_BYTES_FREE, sum * LOAD_PARTS / (MEAN_PARTS * others));
  }

  /// An agent has sent what is damaged.
  void avoid(AgentId agent, String why) {
    ring().member(agent).ifPresent(neighbour -> line(neighbour).avoid(why));
  }
}
