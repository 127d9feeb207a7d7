package io.weft.controlplane.api.question;

/// Answers the questions of some of the callers' interfaces.
public interface Answers {
  /// The questions that one caller may ask.
  ///
  /// @param asker an interface with questions: `Sequencer`, `TopicCatalog`, …
  <A> A as(Class<A> asker);
}
