package io.weft.simulation.client;

import io.weft.environment.Pending;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulation.cluster.AgentNode;
import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.fault.Weather;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/// One client's connection to one agent at a time. Used by the threads of one world.
public final class Caller {
  private static final int RECONNECT_MS = 300;
  private static final long TIMEOUT_MS = 12_000;

  private final Cluster cluster;
  private final List<AgentNode> agents;
  private final String clientId;
  private Optional<ClientLink> link = Optional.empty();

  public Caller(Cluster cluster, String clientId) {
    this.cluster = cluster;
    this.agents = cluster.agents();
    this.clientId = clientId;
  }

  /// Asks one agent only.
  Caller(Cluster cluster, AgentNode agent) {
    this.cluster = cluster;
    this.agents = List.of(agent);
    this.clientId = "reader-of-" + agent.name();
  }

  public SimulatedWorld world() {
    return cluster.world();
  }

  public Weather weather() {
    return cluster.weather();
  }

  /// The process that leads now, if one does.
  Optional<String> leader() {
    return cluster.leader().map(node -> node.process().name());
  }

  /// A connection that stands, as far as is known; waits until some agent accepts one.
  public ClientLink link() throws InterruptedException {
    while (link.isEmpty() || link.get().isBroken()) {
      link = agents.get(weather().upTo(agents.size() - 1)).connect(clientId);
      if (link.isEmpty()) {
        world().sleepMs(1 + weather().upTo(RECONNECT_MS));
      }
    }
    return link.get();
  }

  /// The next connection may go elsewhere; answers on the way still come on this one.
  public void leave() {
    link = Optional.empty();
  }

  /// Asks once.
  ///
  /// @throws ClientLink.Lost if there is no answer in time, or the connection breaks
  public AbstractResponse ask(AbstractRequest request) throws InterruptedException {
    ClientLink used = link();
    return await(used, used.send(request));
  }

  AbstractResponse await(ClientLink used, Pending<AbstractResponse> answer)
      throws InterruptedException {
    if (!answer.awaitMs(world().environment(), TIMEOUT_MS)) {
      used.breakOff();
    }
    return answer.await();
  }
}
