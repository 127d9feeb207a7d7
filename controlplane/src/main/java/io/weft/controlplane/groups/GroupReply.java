package io.weft.controlplane.groups;

import io.weft.model.OpaqueBytes;

/// Where the answer to one request goes. Called once, by the leader thread.
public interface GroupReply {
  /// The answer is part of the step that goes on: it leaves when that is durable.
  void answer(OpaqueBytes response);

  /// There will be none.
  void fail(RuntimeException why);

  /// Nobody waits for it any more.
  boolean isAbandoned();
}
