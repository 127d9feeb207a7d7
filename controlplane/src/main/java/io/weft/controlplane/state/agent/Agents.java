package io.weft.controlplane.state.agent;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.Membership.Advertised;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.NeighbourKey;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.agent.AgentRecord.AgentDescribed;
import io.weft.controlplane.state.agent.AgentRecord.AgentGone;
import io.weft.controlplane.state.agent.AgentRecord.AgentRegistered;
import io.weft.controlplane.state.agent.AgentRecord.ListenersTold;
import io.weft.controlplane.state.agent.AgentRecord.NeighboursTold;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.AgentId;
import io.weft.model.Invariant;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// The live agents. Ids rise from 0 and are never used again. Owned by one thread.
public final class Agents implements StatePart, Membership {
  /// How long an agent's registration lasts if it is not renewed.
  public static final long REGISTRATION_LEASE_MS = 15_000;

  static final int HOST_CHARS_MAX = 255;
  private static final int PORT_MAX = 65_535;

  /// The level from which on it is kept where agents reach each other, what they are for, and by
  /// which listeners clients reach them.
  private static final int TOLD_LEVEL = 2;

  private static final Shape<Table> TABLE = Shapes.unlimited().of(Table.class);
  private static final Shape<Told> TOLD = Shapes.unlimited().of(Told.class);

  /// As it stands in a snapshot.
  public record Table(int nextId, int epoch, List<AgentRegistered> members) {}

  /// What follows it in a snapshot of level 2 or more: of the members that other agents reach, and
  /// of those that have said what they are for or by which listeners clients reach them.
  public record Told(
      List<NeighboursTold> neighbours,
      List<AgentDescribed> profiles,
      List<ListenersTold> listeners) {}

  private final CurrentStep step;
  private final Supplier<String> clusterId;
  private final IntSupplier level;
  private final Supplier<List<NeighbourKey>> keys;
  private final Map<AgentId, Address> neighbours = new TreeMap<>();
  private final Map<AgentId, AgentDescribed> described = new TreeMap<>();

  /// Of those that have others than the plain one.
  private final Map<AgentId, ListenersTold> listeners = new TreeMap<>();

  private final Map<AgentId, AgentRegistered> members = new TreeMap<>();
  private final Map<UUID, AgentId> byInstance = new HashMap<>();
  private int nextId;
  private int epoch;

  /// What [#list] gives, until something changes; empty if it must be made anew.
  private List<Agent> listed = List.of();

  /// @param level the one that is final: what is of a later one is not kept
  /// @param keys for agents that others ask
  public Agents(
      CurrentStep step,
      Supplier<String> clusterId,
      IntSupplier level,
      Supplier<List<NeighbourKey>> keys) {
    this.step = step;
    this.clusterId = clusterId;
    this.level = level;
    this.keys = keys;
  }

  public boolean isKnown(AgentId agent) {
    return members.containsKey(agent);
  }

  /// Whether there is an agent that others can ask.
  public boolean anyIsAsked() {
    return !neighbours.isEmpty();
  }

  /// Rises when an agent comes or goes.
  public int epoch() {
    return epoch;
  }

  /// By id order.
  public List<Agent> list() {
    if (listed.size() != members.size()) {
      listed = members.values().stream().map(this::agent).toList();
    }
    return listed;
  }

  public TopicCatalog.Members members() {
    return new TopicCatalog.Members(epoch, list());
  }

  /// By id order.
  public List<AgentId> ids() {
    return List.copyOf(members.keySet());
  }

  @Override
  public Registered register(
      UUID instance,
      Zone zone,
      String host,
      int port,
      Optional<Address> reached,
      Optional<Profile> profile,
      List<Advertised> reachedByClients) {
    checkAddress(host, port);
    reached.ifPresent(address -> checkAddress(address.host(), address.port()));
    checkListeners(reachedByClients);
    AgentId known = byInstance.get(instance);
    if (known == null && members.size() >= AGENTS_MAX) {
      throw new ControlPlaneException.Rejected(
          "there are %d agents, as many as there may be".formatted(members.size()));
    }
    AgentId id = known == null ? new AgentId(nextId) : known;
    AgentRegistered asked = new AgentRegistered(id, instance, zone, host, port);
    if (!asked.equals(members.get(id))) {
      step.make(asked);
    }
    if (level.getAsInt() >= TOLD_LEVEL) {
      if (!reached.equals(Optional.ofNullable(neighbours.get(id)))) {
        step.make(new NeighboursTold(id, reached));
      }
      profile.ifPresent(each -> describe(id, each));
      if (!reachedByClients.equals(listenersOf(id))) {
        step.make(new ListenersTold(id, reachedByClients));
      }
    }
    return new Registered(
        id,
        clusterId.get(),
        REGISTRATION_LEASE_MS,
        neighbours.containsKey(id) ? keys.get() : List.of());
  }

