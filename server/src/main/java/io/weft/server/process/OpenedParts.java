package io.weft.server.process;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has been opened, to be closed in reverse order. Owned by one thread.
final class OpenedParts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenedParts.class);

  private final Deque<Part> parts = new ArrayDeque<>();

  interface Part {
    void close() throws InterruptedException;
  }

  /// Remembers how to close something.
  void add(Part part) {
    parts.push(part);
  }

  /// Closes everything; one part that fails to close does not keep the others open.
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.warn("a part did not close cleanly", e);
      }
    }
  }
}
