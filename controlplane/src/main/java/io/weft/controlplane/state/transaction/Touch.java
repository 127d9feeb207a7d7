package io.weft.controlplane.state.transaction;

import io.weft.controlplane.api.transaction.TransactionStep.Asker;
import io.weft.model.AgentId;

/// The way a step came: an agent, and one of its connections. Connections of one agent are numbered
/// as they are opened.
public record Touch(AgentId agent, long connection) {
  static Touch of(Asker asker) {
    return new Touch(asker.agent(), asker.connection());
  }

  /// Whether the other is a newer connection to the same agent.
  boolean isOlderThan(Touch other) {
    return agent.equals(other.agent) && connection < other.connection;
  }
}
