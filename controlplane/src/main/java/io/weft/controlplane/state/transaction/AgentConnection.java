package io.weft.controlplane.state.transaction;

import io.weft.controlplane.api.transaction.TransactionStep.Caller;
import io.weft.model.AgentId;

/// The connection that a step came on: an agent, and one of its connections. Connections of one
/// agent are numbered as they are opened.
public record AgentConnection(AgentId agent, long connection) {
  static AgentConnection of(Caller caller) {
    return new AgentConnection(caller.agent(), caller.connection());
  }

  /// Whether the other is a newer connection to the same agent.
  boolean isOlderThan(AgentConnection other) {
    return agent.equals(other.agent) && connection < other.connection;
  }
}
