package io.weft.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Passes TCP connections on, and can hold back every byte of both ways for a while. Thread-safe.
final class StallingProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final ServerSocket server;
  private final int target;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private boolean stalled;

  private StallingProxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /// Listens on a free port of loopback.
  ///
  /// @param target the port, of loopback too, that connections are passed on to
  static StallingProxy start(int target) throws IOException {
    StallingProxy proxy =
        new StallingProxy(new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress()), target);
    Thread.ofVirtual().start(proxy::accept);
    return proxy;
  }

  int port() {
    return server.getLocalPort();
  }

  /// From now on connections are taken, and no byte moves.
  void stall() {
    lock.lock();
    try {
      stalled = true;
    } finally {
      lock.unlock();
    }
  }

  /// What was held back is passed on, late.
  void release() {
    lock.lock();
    try {
      stalled = false;
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket near = server.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(near);
        sockets.add(far);
        Thread.ofVirtual().start(() -> pass(near, far));
        Thread.ofVirtual().start(() -> pass(far, near));
      }
    } catch (IOException e) {
      close();
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        awaitRelease();
        out.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // One of the two has closed: so does the other.
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private void awaitRelease() {
    lock.lock();
    try {
      while (stalled) {
        released.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    release();
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
