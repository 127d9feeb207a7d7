package io.weft.agent.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// When an answer is late, and how many second requests there may be.
class AnswerTimesTest {
  private final AnswerTimes times = new AnswerTimes();

  @Test
  void lateIsWhatTakesLongerThanNineteenOfTwentyDid() {
    assertThat(times.slowMs()).isEqualTo(100);
    for (int i = 0; i < 200; i++) {
      times.add(i, i % 20 == 0 ? 500 : 30);
    }
    assertThat(times.slowMs()).isBetween(31L, 501L);
    for (int i = 0; i < 300; i++) {
      times.add(i, 1);
    }
    assertThat(times.slowMs()).isEqualTo(5);
  }

  /// However many answers come from one file: one GET has brought them all.
  @Test
  void oneFileOfTwentyPaysForASecondRequest() {
    assertThat(times.pay()).isTrue();
    assertThat(times.pay()).isFalse();
    for (int i = 0; i < 100; i++) {
      times.add(i % 19, 1);
    }
    assertThat(times.pay()).isFalse();
    times.add(19, 1);
    assertThat(times.pay()).isTrue();
    assertThat(times.pay()).isFalse();
    for (int i = 20; i < 10_000; i++) {
      times.add(i, 1);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(times.pay()).isTrue();
    }
    assertThat(times.pay()).isFalse();
  }
}
