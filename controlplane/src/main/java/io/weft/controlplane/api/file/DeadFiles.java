package io.weft.controlplane.api.file;

import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.model.AgentId;
import java.util.List;

/// Hands out files that no log needs any more, for agents that delete them.
public interface DeadFiles {
  /// Files one answer names, at most: as many as one call to a store deletes.
  int FILES_PER_TAKE_MAX = 1_000;

  /// How long the files of an answer are kept for the agent that took them. Another agent may be
  /// given them afterwards: deleting a file twice does no harm.
  long KEPT_MS = 60_000;

  /// Files to delete: each has been condemned for as long as the grace lasts, and can never be part
  /// of a log again. There need not be an object of each: ids that were never used are among them.
  ///
  /// @param max 1 or more
  /// @param wallMs what the agent's clock says: before old records expire, the control plane
  ///   compares it with its own
  /// @return empty if there are none now, or the agent is not registered
  @Question(kind = 110, name = "TakeDeadFiles", since = 2)
  @AtMost(FILES_PER_TAKE_MAX)
  List<Long> take(AgentId agent, @AtMost(FILES_PER_TAKE_MAX) int max, long wallMs);

  /// The store has confirmed that there is nothing under the keys of these files. They are
  /// forgotten; those that are not waiting to be deleted are left out.
  @Question(kind = 111, name = "DeadFilesDeleted", since = 2)
  void deleted(AgentId agent, @AtMost(FILES_PER_TAKE_MAX) List<Long> fileIds);
}
