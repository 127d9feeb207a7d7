package io.weft.agent.network;

import io.weft.model.ListenerName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One bound address of a listener. Thread-safe.
record Door(ListenerName name, InetSocketAddress address, ServerSocketChannel server) {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  /// Binds all of them, or none.
  ///
  /// @throws UncheckedIOException if one cannot be bound
  static List<Door> open(List<Listener.At> addresses, int backlog) {
    List<Door> doors = new ArrayList<>();
    try {
      addresses.forEach(each -> doors.add(open(each, backlog)));
      return List.copyOf(doors);
    } catch (UncheckedIOException e) {
      doors.forEach(Door::close);
      throw e;
    }
  }

  private static Door open(Listener.At at, int backlog) {
    try {
      ServerSocketChannel server = ServerSocketChannel.open();
      boolean bound = false;
      try {
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        server.bind(at.address(), backlog);
        bound = true;
        return new Door(at.name(), at.address(), server);
      } finally {
        if (!bound) {
          server.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen at " + at.address(), e);
    }
  }

  int port() {
    return server.socket().getLocalPort();
  }

  void close() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("listener at {} did not close well: {}", address, e.toString());
    }
  }
}
