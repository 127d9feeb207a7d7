package io.weft.controlplane.state.agent;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.agent.AgentRecord.AgentDescribed;
import io.weft.controlplane.state.agent.AgentRecord.AgentGone;
import io.weft.controlplane.state.agent.AgentRecord.AgentRegistered;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.AgentId;
import io.weft.model.Invariant;
import io.weft.model.Zone;
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
  private static final Shape<Table> TABLE = Shapes.unlimited().of(Table.class);
  private static final Shape<Described> DESCRIBED = Shapes.unlimited().of(Described.class);

  /// As it stands in a snapshot.
  public record Table(int nextId, int epoch, List<AgentRegistered> members) {}

  /// What stands behind it from the second level on.
  public record Described(List<AgentDescribed> profiles) {}

  private final CurrentStep step;
  private final Supplier<String> clusterId;
  private final IntSupplier level;
  private final Map<AgentId, AgentDescribed> described = new TreeMap<>();
  private final Map<AgentId, AgentRegistered> members = new TreeMap<>();
  private final Map<UUID, AgentId> byInstance = new HashMap<>();
  private int nextId;
  private int epoch;

  /// What [#list] gives, until something changes; empty if it must be made anew.
  private List<Agent> listed = List.of();

  /// @param level the cluster's: what is of a later one is not kept
  public Agents(CurrentStep step, Supplier<String> clusterId, IntSupplier level) {
    this.step = step;
    this.clusterId = clusterId;
    this.level = level;
  }

  public boolean isKnown(AgentId agent) {
    return members.containsKey(agent);
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
      UUID instance, Zone zone, String host, int port, Optional<Profile> profile) {
    if (host.isEmpty() || host.length() > HOST_CHARS_MAX || port < 0 || port > PORT_MAX) {
      throw new ControlPlaneException.Rejected(
          "an agent cannot be reached at a host of %d characters, port %d"
              .formatted(host.length(), port));
    }
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
    profile.filter(_ -> keepsProfiles(level.getAsInt())).ifPresent(each -> describe(id, each));
    return new Registered(id, clusterId.get(), REGISTRATION_LEASE_MS);
  }

  private void describe(AgentId id, Profile profile) {
    AgentDescribed asked = new AgentDescribed(id, profile);
    if (!asked.equals(described.get(id))) {
      step.make(asked);
    }
  }

  private static boolean keepsProfiles(int level) {
    return level > Levels.FIRST;
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
    described.remove(record.agent());
  }

  @Override
  public void write(WireWriter out) {
    TABLE.write(new Table(nextId, epoch, List.copyOf(members.values())), out);
    if (keepsProfiles(out.level())) {
      DESCRIBED.write(new Described(List.copyOf(described.values())), out);
    }
  }

  @Override
  public void read(WireReader in) {
    Table table = TABLE.read(in);
    nextId = table.nextId;
    epoch = table.epoch;
    table.members.forEach(this::put);
    if (keepsProfiles(in.level())) {
      DESCRIBED.read(in).profiles.forEach(this::put);
    }
  }

  private Agent agent(AgentRegistered member) {
    return new Agent(
        member.agent(),
        member.zone(),
        member.host(),
        member.port(),
        Optional.ofNullable(described.get(member.agent())).map(AgentDescribed::profile));
  }

  private void put(AgentDescribed profiled) {
    AgentId id = profiled.agent();
    Invariant.check(isKnown(id), "agent %d is described and is not there", id.value());
    described.put(id, profiled);
  }

  private void put(AgentRegistered member) {
    members.put(member.agent(), member);
    byInstance.put(member.instance(), member.agent());
  }
}
