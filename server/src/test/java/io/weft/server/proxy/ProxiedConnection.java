package io.weft.server.proxy;

import java.io.IOException;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/// One connection through a [FaultyProxy]: two sockets and a pipe each way. Thread-safe.
final class ProxiedConnection {
  private final FaultyProxy proxy;
  private final Socket near;
  private final Socket far;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean silent;

  ProxiedConnection(FaultyProxy proxy, Socket near, Socket far) {
    this.proxy = proxy;
    this.near = near;
    this.far = far;
  }

  void start(Random random) throws IOException {
    near.setTcpNoDelay(true);
    far.setTcpNoDelay(true);
    new Pipe(proxy, this, near, far, new Random(random.nextLong())).start();
    new Pipe(proxy, this, far, near, new Random(random.nextLong())).start();
  }

  boolean isSilent() {
    return silent;
  }

  void silence() {
    silent = true;
  }

  /// Both ends are told that the connection is no more, whatever was under way.
  void reset() {
    if (ended.compareAndSet(false, true)) {
      proxy.countCut();
      reset(near);
      reset(far);
      proxy.forget(this);
    }
  }

  /// One end has closed, and all it had sent has arrived. Of a silent connection the other end does
  /// not learn it.
  void end() {
    if (!silent && ended.compareAndSet(false, true)) {
      try (near;
          far) {
        proxy.forget(this);
      } catch (IOException e) {
        // It is closed all the same.
      }
    }
  }

  static void reset(Socket socket) {
    try (socket) {
      // With a linger time of 0, close() sends RST and not FIN.
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It was closed already.
    }
  }
}
