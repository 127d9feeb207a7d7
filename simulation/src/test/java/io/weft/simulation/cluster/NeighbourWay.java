package io.weft.simulation.cluster;

import io.weft.agent.neighbour.NeighbourLink;
import io.weft.rpc.HostPort;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.fault.Sight;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// One agent's way to the others over a bad network. Used by the threads of one process.
final class NeighbourWay implements NeighbourLink {
  private final Network network;
  private final AgentNode self;
  private final SimulatedProcess process;
  private final Set<NeighbourCall> open = new LinkedHashSet<>();

  NeighbourWay(Network network, AgentNode self, SimulatedProcess process) {
    this.network = network;
    this.self = self;
    this.process = process;
  }

  @Override
  public Call ask(HostPort address, byte[] request, long timeoutMs) {
    Optional<AgentNode> owner = network.agentAt(address.host());
    NeighbourCall call =
        new NeighbourCall(network, self, owner.orElseThrow(), process.environment(), open::remove);
    open.add(call);
    call.send(request);
    return call;
  }

  /// The ring is another one now.
  @Override
  public void retain(Collection<HostPort> addresses) {
    if (!open.isEmpty()) {
      network.weather().saw(Sight.RING_CHANGED_IN_CALL);
    }
  }

  @Override
  public void close() {}
}
