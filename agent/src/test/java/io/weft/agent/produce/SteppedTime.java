package io.weft.agent.produce;

import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.environment.Randomness;
import io.weft.environment.Tasks;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// One thread's time: when it waits, the test does what comes next, at most until a given time, and
/// looks again.
final class SteppedTime implements Clock, Tasks {
  private final LongSupplier nowMs;
  private final LongConsumer passUntilMs;

  SteppedTime(LongSupplier nowMs, LongConsumer passUntilMs) {
    this.nowMs = nowMs;
    this.passUntilMs = passUntilMs;
  }

  Environment environment() {
    return new Environment(this, this, new NoRandomness());
  }

  @Override
  public long wallMs() {
    return nowMs.getAsLong();
  }

  @Override
  public long nanos() {
    return TimeUnit.MILLISECONDS.toNanos(nowMs.getAsLong());
  }

  @Override
  public Thread start(String name, Runnable body) {
    throw new IllegalStateException("there is one thread");
  }

  @Override
  public void sleepMs(long durationMs) {
    throw new IllegalStateException("nobody sleeps");
  }

  @Override
  public boolean awaitMs(ReentrantLock held, Condition condition, long timeoutMs) {
    long untilMs = nowMs.getAsLong() + timeoutMs;
    passUntilMs.accept(untilMs);
    return nowMs.getAsLong() < untilMs;
  }

  private static final class NoRandomness implements Randomness {
    @Override
    public long nextLong() {
      return 0;
    }

    @Override
    public int nextInt(int bound) {
      return 0;
    }

    @Override
    public double nextDouble() {
      return 0;
    }
  }
}
