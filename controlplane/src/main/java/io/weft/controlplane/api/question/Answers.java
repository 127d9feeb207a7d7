package io.weft.controlplane.api.question;

/// Whoever answers the questions of some of the askers.
public interface Answers {
  /// What one of the askers may ask.
  ///
  /// @param asker an interface with questions: `Sequencer`, `TopicCatalog`, …
  <A> A as(Class<A> asker);
}
