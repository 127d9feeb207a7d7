package io.weft.agent.neighbour;

import io.weft.rpc.HostPort;
import java.util.Collection;

/// The way to other agents. Thread-safe.
public interface NeighbourLink extends AutoCloseable {
  /// Sends a request; returns at once, whatever becomes of it.
  ///
  /// @param timeoutMs after which the other side need not answer any more
  Call ask(HostPort address, byte[] request, long timeoutMs);

  /// Only these are asked from here on: what leads to others is closed.
  void retain(Collection<HostPort> addresses);

  @Override
  void close();

  /// One request under way. Owned by one thread.
  interface Call {
    /// The next message, or how the call has ended; after that there are no messages.
    ///
    /// @param timeoutMs how long to wait for it; with nothing by then the call has ended silently
    Next next(long timeoutMs) throws InterruptedException;

    /// Says that nothing more is wanted. No effect on a call that has ended.
    void cancel();
  }

  sealed interface Next {
    record Message(byte[] bytes) implements Next {}

    record Ended(End how) implements Next {}
  }

  enum End {
    DONE,
    /// The other agent has too much to do.
    BUSY,
    /// What one of the two sent is larger than the other takes.
    TOO_LARGE,
    /// It does not believe that an agent of its cluster has asked.
    REFUSED,
    /// It is not there, or does not understand what it is asked.
    AWAY,
    /// It has not said anything in time.
    SILENT
  }
}
