package io.weft.agent.network;

/// An answer that is not there yet. It costs no thread: the thread that writes the connection's
/// answers waits for it, when all before it are sent. Thread-safe.
public interface DeferredAnswer {
  /// Whether [#await] would return at once; what is written so far need not be sent first.
  boolean isDone();

  /// Waits for it, for a bounded time of the handler's choice. Called once.
  ///
  /// @return `Ready`, `None` or `Close`
  Answer await() throws InterruptedException;
}
