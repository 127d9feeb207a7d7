package io.weft.agent.neighbour.rpc;

import io.weft.agent.neighbour.NeighbourLink;
import io.weft.agent.neighbour.NeighbourMessage;
import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.rpc.PeerSettings;
import io.weft.rpc.Peers;
import io.weft.rpc.RpcSecurity;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The way to other agents over gRPC, with one connection to each. Thread-safe.
public final class RpcNeighbourLink implements NeighbourLink {
  /// An agent that was silent for so long is connected to anew.
  private static final long SILENCE_MS = 1_000;

  private final PeerSettings settings;
  private final Environment environment;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<HostPort, Peers> connections = new HashMap<>();
  private boolean closed;

  /// @param security what is asked of neighbours, and shown to them
  public RpcNeighbourLink(RpcSecurity security, Environment environment) {
    this.settings = new PeerSettings(security, SILENCE_MS, NeighbourMessage.MESSAGE_BYTES_MAX);
    this.environment = environment;
  }

  @Override
  public Call ask(HostPort address, byte[] request, long timeoutMs) {
    Optional<Peers> peers = connection(address);
    return peers.isPresent()
        ? RpcCall.start(peers.get(), request, timeoutMs, environment)
        : new NoWay();
  }

  private Optional<Peers> connection(HostPort address) {
    lock.lock();
    try {
      return closed
          ? Optional.empty()
          : Optional.of(
              connections.computeIfAbsent(
                  address, it -> new Peers(List.of(it), settings, environment)));
    } catch (IllegalArgumentException impossible) {
      // Kafka's clients take more names than gRPC does, such as those with an underscore: the agent
      // that has registered with one is away to its neighbours.
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void retain(Collection<HostPort> addresses) {
    lock.lock();
    try {
      connections
          .entrySet()
          .removeIf(
              each -> {
                boolean gone = !addresses.contains(each.getKey());
                if (gone) {
                  each.getValue().close();
                }
                return gone;
              });
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      connections.values().forEach(Peers::close);
      connections.clear();
    } finally {
      lock.unlock();
    }
  }

  /// What is asked after this agent has closed its connections, or of one that has none.
  private static final class NoWay implements Call {
    @Override
    public Next next(long timeoutMs) {
      return new Next.Ended(End.AWAY);
    }

    @Override
    public void cancel() {}
  }
}
