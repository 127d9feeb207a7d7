package io.weft.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What holds a process that was asked to end, and for how long.
class ShutdownSignalTest {
  private static final long LONG_MS = 60_000;
  private static final long SHORT_MS = 300;

  private final AtomicReference<Boolean> inTime = new AtomicReference<>();

  @Test
  void aStarterThatHasLostAnInterruptGetsAnother() throws Exception {
    ShutdownSignal signal = new ShutdownSignal(Thread.currentThread(), LONG_MS);
    Thread holder = hold(signal);
    for (int lost = 0; lost < 3; lost++) {
      assertThatThrownBy(() -> new CountDownLatch(1).await(LONG_MS, TimeUnit.MILLISECONDS))
          .isInstanceOf(InterruptedException.class);
    }
    signal.start().close();
    Thread.interrupted(); // One that came before it was closed.
    signal.release();
    holder.join(LONG_MS);
    assertThat(inTime).hasValue(true);
  }

  @Test
  void oneThatClosesWhatItHasOpenedIsNotInterrupted() throws Exception {
    ShutdownSignal signal = new ShutdownSignal(Thread.currentThread(), SHORT_MS);
    try (ShutdownSignal.Start _ = signal.start()) {
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
    hold(signal).join(LONG_MS);
    assertThat(inTime).hasValue(false);
  }

  @Test
  void oneThatWaitsForTheSignalIsNotInterrupted() throws Exception {
    ShutdownSignal signal = new ShutdownSignal(Thread.currentThread(), LONG_MS);
    signal.ask();
    signal.await();
    Thread holder = hold(signal);
    signal.release();
    holder.join(LONG_MS);
    assertThat(inTime).hasValue(true);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void whatNeverClosesKeepsNoProcess() throws Exception {
    ShutdownSignal signal = new ShutdownSignal(Thread.ofVirtual().unstarted(() -> {}), SHORT_MS);
    hold(signal).join(LONG_MS);
    assertThat(inTime).hasValue(false);
  }

  private Thread hold(ShutdownSignal signal) {
    return Thread.ofVirtual().start(() -> inTime.set(signal.hold()));
  }
}
