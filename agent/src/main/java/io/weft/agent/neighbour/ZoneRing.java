package io.weft.agent.neighbour;

import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import io.weft.rpc.HostPort;
import io.weft.storage.file.FilePlace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The agents of one zone and one group that share what they have, and which of them owns which
/// piece of a file. Immutable.
///
/// Rendezvous hashing: of all agents the one with the highest hash of piece and agent owns the
/// piece. So an agent that comes takes over pieces that become its own and no others, and an agent
/// that goes leaves only its own to others. Agents that know the same members agree.
///
/// @param members by id order
public record ZoneRing(List<Neighbour> members) {
  public static final ZoneRing EMPTY = new ZoneRing(List.of());

  private static final long MIX_FIRST = 0xBF58476D1CE4E5B9L;
  private static final long MIX_SECOND = 0x94D049BB133111EBL;
  private static final long SALT = 0x9E3779B97F4A7C15L;

  public ZoneRing {
    members = List.copyOf(members);
  }

  /// Of those agents that are in this zone and in this group, and say where they are asked. An
  /// agent of which it is not known what it is for is in the group that has no name.
  public static ZoneRing of(List<Agent> agents, Zone zone, String group) {
    List<Neighbour> members = new ArrayList<>();
    for (Agent agent : agents) {
      if (agent.zone().equals(zone)
          && agent.profile().orElse(Profile.STANDARD).group().equals(group)) {
        agent
            .neighbours()
            .flatMap(ZoneRing::address)
            .ifPresent(address -> members.add(new Neighbour(agent.id(), address)));
      }
    }
    members.sort(Comparator.comparing(Neighbour::id));
    return new ZoneRing(members);
  }

  /// Empty for one that no agent can be reached at.
  private static Optional<HostPort> address(Address told) {
    try {
      return told.port() == 0
          ? Optional.empty()
          : Optional.of(new HostPort(told.host(), told.port()));
    } catch (IllegalArgumentException impossible) {
      return Optional.empty();
    }
  }

  public Optional<Neighbour> member(AgentId id) {
    return members.stream().filter(member -> member.id().equals(id)).findFirst();
  }

  /// Whether this agent shares what it has with another.
  public boolean isSharedBy(AgentId self) {
    return members.size() > 1 && member(self).isPresent();
  }

  /// All members, the owner of this piece first, then those it would fall to if the ones before
  /// were not there.
  public List<Neighbour> ranked(FilePlace place, long piece) {
    long key = mix(mix(place.fileId() + SALT) ^ mix(piece));
    record Ranked(long hash, Neighbour member) {}
    return members.stream()
        .map(member -> new Ranked(mix(key ^ mix(member.id().value() + SALT)), member))
        .sorted(
            Comparator.comparingLong(Ranked::hash)
                .reversed()
                .thenComparing(ranked -> ranked.member().id()))
        .map(Ranked::member)
        .toList();
  }

  /// Each bit of the number decides about each bit of the result (the finalizer of SplitMix64).
  private static long mix(long number) {
    long first = (number ^ (number >>> 30)) * MIX_FIRST;
    long second = (first ^ (first >>> 27)) * MIX_SECOND;
    return second ^ (second >>> 31);
  }
}
