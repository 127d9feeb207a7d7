package io.weft.server.process;

import io.weft.environment.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// Ports for processes that must have a certain one, while other tests take ports too.
public final class Ports {
  /// Below those that the system gives to a process that wants any, so that nobody else's
  /// connection takes one between a process's end and its next start.
  private static final int MIN = 15_000;

  private static final int MAX = 32_000;

  private Ports() {}

  /// One that nobody listens on now.
  public static int free() {
    while (true) {
      int port = MIN + Environment.system().randomness().nextInt(MAX - MIN);
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (IOException e) {
        // Somebody has it.
      }
    }
  }

  /// A socket with a port of its own on which it does not listen: connections are refused, and
  /// nobody else gets the port until it is closed.
  public static Socket refusing() {
    Socket socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
