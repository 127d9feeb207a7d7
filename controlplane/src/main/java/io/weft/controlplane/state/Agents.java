package io.weft.controlplane.state;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.StateRecord.AgentGone;
import io.weft.controlplane.state.StateRecord.AgentRegistered;
import io.weft.model.AgentId;
import io.weft.model.Invariant;
import io.weft.model.Zone;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// The live agents. Ids rise from 0 and are never used again. Owned by one thread.
public final class Agents {
  static final int HOST_CHARS_MAX = 255;
  private static final int PORT_MAX = 65_535;
  private static final Shape<Table> TABLE = Shapes.unlimited().of(Table.class);

  /// As it stands in a snapshot.
  public record Table(int nextId, int epoch, List<AgentRegistered> members) {}

  private record Member(Agent agent, UUID instance) {}

  private final Map<AgentId, Member> members = new TreeMap<>();
  private final Map<UUID, AgentId> byInstance = new HashMap<>();
  private int nextId;
  private int epoch;

  /// What [#list] gives, until something changes; empty if it must be made anew.
  private List<Agent> listed = List.of();

  boolean isKnown(AgentId agent) {
    return members.containsKey(agent);
  }

  /// Rises when an agent comes or goes.
  int epoch() {
    return epoch;
  }

  /// By id order.
  List<Agent> list() {
    if (listed.size() != members.size()) {
      listed = members.values().stream().map(Member::agent).toList();
    }
    return listed;
  }

  TopicCatalog.Members members() {
    return new TopicCatalog.Members(epoch, list());
  }

  List<AgentId> ids() {
    return List.copyOf(members.keySet());
  }

  Decision<AgentId> decideRegister(UUID instance, Zone zone, String host, int port) {
    if (host.isEmpty() || host.length() > HOST_CHARS_MAX || port < 0 || port > PORT_MAX) {
      throw new ControlPlaneException.Rejected(
          "an agent cannot be reached at a host of %d characters, port %d"
              .formatted(host.length(), port));
    }
    AgentId known = byInstance.get(instance);
    if (known != null) {
      Agent asked = new Agent(known, zone, host, port);
      return members.get(known).agent.equals(asked)
          ? Decision.of(known)
          : Decision.of(new AgentRegistered(known, instance, zone, host, port), known);
    }
    if (members.size() >= Membership.AGENTS_MAX) {
      throw new ControlPlaneException.Rejected(
          "there are %d agents, as many as there may be".formatted(members.size()));
    }
    AgentId id = new AgentId(nextId);
    return Decision.of(new AgentRegistered(id, instance, zone, host, port), id);
  }

  /// @return whether it was there
  Decision<Boolean> decideGone(AgentId agent) {
    return isKnown(agent) ? Decision.of(new AgentGone(agent), true) : Decision.of(false);
  }

  void replay(AgentRegistered record) {
    AgentId id = record.agent();
    if (!isKnown(id)) {
      // Ids may be left out: once they began at 1.
      Invariant.check(id.value() >= nextId, "agent id %d was given before", id.value());
      nextId = Math.addExact(id.value(), 1);
    }
    put(record);
    changed();
  }

  void replay(AgentGone record) {
    Member gone = members.remove(record.agent());
    Invariant.check(gone != null, "agent %d is not there", record.agent().value());
    byInstance.remove(gone.instance);
    changed();
  }

  void write(WireWriter out) {
    List<AgentRegistered> registered =
        members.values().stream().map(member -> registered(member.agent, member.instance)).toList();
    TABLE.write(new Table(nextId, epoch, registered), out);
  }

  void read(WireReader in) {
    Table table = TABLE.read(in);
    nextId = table.nextId;
    epoch = table.epoch;
    table.members.forEach(this::put);
  }

  private static AgentRegistered registered(Agent agent, UUID instance) {
    return new AgentRegistered(agent.id(), instance, agent.zone(), agent.host(), agent.port());
  }

  private void put(AgentRegistered agent) {
    put(
        new Member(
            new Agent(agent.agent(), agent.zone(), agent.host(), agent.port()), agent.instance()));
  }

  private void put(Member member) {
    members.put(member.agent.id(), member);
    byInstance.put(member.instance, member.agent.id());
  }

  private void changed() {
    epoch = Math.addExact(epoch, 1);
    listed = List.of();
  }
}
