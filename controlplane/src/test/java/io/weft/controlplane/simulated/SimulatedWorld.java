package io.weft.controlplane.simulated;

import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.environment.Randomness;
import io.weft.environment.Tasks;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Runs virtual threads one at a time, in an order drawn from a seed, under a time of its own.
///
/// The JDK lets a virtual thread have another scheduler only through a constructor that is not
/// public: the tests' JVM opens `java.lang` for it.
public final class SimulatedWorld {
  private static final long STEPS_MAX = 20_000_000;
  private static final long EPOCH_MS = 1_700_000_000_000L;

  private final Random random;
  private final List<Runnable> ready = new ArrayList<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final Environment environment;
  private long nowMs;
  private long timersMade;
  private long steps;
  private long trace;

  private SimulatedWorld(long seed) {
    this.random = new Random(seed);
    Random drawn = new Random(seed ^ 0x9E3779B97F4A7C15L);
    this.environment = new Environment(new WorldClock(), new WorldTasks(), new Drawn(drawn));
  }

  /// What happens in a world, on a thread of that world.
  @FunctionalInterface
  public interface Scenario {
    void play(SimulatedWorld world) throws Exception;
  }

  /// Plays a scenario to its end; threads that are left over stop where they are.
  ///
  /// @return a number that is the same if the run was the same
  public static long run(long seed, Scenario scenario) {
    SimulatedWorld world = new SimulatedWorld(seed);
    try {
      world.runToEnd(scenario);
    } catch (Throwable e) {
      throw new AssertionError(
          "in the world of seed %d, after %d ms: %s".formatted(seed, world.nowMs, e), e);
    }
    return world.trace;
  }

  public Environment environment() {
    return environment;
  }

  public long nowMs() {
    return nowMs;
  }

  public void sleepMs(long durationMs) throws InterruptedException {
    environment.tasks().sleepMs(durationMs);
  }

  /// Starts a thread of the world.
  public Thread start(String name, Runnable body) {
    return environment.tasks().start(name, body);
  }

  /// What escaped from threads so far; asked for, it no longer fails the run.
  public List<Throwable> takeFailures() {
    List<Throwable> taken = List.copyOf(failures);
    failures.clear();
    return taken;
  }

  private void runToEnd(Scenario scenario) throws Throwable {
    boolean[] ended = new boolean[1];
    Throwable[] thrown = new Throwable[1];
    start(
        "scenario",
        () -> {
          try {
            scenario.play(this);
          } catch (Throwable e) {
            thrown[0] = e;
          }
          ended[0] = true;
        });
    while (!ended[0]) {
      step();
    }
    if (thrown[0] != null) {
      throw thrown[0];
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private void step() {
    if (++steps > STEPS_MAX) {
      throw new IllegalStateException("no end after %d steps".formatted(steps));
    }
    if (ready.isEmpty()) {
      Timer timer = timers.poll();
      if (timer == null) {
        throw new IllegalStateException("everybody waits, for nothing");
      }
      if (!timer.cancelled) {
        nowMs = Math.max(nowMs, timer.atMs);
        timer.action.run();
      }
      return;
    }
    int chosen = random.nextInt(ready.size());
    trace = trace * 31 + chosen + nowMs;
    ready.remove(chosen).run();
  }

  private Timer timer(long afterMs, Runnable action) {
    Timer timer = new Timer(nowMs + Math.max(0, afterMs), timersMade++, action);
    timers.add(timer);
    return timer;
  }

  private Thread startThread(String name, Runnable body) {
    Thread.Builder.OfVirtual builder = builder(ready::add);
    return builder
        .name(name)
        .uncaughtExceptionHandler((_, thrown) -> failures.add(thrown))
        .start(body);
  }

  private static Thread.Builder.OfVirtual builder(Executor executor) {
    try {
      Class<?> type = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
      Constructor<?> constructor = type.getDeclaredConstructor(Executor.class);
      constructor.setAccessible(true);
      return (Thread.Builder.OfVirtual) constructor.newInstance(executor);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no virtual threads with a scheduler of their own here", e);
    }
  }

  private static final class Timer implements Comparable<Timer> {
    private final long atMs;
    private final long number;
    private final Runnable action;
    private boolean cancelled;

    Timer(long atMs, long number, Runnable action) {
      this.atMs = atMs;
      this.number = number;
      this.action = action;
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(atMs, other.atMs);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final class WorldClock implements Clock {
    @Override
    public long wallMs() {
      return EPOCH_MS + nowMs;
    }

    @Override
    public long nanos() {
      return nowMs * 1_000_000;
    }
  }

  private final class WorldTasks implements Tasks {
    @Override
    public Thread start(String name, Runnable body) {
      return startThread(name, body);
    }

    @Override
    public void sleepMs(long durationMs) throws InterruptedException {
      Thread sleeper = Thread.currentThread();
      long untilMs = nowMs + durationMs;
      Timer timer = timer(durationMs, () -> LockSupport.unpark(sleeper));
      while (nowMs < untilMs) {
        LockSupport.park(this);
        if (Thread.interrupted()) {
          timer.cancelled = true;
          throw new InterruptedException();
        }
      }
    }

    @Override
    public boolean awaitMs(ReentrantLock lock, Condition condition, long timeoutMs)
        throws InterruptedException {
      long untilMs = nowMs + timeoutMs;
      Timer timer = timer(timeoutMs, () -> startThread("timer", () -> wake(lock, condition)));
      try {
        condition.await();
        return nowMs < untilMs;
      } finally {
        timer.cancelled = true;
      }
    }

    private static void wake(ReentrantLock lock, Condition condition) {
      lock.lock();
      try {
        condition.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private record Drawn(Random random) implements Randomness {
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
