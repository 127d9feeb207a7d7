package io.weft.simulated;

import io.weft.environment.Environment;
import io.weft.environment.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Runs virtual threads one at a time, in an order drawn from a seed, under a time of its own.
///
/// Threads belong to a [SimulatedProcess], which can be paused and killed; those that the world
/// starts itself belong to a process that is left alone. Worlds share nothing: several may run at
/// once, each on a platform thread of its own.
public final class SimulatedWorld {
  private static final long STEPS_MAX = 20_000_000;
  private static final long EPOCH_MS = 1_700_000_000_000L;

  /// Of each virtual thread of any world, which.
  static final ThreadLocal<SimulatedWorld> LIVES_IN = new ThreadLocal<>();

  static {
    SimulatedChance.install();
  }

  private final Random random;
  private final Random drawn;
  private final List<Turn> ready = new ArrayList<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final Queue<Turn> strangers = new ConcurrentLinkedQueue<>();
  private final Thread runner = Thread.currentThread();
  private final SimulatedProcess self;
  private boolean patient = true;
  private long nowMs;
  private long timersMade;
  private long steps;
  private long trace;

  private SimulatedWorld(long seed) {
    this.random = new Random(seed);
    this.drawn = new Random(seed ^ 0x9E3779B97F4A7C15L);
    this.self = new SimulatedProcess(this, "world");
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
      // What escaped from another thread before is likely to be why.
      Throwable first = world.failures.isEmpty() ? e : world.failures.getFirst();
      throw new AssertionError(
          "in the world of seed %d, after %d ms: %s".formatted(seed, world.nowMs, first), first);
    }
    return world.trace;
  }

  /// A thread has waited for a monitor, or for a lock outside this world: from there on its run is
  /// chance's. Class loading does that to worlds that run side by side.
  public static final class Disturbed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Disturbed() {
      super("a thread of this world has waited for something outside it");
    }
  }

  /// A process of this world, with threads and a clock of its own.
  public SimulatedProcess process(String name) {
    return new SimulatedProcess(this, name);
  }

  public Environment environment() {
    return self.environment();
  }

  public long nowMs() {
    return nowMs;
  }

  public long steps() {
    return steps;
  }

  /// Makes something part of what two runs of one seed are compared by.
  public void note(long seen) {
    trace = trace * 31 + seen;
  }

  public void sleepMs(long durationMs) throws InterruptedException {
    environment().tasks().sleepMs(durationMs);
  }

  /// Lets others go first, without any time passing: here the caller's process may be struck.
  @SuppressWarnings("ThreadPriorityCheck") // to a virtual thread's scheduler, which is this world
  public void letOthersGo() {
    Thread.yield();
  }

  /// Starts a thread of the world.
  public Thread start(String name, Runnable body) {
    return environment().tasks().start(name, body);
  }

  /// Does something later, between two steps; it must not block.
  public void after(long delayMs, Runnable action) {
    timer(delayMs, action);
  }

  /// Ends the run as soon as something escapes from a thread, not only at its end.
  public void endAtFirstFailure() {
    patient = false;
  }

  /// What escaped from threads so far; asked for, it no longer fails the run.
  public List<Throwable> takeFailures() {
    List<Throwable> taken = List.copyOf(failures);
    failures.clear();
    return taken;
  }

  long wallMs() {
    return EPOCH_MS + nowMs;
  }

  Randomness randomness() {
    return new Drawn(drawn);
  }

  void failed(Throwable thrown) {
    failures.add(thrown);
  }

  /// A thread can go on. Only threads of this world say so, unless one of them has waited for a
  /// monitor, or for a lock that another world holds: then a thread outside does, at any moment.
  void ready(SimulatedProcess process, Runnable task) {
    Turn turn = new Turn(process, task);
    Thread current = Thread.currentThread();
    if (current.isVirtual() ? this == LIVES_IN.get() : current.equals(runner)) {
      ready.add(turn);
    } else {
      strangers.add(turn);
    }
  }

  Timer timer(long afterMs, Runnable action) {
    Timer timer = new Timer(nowMs + Math.max(0, afterMs), timersMade++, action);
    timers.add(timer);
    return timer;
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
    while (!ended[0] && (patient || failures.isEmpty())) {
      next();
    }
    if (thrown[0] != null) {
      throw thrown[0];
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private void next() {
    if (++steps > STEPS_MAX) {
      throw new IllegalStateException("no end after %d steps".formatted(steps));
    }
    if (!strangers.isEmpty()) {
      throw new Disturbed();
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
    // Order means nothing in here: the last one fills the gap.
    Turn turn = ready.set(chosen, ready.getLast());
    ready.removeLast();
    turn.process.run(turn.task);
  }

  private record Turn(SimulatedProcess process, Runnable task) {}

  static final class Timer implements Comparable<Timer> {
    private final long atMs;
    private final long number;
    private final Runnable action;
    private boolean cancelled;

    Timer(long atMs, long number, Runnable action) {
      this.atMs = atMs;
      this.number = number;
      this.action = action;
    }

    void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(atMs, other.atMs);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
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
