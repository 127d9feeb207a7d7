package io.weft.controlplane.command;

import io.weft.controlplane.api.CommitFeed;

/// A way to whoever answers commands. Thread-safe; `ask` blocks.
public interface CommandPort extends AutoCloseable {
  /// @throws io.weft.controlplane.api.ControlPlaneException as the `api` says
  <R> R ask(Command<R> command);

  CommitFeed feed();

  @Override
  void close();
}
