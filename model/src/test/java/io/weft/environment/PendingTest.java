package io.weft.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PendingTest {
  private final Environment environment = Environment.system();
  private final Pending<String> pending = new Pending<>();

  @Test
  void givesEveryWaiterTheValue() throws InterruptedException {
    Pending<String> seen = new Pending<>();
    environment.tasks().start("waiter", () -> seen.complete(valueOf(pending)));

    pending.complete("value");

    assertThat(seen.await()).isEqualTo("value");
    assertThat(pending.await()).isEqualTo("value");
  }

  @Test
  void keepsItsFirstCompletion() throws InterruptedException {
    assertThat(pending.complete("first")).isTrue();
    assertThat(pending.complete("second")).isFalse();
    assertThat(pending.fail(new IllegalStateException("late"))).isFalse();
    assertThat(pending.await()).isEqualTo("first");
  }

  @Test
  void throwsItsFailureAtEveryWaiter() {
    pending.fail(new IllegalStateException("broken"));
    assertThatThrownBy(pending::await).hasMessage("broken");
    assertThatThrownBy(pending::await).hasMessage("broken");
  }

  @Test
  void stopsWaitingWhenTheTimeHasPassed() throws InterruptedException {
    assertThat(pending.awaitMs(environment, 1)).isFalse();
    pending.complete("value");
    assertThat(pending.awaitMs(environment, 0)).isTrue();
  }

  private static String valueOf(Pending<String> owed) {
    try {
      return owed.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
