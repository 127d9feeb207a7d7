package io.weft.agent.network;

import org.apache.kafka.common.requests.AbstractResponse;

/// What a handler does with a request.
public sealed interface Answer {
  record Ready(AbstractResponse response) implements Answer {}

  /// The response will come; the writer waits for it in its turn.
  record Later(DeferredAnswer answer) implements Answer {}

  /// No response is sent (produce with acks=0).
  record None() implements Answer {}

  /// The connection is closed after the answers before this one.
  record Close(String reason) implements Answer {}
}