  private void describe(AgentId id, Profile profile) {
    AgentDescribed asked = new AgentDescribed(id, profile);
    if (!asked.equals(described.get(id))) {
      step.make(asked);
    }
  }

  private List<Advertised> listenersOf(AgentId id) {
    ListenersTold told = listeners.get(id);
    return told == null ? List.of() : told.listeners();
  }

  private static void checkListeners(List<Advertised> listeners) {
    listeners.forEach(each -> checkAddress(each.host(), each.port()));
    long names = listeners.stream().map(Advertised::listener).distinct().count();
    if (names < listeners.size()) {
      throw new ControlPlaneException.Rejected("an agent has two listeners of one name");
    }
  }

  private static void checkAddress(String host, int port) {
    if (host.isEmpty() || host.length() > HOST_CHARS_MAX || port < 0 || port > PORT_MAX) {
      throw new ControlPlaneException.Rejected(
          "an agent cannot be reached at a host of %d characters, port %d"
              .formatted(host.length(), port));
    }
  }

  @Override
  public boolean renew(AgentId agent) {
    return isKnown(agent);
  }

  @Override
  public void leave(AgentId agent) {
    if (isKnown(agent)) {
      step.make(new AgentGone(agent));
    }
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    switch ((AgentRecord) record) {
      case AgentRegistered registered -> replay(registered);
      case AgentDescribed profiled -> put(profiled);
      case AgentGone gone -> replay(gone);
      case NeighboursTold told -> replay(told);
      case ListenersTold told -> put(told);
    }
    epoch = Math.addExact(epoch, 1);
    listed = List.of();
  }

  private void replay(AgentRegistered record) {
    AgentId id = record.agent();
    if (!isKnown(id)) {
      // Ids may be left out: once they began at 1.
      Invariant.check(id.value() >= nextId, "agent id %d was given before", id.value());
      nextId = Math.addExact(id.value(), 1);
    }
    put(record);
  }

  private void replay(AgentGone record) {
    AgentRegistered gone = members.remove(record.agent());
    Invariant.check(gone != null, "agent %d is not there", record.agent().value());
    byInstance.remove(gone.instance());
    neighbours.remove(record.agent());
    described.remove(record.agent());
    listeners.remove(record.agent());
  }

  private void replay(NeighboursTold record) {
    Invariant.check(isKnown(record.agent()), "agent %d is not there", record.agent().value());
    neighbours.remove(record.agent());
    record.reached().ifPresent(address -> neighbours.put(record.agent(), address));
  }

  @Override
  public void write(WireWriter out) {
    TABLE.write(new Table(nextId, epoch, List.copyOf(members.values())), out);
    if (out.level() >= TOLD_LEVEL) {
      List<NeighboursTold> reached = new ArrayList<>();
      neighbours.forEach((agent, at) -> reached.add(new NeighboursTold(agent, Optional.of(at))));
      TOLD.write(
          new Told(reached, List.copyOf(described.values()), List.copyOf(listeners.values())), out);
    }
  }

  @Override
  public void read(WireReader in) {
    Table table = TABLE.read(in);
    nextId = table.nextId;
    epoch = table.epoch;
    table.members.forEach(this::put);
    if (in.level() >= TOLD_LEVEL) {
      Told told = TOLD.read(in);
      told.neighbours.forEach(this::replay);
      told.profiles.forEach(this::put);
      told.listeners.forEach(this::put);
    }
  }

  private Agent agent(AgentRegistered member) {
    return new Agent(
        member.agent(),
        member.zone(),
        member.host(),
        member.port(),
        Optional.ofNullable(neighbours.get(member.agent())),
        Optional.ofNullable(described.get(member.agent())).map(AgentDescribed::profile),
        listenersOf(member.agent()));
  }

  private void put(AgentDescribed profiled) {
    AgentId id = profiled.agent();
    Invariant.check(isKnown(id), "agent %d is described and is not there", id.value());
    described.put(id, profiled);
  }

  private void put(ListenersTold told) {
    AgentId id = told.agent();
    Invariant.check(isKnown(id), "agent %d has listeners and is not there", id.value());
    listeners.remove(id);
    if (!told.listeners().isEmpty()) {
      listeners.put(id, told);
    }
  }

  private void put(AgentRegistered member) {
    members.put(member.agent(), member);
    byInstance.put(member.instance(), member.agent());
  }
}
