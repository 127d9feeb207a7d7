package io.weft.controlplane.api;

import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.model.AgentId;
import java.util.List;

/// What the produce path may ask: a place in the log for what it has made durable.
public interface Sequencer {
  /// The most files one commit may have.
  int FILES_PER_COMMIT_MAX = 64;

  /// Gives every batch of some uploaded files its place in its partition. The files are taken in
  /// the order given, each in one atomic step.
  ///
  /// Idempotent by file id: asked again, each file gets the outcome it got. An agent's files must
  /// be committed in the order of their ids.
  ///
  /// @param settledBelow the lowest file id of this agent's whose outcome it may still ask for: the
  ///   control plane forgets outcomes below it
  /// @return one outcome per file, in order
  @Question(kind = 1, name = "Commit", fit = CommitFit.class)
  @AtMost(FILES_PER_COMMIT_MAX)
  List<FileOutcome> commit(
      AgentId agent, long settledBelow, @AtMost(FILES_PER_COMMIT_MAX) List<UploadedFile> files);
}
