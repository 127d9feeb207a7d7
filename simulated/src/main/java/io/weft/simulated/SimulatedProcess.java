package io.weft.simulated;

import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.environment.Tasks;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Some threads of a world that live, stop and die together, and the clock they look at. Owned by
/// its world.
///
/// Paused, none of its threads goes on, wherever it is, until it is resumed; time goes on, as for a
/// stopped process. Killed, none of them ever does. Neither lets go of a lock: two processes must
/// share nothing but what never blocks.
///
/// The JDK lets a virtual thread have another scheduler only through a constructor that is not
/// public: the tests' JVM opens `java.lang` for it.
public final class SimulatedProcess {
  private static final int NO_DEED = -1;

  private final SimulatedWorld world;
  private final String name;
  private final Environment environment;
  private final List<Runnable> held = new ArrayList<>();
  private boolean paused;
  private boolean killed;
  private long wallSkewMs;
  private Runnable deed = () -> {};
  private int stepsToDeed = NO_DEED;

  SimulatedProcess(SimulatedWorld world, String name) {
    this.world = world;
    this.name = name;
    this.environment = new Environment(new ProcessClock(), new ProcessTasks(), world.randomness());
  }

  public String name() {
    return name;
  }

  public Environment environment() {
    return environment;
  }

  /// Starts a thread of this process; if it is killed, nothing happens.
  public Thread start(String threadName, Runnable body) {
    return environment.tasks().start(threadName, body);
  }

  /// As SIGSTOP does.
  public void pause() {
    paused = true;
  }

  /// As SIGCONT does.
  public void resume() {
    paused = false;
    List<Runnable> going = List.copyOf(held);
    held.clear();
    going.forEach(task -> world.ready(this, task));
  }

  /// As SIGKILL does.
  public void kill() {
    killed = true;
    held.clear();
  }

  /// Does something when `steps` more steps of this process are done and the next one is due: then
  /// other threads of it, too, may be on their way from one wait to the next, which they never are
  /// when a timer goes off, since time moves only when nobody can run. The last one that was asked
  /// for is done, once.
  ///
  /// @param action must not block; what it does to this process befalls the step that is due
  public void atStep(int steps, Runnable action) {
    deed = action;
    stepsToDeed = steps;
  }

  public boolean isPaused() {
    return paused && !killed;
  }

  public boolean isKilled() {
    return killed;
  }

  /// Sets the wall clock this far from the world's.
  public void skewWallClock(long skewMs) {
    wallSkewMs = skewMs;
  }

  void run(Runnable task) {
    if (!killed && !paused && stepsToDeed != NO_DEED && stepsToDeed-- == 0) {
      deed.run();
    }
    if (killed) {
      return;
    }
    if (paused) {
      held.add(task);
    } else {
      task.run();
    }
  }

  private Thread startThread(String threadName, Runnable body) {
    return builder(task -> world.ready(this, task))
        .name(threadName)
        .uncaughtExceptionHandler((_, thrown) -> world.failed(thrown))
        .start(
            () -> {
              SimulatedWorld.LIVES_IN.set(world);
              body.run();
            });
  }

  private static Thread.Builder.OfVirtual builder(Executor executor) {
    try {
      return (Thread.Builder.OfVirtual) Door.CONSTRUCTOR.newInstance(executor);
    } catch (ReflectiveOperationException e) {
      throw Door.closed(e);
    }
  }

  /// The way to virtual threads with a scheduler of our own.
  private static final class Door {
    private static final Constructor<?> CONSTRUCTOR = constructor();

    private static Constructor<?> constructor() {
      try {
        Constructor<?> constructor =
            Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                .getDeclaredConstructor(Executor.class);
        constructor.setAccessible(true);
        return constructor;
      } catch (ReflectiveOperationException e) {
        throw closed(e);
      }
    }

    private static IllegalStateException closed(ReflectiveOperationException e) {
      return new IllegalStateException("no virtual threads with a scheduler of their own here", e);
    }
  }

  private final class ProcessClock implements Clock {
    @Override
    public long wallMs() {
      return world.wallMs() + wallSkewMs;
    }

    @Override
    public long nanos() {
      return world.nowMs() * 1_000_000;
    }
  }

  private final class ProcessTasks implements Tasks {
    @Override
    public Thread start(String threadName, Runnable body) {
      return startThread(threadName, body);
    }

    @Override
    public void sleepMs(long durationMs) throws InterruptedException {
      Thread sleeper = Thread.currentThread();
      long untilMs = world.nowMs() + durationMs;
      SimulatedWorld.Timer timer = world.timer(durationMs, () -> LockSupport.unpark(sleeper));
      while (world.nowMs() < untilMs) {
        LockSupport.park(this);
        if (Thread.interrupted()) {
          timer.cancel();
          throw new InterruptedException();
        }
      }
    }

    @Override
    public boolean awaitMs(ReentrantLock lock, Condition condition, long timeoutMs)
        throws InterruptedException {
      long untilMs = world.nowMs() + timeoutMs;
      SimulatedWorld.Timer timer =
          world.timer(timeoutMs, () -> startThread("timer", () -> wake(lock, condition)));
      try {
        condition.await();
        return world.nowMs() < untilMs;
      } finally {
        timer.cancel();
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
}
