package io.weft.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  private final Environment system = Environment.system();

  /// Starts to acquire in a thread of its own, and returns once it waits.
  private Pending<ByteBudget.Share> acquiring(ByteBudget budget, int bytes)
      throws InterruptedException {
    Pending<ByteBudget.Share> share = new Pending<>();
    Thread thread =
        system
            .tasks()
            .start(
                "acquiring",
                () -> {
                  try {
                    share.complete(budget.acquire(bytes));
                  } catch (InterruptedException e) {
                    share.fail(new IllegalStateException(e));
                  }
                });
    while (thread.getState() != Thread.State.WAITING && !share.isDone()) {
      system.tasks().sleepMs(1);
    }
    return share;
  }

  @Test
  void letsInWhatFits() throws Exception {
    ByteBudget budget = new ByteBudget(100);

    budget.acquire(60);
    budget.acquire(40);

    assertThat(budget.bytesHeld()).isEqualTo(100);
  }

  @Test
  void makesWaitWhatDoesNotFit() throws Exception {
    ByteBudget budget = new ByteBudget(100);
    ByteBudget.Share first = budget.acquire(60);
    Pending<ByteBudget.Share> second = acquiring(budget, 60);
    assertThat(second.isDone()).isFalse();

    first.release();

    assertThat(second.await().bytes()).isEqualTo(60);
  }

  @Test
  void doesNotLetSmallSharesOvertakeALargeOne() throws Exception {
    ByteBudget budget = new ByteBudget(100);
    ByteBudget.Share first = budget.acquire(60);
    Pending<ByteBudget.Share> large = acquiring(budget, 90);
    Pending<ByteBudget.Share> small = acquiring(budget, 10);
    assertThat(small.isDone()).isFalse();

    first.release();

    assertThat(large.await().bytes()).isEqualTo(90);
    assertThat(small.await().bytes()).isEqualTo(10);
  }

  @Test
  void letsInALargerShareThanItHasWhenNothingElseIsHeld() throws Exception {
    ByteBudget budget = new ByteBudget(100);

    assertThat(budget.acquire(500).bytes()).isEqualTo(500);
  }

  @Test
  void whoStopsWaitingDoesNotBlockTheNext() throws Exception {
    ByteBudget budget = new ByteBudget(100);
    ByteBudget.Share first = budget.acquire(60);
    LinkedBlockingQueue<String> ended = new LinkedBlockingQueue<>();
    Thread impatient =
        system
            .tasks()
            .start(
                "impatient",
                () -> {
                  try {
                    budget.acquire(100);
                  } catch (InterruptedException e) {
                    ended.add("interrupted");
                  }
                });
    while (impatient.getState() != Thread.State.WAITING) {
      system.tasks().sleepMs(1);
    }
    Pending<ByteBudget.Share> small = acquiring(budget, 10);

    impatient.interrupt();

    assertThat(ended.take()).isEqualTo("interrupted");
    assertThat(small.await().bytes()).isEqualTo(10);
    first.release();
  }

  @Test
  void countsAPartInTheWholeToo() throws Exception {
    ByteBudget whole = new ByteBudget(100);
    ByteBudget part = whole.part(50);

    ByteBudget.Share share = part.acquire(40);

    assertThat(whole.bytesHeld()).isEqualTo(40);
    assertThat(acquiring(part, 20).isDone()).isFalse();
    share.release();
  }

  @Test
  void triesWithoutWaitingAndOvertakesNobody() throws Exception {
    ByteBudget whole = new ByteBudget(100);
    ByteBudget part = whole.part(50);
    ByteBudget.Share share = part.tryAcquire(40).orElseThrow();
    assertThat(whole.bytesHeld()).isEqualTo(40);
    assertThat(part.tryAcquire(20)).isEmpty();
    ByteBudget.Share other = whole.acquire(55);
    assertThat(part.tryAcquire(10)).isEmpty();
    assertThat(part.bytesHeld()).isEqualTo(40);
    Pending<ByteBudget.Share> large = acquiring(whole, 90);
    assertThat(whole.tryAcquire(1)).isEmpty();
    share.release();
    other.release();
    assertThat(large.await().bytes()).isEqualTo(90);
    assertThat(whole.tryAcquire(10)).isPresent();
    assertThat(whole.bytesHeld()).isEqualTo(100);
  }

  @Test
  void givesBackOnceAllHoldersHaveReleased() throws Exception {
    ByteBudget budget = new ByteBudget(100);
    ByteBudget.Share share = budget.part(100).acquire(40);
    share.retain();

    share.release();
    assertThat(budget.bytesHeld()).isEqualTo(40);
    share.release();
    assertThat(budget.bytesHeld()).isZero();
    assertThatThrownBy(share::release).isInstanceOf(IllegalStateException.class);
  }
}
