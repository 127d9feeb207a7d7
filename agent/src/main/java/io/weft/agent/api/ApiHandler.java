package io.weft.agent.api;

import io.weft.agent.network.Answer;
import io.weft.agent.network.ClientConnection;
import io.weft.agent.network.Request;
import org.apache.kafka.common.protocol.ApiKeys;

/// Answers all versions of one Kafka API. Thread-safe; called on the connection's reader thread.
public interface ApiHandler {
  ApiKeys key();

  /// May let [io.weft.controlplane.api.ControlPlaneException] escape: it becomes an answer that the
  /// API's clients retry.
  ///
  /// @param request one of [#key()]
  Answer handle(Request request) throws InterruptedException;

  /// A connection has ended: whatever was kept for it is not needed any more. May block.
  default void connectionEnded(ClientConnection client) {}
}
