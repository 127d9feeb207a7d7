package io.weft.controlplane.api;

import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Since;
import io.weft.model.AgentId;
import io.weft.model.ListenerName;
import io.weft.model.OpaqueBytes;
import io.weft.model.Zone;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Which agents there are. (The live ones are read with the [TopicCatalog].)
public interface Membership {
  /// Live agents, at most.
  int AGENTS_MAX = 10_000;

  /// Roles of one agent, at most.
  int ROLES_MAX = 8;

  /// Listeners of one agent, at most.
  int LISTENERS_MAX = 8;

  /// Keys of neighbours that are valid at a time, at most.
  int NEIGHBOUR_KEYS_MAX = 3;

  /// Makes an agent known. Asked again with the same `instance`, it gives the same id, and renews
  /// the registration: an agent that has to know that this is still its own cluster renews this
  /// way.
  ///
  /// @param instance chosen at random by the process at its start
  /// @param host where clients reach it, with `port`; of several listeners, that of the main one
  /// @param neighbours where other agents of its zone ask this one for what it has in memory; told
  ///   to them once level 2 is final
  /// @param profile what it is for; empty of an agent of the first level. It is kept once the
  ///   cluster is of the second level: until then all agents are alike
  /// @param listeners where clients reach it by which name, each name once, if it has others than
  ///   [ListenerName#PLAINTEXT] at `host` and `port`. They are told to agents once level 2 is final
  @Question(kind = 12, name = "RegisterAgent")
  Registered register(
      UUID instance,
      Zone zone,
      String host,
      int port,
      @Since(2) Optional<Address> neighbours,
      @Since(2) Optional<Profile> profile,
      @Since(2) @AtMost(LISTENERS_MAX) List<Advertised> listeners);

  /// As [#register(UUID, Zone, String, int, Optional, Optional, List)], of an agent whose clients
  /// all reach it at one address.
  default Registered register(
      UUID instance,
      Zone zone,
      String host,
      int port,
      Optional<Address> neighbours,
      Optional<Profile> profile) {
    return register(instance, zone, host, port, neighbours, profile, List.of());
  }

  /// As [#register(UUID, Zone, String, int, Optional, Optional)], of an agent that other agents do
  /// not ask, and that says nothing of itself.
  default Registered register(UUID instance, Zone zone, String host, int port) {
    return register(instance, zone, host, port, Optional.empty(), Optional.empty());
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
  /// @param neighbourKeys that agents sign with what they ask of each other, the oldest first; none
  ///   for an agent that others do not ask, and until level 2 is final
  record Registered(
      AgentId id,
      String clusterId,
      long leaseMs,
      @Since(2) @AtMost(NEIGHBOUR_KEYS_MAX) List<NeighbourKey> neighbourKeys) {
    /// Of an agent that other agents do not ask.
    public Registered(AgentId id, String clusterId, long leaseMs) {
      this(id, clusterId, leaseMs, List.of());
    }
  }

  /// A key that all agents of the cluster have.
  ///
  /// @param number rises from one key to the next
  record NeighbourKey(int number, OpaqueBytes secret) {}

  /// A live agent, as clients may be sent to it.
  ///
  /// @param neighbours where other agents of its zone reach it
  /// @param profile empty if it is not known: it is then for everything
  /// @param listeners as it has said at its registration
  record Agent(
      AgentId id,
      Zone zone,
      String host,
      int port,
      @Since(2) Optional<Address> neighbours,
      @Since(2) Optional<Profile> profile,
      @Since(2) @AtMost(LISTENERS_MAX) List<Advertised> listeners) {
    /// One whose clients all reach it at one address.
    public Agent(
        AgentId id,
        Zone zone,
        String host,
        int port,
        Optional<Address> neighbours,
        Optional<Profile> profile) {
      this(id, zone, host, port, neighbours, profile, List.of());
    }

    /// One that other agents do not ask, and of which nothing more is known.
    public Agent(AgentId id, Zone zone, String host, int port) {
      this(id, zone, host, port, Optional.empty(), Optional.empty());
    }

    /// Where clients reach it, one at least.
    public List<Advertised> advertised() {
      return listeners.isEmpty()
          ? List.of(new Advertised(ListenerName.PLAINTEXT, host, port))
          : listeners;
    }
  }

  /// What an agent is for.
  ///
  /// @param group clients of one group are not sent to agents of another; empty for the group of
  ///   all agents that are in no other
  /// @param roles one at least
  record Profile(String group, @AtMost(ROLES_MAX) Set<Role> roles) {
    public static final int GROUP_CHARS_MAX = 128;

    /// Of an agent that does everything, in the group that needs no name.
    public static final Profile STANDARD = new Profile("", EnumSet.allOf(Role.class));

    public Profile {
      if (group.length() > GROUP_CHARS_MAX) {
        throw new IllegalArgumentException("group name longer than " + GROUP_CHARS_MAX);
      }
      if (roles.isEmpty()) {
        throw new IllegalArgumentException("an agent without a role");
      }
      roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }
  }

  /// A kind of work. An enum's places are in bytes: new ones come last, with a level.
  enum Role {
    PRODUCE,
    CONSUME,
    /// Work on stored files.
    JOBS
  }

  /// Where clients reach an agent that come in by one of its listeners.
  record Advertised(ListenerName listener, String host, int port) {
    /// The one whose host and port stand for the agent where one address is known of each: the one
    /// called [ListenerName#PLAINTEXT] if there is one, else the first.
    ///
    /// @param listeners of one agent, one at least
    public static Advertised main(List<Advertised> listeners) {
      return listeners.stream()
          .filter(each -> each.listener().equals(ListenerName.PLAINTEXT))
          .findFirst()
          .orElse(listeners.getFirst());
    }
  }

  /// Where a process listens.
  record Address(String host, int port) {}
}
