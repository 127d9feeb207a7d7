package io.weft.controlplane.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Passes bytes on between clients and a server, and closes a connection in place of the answer to
/// a statement it waits for: the server has done it, and the client does not know.
final class CuttingProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final ServerSocket listener;
  private final int target;
  private final AtomicReference<String> awaited = new AtomicReference<>();
  private final AtomicInteger lost = new AtomicInteger();

  CuttingProxy(int target) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /// The statement must be sent in full, which it is the first times a connection sends it.
  void loseNextAnswerAfter(String statement) {
    awaited.set(statement);
  }

  /// How many answers were lost.
  int lost() {
    return lost.get();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        AtomicReference<Boolean> cut = new AtomicReference<>(false);
        Thread.ofVirtual().start(() -> pass(client, server, cut, true));
        Thread.ofVirtual().start(() -> pass(server, client, cut, false));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void pass(Socket from, Socket to, AtomicReference<Boolean> cut, boolean requests) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (requests) {
          String wanted = awaited.get();
          String sent = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
          if (wanted != null && sent.contains(wanted) && awaited.compareAndSet(wanted, null)) {
            cut.set(true);
          }
        } else if (cut.get()) {
          lost.incrementAndGet();
          return;
        }
        to.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException e) {
      // The other side is closed, too.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
