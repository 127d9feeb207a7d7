package io.weft.server.process;

import io.weft.agent.api.CountedRequests;
import io.weft.agent.assembly.AgentOutside;
import io.weft.agent.assembly.AssembledAgent;
import io.weft.agent.membership.ClientAddresses;
import io.weft.agent.neighbour.rpc.NeighbourServer;
import io.weft.agent.neighbour.rpc.RpcNeighbourLink;
import io.weft.agent.network.Listener;
import io.weft.agent.network.NetworkSettings;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.Membership.Advertised;
import io.weft.controlplane.rpc.RpcClientSettings;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.rpc.RpcSecurity;
import io.weft.server.address.Addresses.NeighbourListen;
import io.weft.server.address.ClientListener;
import io.weft.server.address.ClientListeners;
import io.weft.server.metrics.AgentFigures;
import io.weft.server.metrics.Metrics;
import io.weft.storage.bucket.ClusterBucket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// An agent in a process: with a socket, and with its figures shown.
final class Agent implements AutoCloseable {
  /// As the way to the control plane is.
  private static final RpcSecurity NEIGHBOUR_SECURITY = RpcClientSettings.defaults().security();

  private final OpenedParts parts = new OpenedParts();
  private final Environment environment;
  private final NetworkSettings network;
  private final Optional<NeighbourListen> neighbours;
  private final AssembledAgent assembled;

  private Agent(
      AssembledAgent assembled,
      NetworkSettings network,
      Optional<NeighbourListen> neighbours,
      Environment environment) {
    this.assembled = assembled;
    this.network = network;
    this.neighbours = neighbours;
    this.environment = environment;
    parts.add(assembled::close);
  }

  /// An agent without neighbours.
  ///
  /// @param bucket known to belong to the cluster of this control plane
  static Agent of(
      ControlPlane controlPlane,
      ClusterBucket bucket,
      AgentOptions options,
      Environment environment) {
    return of(controlPlane, bucket, options, Optional.empty(), environment);
  }

  /// As [#of(ControlPlane, ClusterBucket, AgentOptions, Environment)].
  ///
  /// @param neighbours where other agents of the zone ask it
  static Agent of(
      ControlPlane controlPlane,
      ClusterBucket bucket,
      AgentOptions options,
      Optional<NeighbourListen> neighbours,
      Environment environment) {
    AgentOutside outside =
        new AgentOutside(
            environment,
            controlPlane,
            bucket,
            UnaryOperator.identity(),
            neighbours.map(_ -> new RpcNeighbourLink(NEIGHBOUR_SECURITY, environment)));
    return new Agent(
        AssembledAgent.of(outside, options.agent()), options.network(), neighbours, environment);
  }

  /// Registers with the control plane and accepts clients.
  ///
  /// @param metrics where its figures are to be shown
  /// @return where clients reach it
  List<Advertised> start(ClientListeners listeners, Metrics metrics) {
    CountedRequests requests = new CountedRequests(assembled.api());
    Listener listener =
        new Listener(
            listeners.all().stream().map(Agent::at).toList(),
            environment,
            assembled.api().offered(),
            requests,
            network);
    parts.add(listener::close);
    metrics.addAgent(
        new AgentFigures(
            requests,
            assembled::produceFigures,
            assembled::cacheFigures,
            assembled::aheadFigures,
            listener::figures,
            assembled::neighbourFigures,
            assembled::compactionFigures,
            assembled::cleaningFigures,
            assembled.pushed()));
    ClientAddresses reached =
        new ClientAddresses(
            listeners.all().stream()
                .map(each -> each.advertised(listener.port(each.name())))
                .toList());
    Optional<Address> reachedByNeighbours = serveNeighbours(reached.main().host());
    parts.add(assembled::leave);
    assembled.register(reached, reachedByNeighbours);
    listener.start();
    return reached.listeners();
  }

  private static Listener.At at(ClientListener each) {
    return new Listener.At(
        each.name(), new InetSocketAddress(each.listen().host(), each.listen().port()));
  }

  /// @param clients the host that clients reach it at
  private Optional<Address> serveNeighbours(String clients) {
    if (neighbours.isEmpty() || assembled.neighbourDesk().isEmpty()) {
      return Optional.empty();
    }
    NeighbourListen listen = neighbours.get();
    NeighbourServer server =
        Listening.at(
            "--neighbour-listen",
            () ->
                NeighbourServer.start(
                    assembled.neighbourDesk().get(),
                    listen.address(),
                    NEIGHBOUR_SECURITY,
                    environment));
    parts.add(server::close);
    return Optional.of(listen.reached(server.port(), clients));
  }

  /// Comes only if this agent must not go on: it is to be closed then.
  ///
  /// @return why, in a sentence for the operator
  Pending<String> halted() {
    return assembled.halted();
  }

  /// Why clients are better sent to another agent now; empty if this one is registered.
  Optional<String> whyUnready() {
    return assembled.isRegistered()
        ? Optional.empty()
        : Optional.of("the control plane has not renewed this agent's registration");
  }

  /// Answers what is under way, flushes and commits what is held, then leaves.
  @Override
  public void close() {
    parts.close();
  }
}
