package io.weft.storage.object;

import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.environment.Randomness;
import io.weft.environment.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// An outside for tests of one thread: time passes only by sleeping or by [#passMs], chance comes
/// from a seed, and threads that are started wait until [#runStarted].
public final class ManualEnvironment implements Clock, Tasks {
  private final List<Long> sleepsMs = new ArrayList<>();
  private final List<Runnable> started = new ArrayList<>();
  private final Random random;
  private long nanos = 1_000_000_000L;

  public ManualEnvironment(long seed) {
    this.random = new Random(seed);
  }

  public Environment environment() {
    return new Environment(this, this, new SeededRandomness(random));
  }

  public void passMs(long durationMs) {
    nanos += durationMs * 1_000_000;
  }

  /// How long each sleep was.
  public List<Long> sleepsMs() {
    return List.copyOf(sleepsMs);
  }

  /// Runs what was started, here and now.
  public void runStarted() {
    List<Runnable> bodies = List.copyOf(started);
    started.clear();
    bodies.forEach(Runnable::run);
  }

  @Override
  public long wallMs() {
    return 1_700_000_000_000L + nanos / 1_000_000;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public Thread start(String name, Runnable body) {
    started.add(body);
    return Thread.ofVirtual().name(name).unstarted(body);
  }

  @Override
  public void sleepMs(long durationMs) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    sleepsMs.add(durationMs);
    passMs(durationMs);
  }

  /// Nobody else is there to signal: the time passes.
  @Override
  public boolean awaitMs(ReentrantLock lock, Condition condition, long timeoutMs)
      throws InterruptedException {
    sleepMs(timeoutMs);
    return false;
  }

  private record SeededRandomness(Random random) implements Randomness {
    @Override
    public long nextLong() {
      return random.nextLong();
    }

    @Override
    public int nextInt(int bound) {
      return random.nextInt(bound);
    }

    @Override
    public double nextDouble() {
      return random.nextDouble();
    }
  }
}
