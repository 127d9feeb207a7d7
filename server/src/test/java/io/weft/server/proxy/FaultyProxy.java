package io.weft.server.proxy;

import io.weft.environment.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Passes TCP connections on to a port of loopback, late, slowly, changed, in part or not at all.
/// Thread-safe.
public final class FaultyProxy implements AutoCloseable {
  private static final int BACKLOG = 1_000;

  private final ServerSocket server;
  private final int target;
  private final Random seeds;
  private final Environment environment = Environment.system();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
  private final LongAdder cuts = new LongAdder();
  private final LongAdder flips = new LongAdder();
  private volatile Weather weather = Weather.FAIR;
  private boolean stalled;

  private FaultyProxy(ServerSocket server, int target, long seed) {
    this.server = server;
    this.target = target;
    this.seeds = new Random(seed);
  }

  /// Listens on a free port of loopback.
  ///
  /// @param target the port that connections are passed on to; nobody need listen there yet
  public static FaultyProxy start(int target, long seed) {
    try {
      FaultyProxy proxy =
          new FaultyProxy(
              new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), target, seed);
      proxy.environment.tasks().start("proxy-" + proxy.port(), proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  public String address() {
    return "127.0.0.1:" + port();
  }

  /// Holds for what passes from now on, of connections that are there too.
  public void weather(Weather changed) {
    weather = changed;
  }

  /// From now on connections are taken, and no byte moves.
  public void stall() {
    lock.lock();
    try {
      stalled = true;
    } finally {
      lock.unlock();
    }
  }

  /// What was held back is passed on, late.
  public void release() {
    lock.lock();
    try {
      stalled = false;
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Resets every connection there is.
  ///
  /// @return how many
  public int cut() {
    int count = 0;
    for (ProxiedConnection connection : connections) {
      connection.reset();
      count++;
    }
    return count;
  }

  /// Both ends of every connection there is believe that it lives, and nothing arrives on it any
  /// more. New ones are as ever.
  ///
  /// @return how many
  public int silence() {
    int count = 0;
    for (ProxiedConnection connection : connections) {
      connection.silence();
      count++;
    }
    return count;
  }

  /// Connections that were reset, by [#cut()] or by chance.
  public long cuts() {
    return cuts.sum();
  }

  /// Bits that were changed.
  public long flips() {
    return flips.sum();
  }

  Weather weather() {
    return weather;
  }

  Environment environment() {
    return environment;
  }

  void awaitRelease() {
    lock.lock();
    try {
      while (stalled) {
        released.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  void countCut() {
    cuts.increment();
  }

  void countFlip() {
    flips.increment();
  }

  void forget(ProxiedConnection connection) {
    connections.remove(connection);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = server.accept();
        long seed = seeds.nextLong();
        // Not here: another connection need not wait until this one has reached its target.
        environment.tasks().start("proxied-" + port(), () -> pass(near, seed));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pass(Socket near, long seed) {
    try {
      Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
      ProxiedConnection connection = new ProxiedConnection(this, near, far);
      connections.add(connection);
      connection.start(new Random(seed));
      if (server.isClosed()) {
        connection.reset();
      }
    } catch (IOException e) {
      // Nobody listens there: the caller learns it as it would from there.
      ProxiedConnection.reset(near);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    release();
    cut();
  }
}
