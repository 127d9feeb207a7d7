package io.weft.agent.network;

import io.weft.environment.Environment;
import io.weft.protocol.frame.FrameParser;
import io.weft.protocol.frame.OfferedApis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts Kafka clients at one address and serves them. Thread-safe; a thread that accepts, one
/// that looks for stalled connections, and two per connection.
public final class Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  /// Stalled connections are looked for so many times in the shortest time they are allowed.
  private static final int SWEEPS_PER_LIMIT = 10;

  private static final long ACCEPT_RETRY_MS = 100;

  private final InetSocketAddress address;
  private final Environment environment;
  private final FrameParser parser;
  private final RequestHandler handler;
  private final Admission admission;
  private final NetworkSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final Map<Long, Connection> connections = new LinkedHashMap<>();
  private final Map<InetAddress, Integer> connectionsByAddress = new HashMap<>();
  private final ServerSocketChannel server;
  private final int port;
  private long nextId;
  private boolean closing;
  private Thread sweeper;

  /// Binds, so that [#port()] is known; accepts nobody before [#start()].
  ///
  /// @param address port 0 for any that is free
  /// @param offered what the handler answers; anything else closes the connection
  /// @throws UncheckedIOException if the address cannot be bound
  public Listener(
      InetSocketAddress address,
      Environment environment,
      OfferedApis offered,
      RequestHandler handler,
      NetworkSettings settings) {
    this.address = address;
    this.environment = environment;
    this.parser = new FrameParser(offered);
    this.handler = handler;
    this.admission = new Admission(settings);
    this.settings = settings;
    try {
      this.server = ServerSocketChannel.open();
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(address, settings.backlog());
      this.port = server.socket().getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen at " + address, e);
    }
  }

  public int port() {
    return port;
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
    return new NetworkFigures(connectionCount(), requestBytesHeld(), answerBytesHeld());
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
    environment.tasks().start("listener-" + port(), this::acceptForever);
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
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("listener at {} did not close well: {}", address, e.toString());
    }
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

  private void acceptForever() {
    try {
      while (server.isOpen()) {
        acceptOne();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void acceptOne() throws InterruptedException {
    try {
      SocketChannel channel = server.accept();
      boolean served = false;
      try {
        served = serve(channel);
      } finally {
        if (!served) {
          channel.close();
        }
      }
    } catch (IOException e) {
      if (server.isOpen()) {
        // Out of file handles, or a peer that was gone at once: neither ends the listener.
        LOG.warn("a connection was not accepted: {}", e.toString());
        environment.tasks().sleepMs(ACCEPT_RETRY_MS);
      }
    }
  }

  /// @return false if there is no room for one more
  private boolean serve(SocketChannel channel) throws IOException {
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
          new ClientConnection(nextId++, peer, remote.getPort(), port(), new ClientSoftware());
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
