package io.weft.agent.network;

import io.weft.environment.Pending;
import org.apache.kafka.common.requests.AbstractResponse;

/// What a handler does with a request.
public sealed interface Answer {
  record Ready(AbstractResponse response) implements Answer {}

  /// The response will come; the writer waits for it in its turn.
  record Later(ComingAnswer answer) implements Answer {
    /// An answer somebody else completes; itself `Ready`, `None` or `Close`.
    public static Later of(Pending<Answer> pending) {
      return new Later(
          new ComingAnswer() {
            @Override
            public boolean isDone() {
              return pending.isDone();
            }

            @Override
            public Answer await() throws InterruptedException {
              return pending.await();
            }
          });
    }
  }

  /// No response is sent (produce with acks=0).
  record None() implements Answer {}

  /// The connection is closed after the answers before this one.
  record Close(String reason) implements Answer {}
}
