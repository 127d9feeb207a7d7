package io.weft.controlplane.api;

/// All that may be asked of the control plane, by asker. Thread-safe.
public interface ControlPlane extends Answers, AutoCloseable {
  CommitFeed feed();

  @Override
  void close();
}
