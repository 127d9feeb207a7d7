package io.weft.controlplane.api;

import io.weft.controlplane.api.question.Answers;

/// All that may be asked of the control plane, by caller. Thread-safe.
public interface ControlPlane extends Answers, AutoCloseable {
  CommitFeed feed();

  @Override
  void close();
}
