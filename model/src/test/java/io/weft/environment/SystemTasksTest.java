package io.weft.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Timed waits of the real environment end, at their time or before it.
class SystemTasksTest {
  private static final long WAIT_MS_MAX = 120_000;

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

  /// The waits of virtual threads would last until those that compute come to an end.
  @Test
  void aThreadApartGoesOnWhileVirtualThreadsLeaveNoProcessor() throws InterruptedException {
    int count = 2 * Runtime.getRuntime().availableProcessors();
    AtomicBoolean enough = new AtomicBoolean();
    List<Pending<Boolean>> busy = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Pending<Boolean> ended = new Pending<>();
      busy.add(ended);
      environment.tasks().start("busy", () -> ended.complete(computeUntil(enough)));
    }
    try {
      Thread apart =
          environment
              .tasks()
              .startApart(
                  "apart",
                  () -> {
                    waitAlone(30);
                    waitAlone(450);
                  });
      apart.join(WAIT_MS_MAX);
      assertThat(apart.isAlive()).isFalse();
    } finally {
      enough.set(true);
    }
    for (Pending<Boolean> ended : busy) {
      assertThat(ended.await()).isTrue();
    }
  }

  private static boolean computeUntil(AtomicBoolean enough) {
    while (!enough.get()) {
      Thread.onSpinWait();
    }
    return true;
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
