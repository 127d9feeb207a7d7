package io.weft.agent.network;

import io.weft.environment.Environment;
import io.weft.model.ListenerName;
import io.weft.protocol.frame.FrameParser;
import io.weft.protocol.frame.OfferedApis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts Kafka clients at one address or several and serves them. What connections may cost is
/// counted over all addresses. Thread-safe; a thread per address that accepts, one that looks for
/// stalled connections, and two per connection.
public final class Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  /// Stalled connections are looked for so many times in the shortest time they are allowed.
  private static final int SWEEPS_PER_LIMIT = 10;

  private static final long ACCEPT_RETRY_MS = 100;

  private final Environment environment;
  private final FrameParser parser;
  private final RequestHandler handler;
  private final Admission admission;
  private final NetworkSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final Map<Long, Connection> connections = new LinkedHashMap<>();
  private final Map<InetAddress, Integer> connectionsByAddress = new HashMap<>();

  /// One at least.
  private final List<Door> doors;

  private long nextId;
  private boolean closing;
  private Thread sweeper;

  /// Where to listen, and as what.
  ///
  /// @param address port 0 for any that is free
  public record At(ListenerName name, InetSocketAddress address) {}

  /// As [#Listener(List, Environment, OfferedApis, RequestHandler, NetworkSettings)], with the
  /// plain listener alone.
  public Listener(
      InetSocketAddress address,
      Environment environment,
      OfferedApis offered,
      RequestHandler handler,
      NetworkSettings settings) {
    this(List.of(new At(ListenerName.PLAINTEXT, address)), environment, offered, handler, settings);
  }

  /// Binds, so that [#port(ListenerName)] is known; accepts nobody before [#start()].
  ///
  /// @param addresses one at least, each name once
  /// @param offered what the handler answers; anything else closes the connection
  /// @throws UncheckedIOException if one of the addresses cannot be bound: none is then
  public Listener(
      List<At> addresses,
      Environment environment,
      OfferedApis offered,
      RequestHandler handler,
      NetworkSettings settings) {
    this.environment = environment;
    this.parser = new FrameParser(offered);
    this.handler = handler;
    this.admission = new Admission(settings);
    this.settings = settings;
    this.doors = Door.open(addresses, settings.backlog());
  }

  /// That of the first address.
  public int port() {
    return doors.getFirst().port();
  }

  /// @param name of one of the addresses
  public int port(ListenerName name) {
    return doors.stream().filter(door -> door.name().equals(name)).findFirst().orElseThrow().port();
  }

  /// Bytes of all requests that are being read, handled or answered.
  public long requestBytesHeld() {
    return admission.requests().bytesHeld();
  }

  /// Bytes of all answers that are being built or sent.
  public long answerBytesHeld() {
    return admission.recordAnswers().bytesHeld() + admission.otherAnswers().bytesHeld();
  }

  public NetworkFigures figures() {
    return new NetworkFigures(
        connectionCount(),
        requestBytesHeld(),
        answerBytesHeld(),
        admission.requestMemory().figures());
  }

  public int connectionCount() {
    lock.lock();
    try {
      return connections.size();
    } finally {
      lock.unlock();
    }
  }

  public void start() {
    long shortestMs =
        Math.min(settings.progressMs(), Math.min(settings.firstRequestMs(), settings.idleMs()));
    long sweepMs = Math.max(1, shortestMs / SWEEPS_PER_LIMIT);
    sweeper = environment.tasks().start("listener-sweeper", () -> sweepForever(sweepMs));
    doors.forEach(
        door -> environment.tasks().start("listener-" + door.port(), () -> acceptForever(door)));
  }

  /// Accepts nobody more, lets requests in flight be answered for a while, then closes the rest.
  @Override
  public void close() {
    List<Connection> open;
    lock.lock();
    try {
      closing = true;
      open = List.copyOf(connections.values());
    } finally {
      lock.unlock();
    }
    doors.forEach(Door::close);
    open.forEach(Connection::drain);
    awaitDrained();
    open.forEach(Connection::abort);
    Thread sweeping = sweeper;
    if (sweeping != null) {
      sweeping.interrupt();
    }
  }

  private void awaitDrained() {
    long deadlineMs = environment.clock().monotonicMs() + settings.drainMs();
    lock.lock();
    try {
      while (!connections.isEmpty()) {
        long leftMs = deadlineMs - environment.clock().monotonicMs();
        if (leftMs <= 0) {
          LOG.info("{} connections closed before they were drained", connections.size());
          return;
        }
        environment.tasks().awaitMs(lock, ended, leftMs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void acceptForever(Door door) {
    try {
      while (door.server().isOpen()) {
        acceptOne(door);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void acceptOne(Door door) throws InterruptedException {
    try {
      SocketChannel channel = door.server().accept();
      boolean served = false;
      try {
        served = serve(channel, door);
      } finally {
        if (!served) {
          channel.close();
        }
      }
    } catch (IOException e) {
      if (door.server().isOpen()) {
        // Out of file handles, or a peer that was gone at once: neither ends the listener.
        LOG.warn("a connection was not accepted: {}", e.toString());
        environment.tasks().sleepMs(ACCEPT_RETRY_MS);
      }
    }
  }

  /// @return false if there is no room for one more
  private boolean serve(SocketChannel channel, Door door) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
    InetAddress peer = remote.getAddress();
    Connection connection;
    lock.lock();
    try {
      if (closing || !hasRoom(peer)) {
        return false;
      }
      ClientConnection client =
          new ClientConnection(
              nextId++, peer, remote.getPort(), door.port(), door.name(), new ClientSoftware());
      connection =
          new Connection(client, channel, environment, parser, handler, admission, settings);
      connections.put(client.id(), connection);
      connectionsByAddress.merge(peer, 1, Integer::sum);
    } finally {
      lock.unlock();
    }
    connection.start(
        () -> {
          forget(connection.client());
          handler.connectionEnded(connection.client());
        });
    return true;
  }

  private boolean hasRoom(InetAddress peer) {
    if (connections.size() >= settings.connectionsMax()) {
      LOG.warn("{} connections are open; refused one from {}", connections.size(), peer);
      return false;
    }
    return connectionsByAddress.getOrDefault(peer, 0) < settings.connectionsPerAddressMax();
  }

  private void forget(ClientConnection client) {
    lock.lock();
    try {
      connections.remove(client.id());
      connectionsByAddress.computeIfPresent(
          client.address(), (peer, count) -> count == 1 ? null : count - 1);
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void sweepForever(long sweepMs) {
    try {
      while (true) {
        environment.tasks().sleepMs(sweepMs);
        List<Connection> open;
        lock.lock();
        try {
          open = List.copyOf(connections.values());
        } finally {
          lock.unlock();
        }
        open.forEach(Connection::sweep);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
