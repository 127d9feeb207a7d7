package io.weft.controlplane.api;

import io.weft.controlplane.api.question.Question;
import io.weft.model.OpaqueBytes;

/// The coordinator of groups of every kind, and of their offsets.
public interface Groups {
  /// Answers a request, perhaps long after it was asked (a member that joins waits for the others).
  ///
  /// It is asked once: where it fails with `Unavailable`, it may have happened or not, and only the
  /// client knows whether to say it again.
  ///
  /// @return the response's body in the request's version
  /// @throws ControlPlaneException.Rejected for an API that the coordinator does not serve, or
  ///   bytes that are not a request of it
  @Question(kind = 40, name = "AskGroups", repeatable = false)
  OpaqueBytes coordinate(GroupRequest request);
}
