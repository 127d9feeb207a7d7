package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.memory.ByteBudget;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

/// How much a connection may owe.
class AnswerQueueTest {
  private final AnswerQueue queue = new AnswerQueue(1_000);

  private static AnswerQueue.Owed owed(ApiKeys key) throws InterruptedException {
    return owed(key, new Outgoing.Nothing());
  }

  /// A produce answer that is still to come.
  static AnswerQueue.Owed owedLater() throws InterruptedException {
    return owed(ApiKeys.PRODUCE, new Outgoing.Deferred(new Never()));
  }

  private static AnswerQueue.Owed owed(ApiKeys key, Outgoing outgoing) throws InterruptedException {
    Request request =
        new Request(
            new RequestHeader(key, key.latestVersion(), "me", 1),
            null,
            null,
            new ByteBudget(1).acquire(1));
    return new AnswerQueue.Owed(request, outgoing);
  }

  private record Never() implements DeferredAnswer {
    @Override
    public boolean isDone() {
      return false;
    }

    @Override
    public Answer await() {
      throw new IllegalStateException("not awaited here");
    }
  }

  private void owe(ApiKeys key) throws InterruptedException {
    assertThat(queue.reserve()).isTrue();
    assertThat(queue.put(owed(key))).isTrue();
  }

  @Test
  void takesNoMoreRequestsBehindRecordsNobodyTakes() throws Exception {
    owe(ApiKeys.FETCH);
    owe(ApiKeys.FETCH);
    Pending<Boolean> third = new Pending<>();
    Thread reader =
        Environment.system().tasks().start("reader", () -> third.complete(reserved(queue)));
    while (reader.getState() != Thread.State.WAITING && reader.isAlive()) {
      Thread.onSpinWait();
    }
    assertThat(third.isDone()).isFalse();

    queue.take();
    queue.settle();

    assertThat(third.await()).isTrue();
  }

  @Test
  void takesManyRequestsBehindOtherAnswers() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      owe(ApiKeys.PRODUCE);
    }

    assertThat(queue.isOwing()).isTrue();
  }

  private static boolean reserved(AnswerQueue queue) {
    try {
      return queue.reserve();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
