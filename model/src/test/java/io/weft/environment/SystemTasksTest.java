package io.weft.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Timed waits of the real environment end, at their time or before it.
class SystemTasksTest {
  private final Environment environment = Environment.system();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition condition = lock.newCondition();

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 30, 399, 400, 450, 700})
  void aWaitThatNobodyCutsShortLastsToItsEnd(long timeoutMs) throws InterruptedException {
    long begin = environment.clock().monotonicMs();

    assertThat(waitFor(timeoutMs)).isFalse();

    assertThat(environment.clock().monotonicMs() - begin).isGreaterThanOrEqualTo(timeoutMs - 1);
  }

  @Test
  void manyWaitsEndTogether() throws InterruptedException {
    List<Pending<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      long timeoutMs = 400L + i % 7;
      Pending<Boolean> ended = new Pending<>();
      all.add(ended);
      environment.tasks().start("waiter", () -> ended.complete(waitAlone(timeoutMs)));
    }
    for (Pending<Boolean> ended : all) {
      assertThat(ended.await()).isFalse();
    }
  }

  @Test
  void aSignalCutsALongWaitShort() throws InterruptedException {
    Pending<Boolean> ended = new Pending<>();
    environment
        .tasks()
        .start(
            "waiter",
            () -> {
              try {
                ended.complete(waitFor(1_000_000));
              } catch (InterruptedException e) {
                ended.fail(new IllegalStateException(e));
              }
            });
    while (!ended.isDone()) {
      signal();
      Thread.onSpinWait();
    }

    assertThat(ended.await()).isTrue();
  }

  private boolean waitFor(long timeoutMs) throws InterruptedException {
    lock.lock();
    try {
      return environment.tasks().awaitMs(lock, condition, timeoutMs);
    } finally {
      lock.unlock();
    }
  }

  private boolean waitAlone(long timeoutMs) {
    ReentrantLock own = new ReentrantLock();
    own.lock();
    try {
      return environment.tasks().awaitMs(own, own.newCondition(), timeoutMs);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      own.unlock();
    }
  }

  private void signal() {
    lock.lock();
    try {
      condition.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
