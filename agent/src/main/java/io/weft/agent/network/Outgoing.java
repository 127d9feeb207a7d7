package io.weft.agent.network;

import org.apache.kafka.common.network.Send;

/// What a connection's writer is given for one request.
sealed interface Outgoing {
  /// The answer as the bytes that go out.
  record Encoded(Send send) implements Outgoing {}

  /// The answer is still to come.
  record Deferred(DeferredAnswer answer) implements Outgoing {}

  /// No answer.
  record Nothing() implements Outgoing {}

  /// The connection is to be closed.
  record End(String reason) implements Outgoing {}
}
