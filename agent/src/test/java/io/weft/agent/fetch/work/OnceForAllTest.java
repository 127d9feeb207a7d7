package io.weft.agent.fetch.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.work.OnceForAll.Made;
import io.weft.environment.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OnceForAllTest {
  private static final int ENTRY_BYTES = 1 << 10;
  private static final long KEPT_MS = 500;

  private final ManualTime time = new ManualTime(1);
  private final OnceForAll<String, Integer> once =
      new OnceForAll<>(time.environment(), new OnceSettings(3 * (ENTRY_BYTES + 100), KEPT_MS));
  private final AtomicInteger makes = new AtomicInteger();

  private Made<Integer> next(long bytes, boolean stays) {
    return new Made<>(makes.incrementAndGet(), bytes, stays);
  }

  private int get(String key, long bytes) throws InterruptedException {
    return once.get(key, () -> next(bytes, true));
  }

  /// A thread that asks for a key; what it makes comes when it is let go.
  private final class Asker {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Pending<Integer> got = new Pending<>();
    private final Thread thread;

    Asker(String key) {
      thread = time.start("asker", () -> ask(key));
    }

    private void ask(String key) {
      try {
        got.complete(once.get(key, this::make));
      } catch (InterruptedException | IllegalStateException ended) {
        got.complete(-1);
      }
    }

    private Made<Integer> make() {
      begun.countDown();
      try {
        gate.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(interrupted);
      }
      return next(1, false);
    }

    Asker awaitMaking() throws InterruptedException {
      begun.await();
      return this;
    }

    Asker awaitSharing(int count) {
      while (once.figures().shared() < count) {
        Thread.onSpinWait();
      }
      return this;
    }
  }

  @Test
  void threadsThatAskWhileItIsMadeGetTheSame() throws InterruptedException {
    Asker maker = new Asker("k").awaitMaking();
    List<Asker> others = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      others.add(new Asker("k").awaitSharing(i));
    }
    assertThat(once.has("k")).isTrue();
    maker.gate.countDown();
    assertThat(maker.got.await()).isEqualTo(1);
    for (Asker other : others) {
      assertThat(other.got.await()).isEqualTo(1);
    }
    assertThat(once.figures()).isEqualTo(new OnceFigures(1, 20, 0));
    assertThat(once.has("k")).isFalse();
  }

  @Test
  void anotherKeyDoesNotWait() throws InterruptedException {
    Asker maker = new Asker("k").awaitMaking();
    assertThat(get("other", 1)).isEqualTo(1);
    maker.gate.countDown();
    assertThat(maker.got.await()).isEqualTo(2);
  }

  @Test
  void whereTheMakerIsInterruptedOneThatWaitsIsTheNextMaker() throws InterruptedException {
    Asker gone = new Asker("k").awaitMaking();
    Asker first = new Asker("k").awaitSharing(1);
    Asker second = new Asker("k").awaitSharing(2);
    first.gate.countDown();
    second.gate.countDown();
    gone.thread.interrupt();
    assertThat(gone.got.await()).isEqualTo(-1);
    assertThat(first.got.await()).isPositive();
    assertThat(second.got.await()).isPositive();
    assertThat(once.has("k")).isFalse();
  }

  @Test
  void aThreadThatIsInterruptedWhileItWaitsDisturbsNobody() throws InterruptedException {
    Asker maker = new Asker("k").awaitMaking();
    Asker gone = new Asker("k").awaitSharing(1);
    Asker stays = new Asker("k").awaitSharing(2);
    gone.thread.interrupt();
    assertThat(gone.got.await()).isEqualTo(-1);
    assertThat(stays.got.isDone()).isFalse();
    maker.gate.countDown();
    assertThat(maker.got.await()).isEqualTo(1);
    assertThat(stays.got.await()).isEqualTo(1);
  }

  @Test
  void whatThrowsIsNotRemembered() throws InterruptedException {
    assertThatThrownBy(
            () ->
                once.get(
                    "k",
                    () -> {
                      throw new IllegalStateException("bug");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(once.has("k")).isFalse();
    assertThat(get("k", 1)).isEqualTo(1);
  }

  @Test
  void whatWasMadeStaysForItsTime() throws InterruptedException {
    assertThat(get("k", 1)).isEqualTo(1);
    time.advanceMs(KEPT_MS - 1);
    assertThat(get("k", 1)).isEqualTo(1);
    time.advanceMs(1);
    assertThat(once.has("k")).isFalse();
    assertThat(once.figures().bytesKept()).isZero();
    assertThat(get("k", 1)).isEqualTo(2);
  }

  @Test
  void whatDoesNotStayIsMadeAnew() throws InterruptedException {
    assertThat(once.get("k", () -> next(1, false))).isEqualTo(1);
    assertThat(once.get("k", () -> next(1, false))).isEqualTo(2);
    assertThat(once.figures()).isEqualTo(new OnceFigures(2, 0, 0));
  }

  @Test
  void theOldestGoesFirstWhereTheBytesDoNotFit() throws InterruptedException {
    for (int i = 0; i < 4; i++) {
      get("k" + i, 100);
    }
    assertThat(once.has("k0")).isFalse();
    assertThat(once.has("k1")).isTrue();
    assertThat(once.figures().bytesKept()).isEqualTo(3 * (ENTRY_BYTES + 100));
    get("large", 3 * (ENTRY_BYTES + 100));
    assertThat(once.has("large")).as("alone it is too large").isFalse();
    assertThat(once.has("k3")).isTrue();
  }

  @Test
  void whatIsOldIsFreedThoughNobodyAsksForIt() throws InterruptedException {
    get("k", 100);
    time.advanceMs(KEPT_MS);
    once.letOldGo();
    assertThat(once.figures().bytesKept()).isZero();
  }
}
