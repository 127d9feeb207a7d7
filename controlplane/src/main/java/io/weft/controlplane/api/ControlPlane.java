package io.weft.controlplane.api;

/// All that may be asked of the control plane, by asker. Thread-safe.
public interface ControlPlane extends AutoCloseable {
  /// What one of the askers may ask.
  ///
  /// @param asker an interface with questions: `Sequencer`, `TopicCatalog`, …
  <A> A as(Class<A> asker);

  CommitFeed feed();

  @Override
  void close();
}
