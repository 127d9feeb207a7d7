package io.weft.agent.files;

import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.storage.object.ObjectStoreException;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One file's put, and a second one of the same bytes if the first takes long: whichever succeeds
/// first makes the file durable. Used once, by one thread.
///
/// Stores answer some requests much later than most; the second seldom meets the same fate ("The
/// Tail at Scale", Dean and Barroso, 2013).
public final class HedgedPut {
  private final Environment environment;
  private final Runnable creation;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int running;
  private boolean durable;
  private Optional<RuntimeException> failure = Optional.empty();

  /// @param creation as [FileCreation#create]: may be run twice at once
  HedgedPut(Environment environment, Runnable creation) {
    this.environment = environment;
    this.creation = creation;
  }

  /// Puts it, and once more after a while, if that is allowed then. Returns once it is durable;
  /// [#awaitEnd] once nobody reads the body any more.
  ///
  /// @throws ObjectStoreException if no put succeeded, when none is under way any more
  /// @throws FileTakenException as the same, if one of them met another's file
  void put(long hedgeAfterMs, Budget budget) {
    Thread first = start();
    Optional<Thread> second = Optional.empty();
    long hedgeMs = environment.clock().monotonicMs() + hedgeAfterMs;
    boolean interrupted = false;
    lock.lock();
    try {
      while (!durable && running > 0) {
        long leftMs = hedgeMs - environment.clock().monotonicMs();
        try {
          if (second.isPresent() || interrupted) {
            changed.await();
          } else if (leftMs > 0) {
            environment.tasks().awaitMs(lock, changed, leftMs);
          } else if (budget.take()) {
            second = Optional.of(start());
          } else {
            hedgeMs = environment.clock().monotonicMs() + hedgeAfterMs;
          }
        } catch (InterruptedException e) {
          interrupted = true;
          first.interrupt();
          second.ifPresent(Thread::interrupt);
        }
      }
      if (!durable) {
        throw failure.orElseThrow();
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Waits until no put is under way.
  void awaitEnd() {
    lock.lock();
    try {
      while (running > 0) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private Thread start() {
    lock.lock();
    try {
      running++;
    } finally {
      lock.unlock();
    }
    return environment.tasks().start("put", this::attempt);
  }

  private void attempt() {
    Optional<RuntimeException> reason = Optional.of(new IllegalStateException("a put has died"));
    try {
      creation.run();
      reason = Optional.empty();
    } catch (ObjectStoreException | FileTakenException e) {
      reason = Optional.of(e);
    } finally {
      ended(reason);
    }
  }

  private void ended(Optional<RuntimeException> reason) {
    lock.lock();
    try {
      running--;
      durable |= reason.isEmpty();
      if (failure.filter(FileTakenException.class::isInstance).isEmpty()) {
        failure = reason.or(() -> failure);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// PUTs per second that may be spent on latency: what files leave of it, second puts may take.
  /// Thread-safe.
  public static final class Budget {
    /// How much of a second's worth can be saved up.
    private static final double SAVED_SECONDS_MAX = 0.25;

    private final Clock clock;
    private final int perSecond;
    private final ReentrantLock lock = new ReentrantLock();
    private double saved;
    private long lastMs;

    public Budget(Clock clock, int perSecond) {
      this.clock = clock;
      this.perSecond = perSecond;
      this.lastMs = clock.monotonicMs();
    }

    /// A file is put, whatever is left.
    void spend() {
      lock.lock();
      try {
        earn();
        saved = Math.max(saved - 1, -perSecond);
      } finally {
        lock.unlock();
      }
    }

    /// Takes one put, if one is left.
    boolean take() {
      lock.lock();
      try {
        earn();
        if (saved < 1) {
          return false;
        }
        saved--;
        return true;
      } finally {
        lock.unlock();
      }
    }

    private void earn() {
      long nowMs = clock.monotonicMs();
      double earned = (nowMs - lastMs) * (perSecond / 1_000.0);
      saved = Math.min(saved + earned, Math.max(1, perSecond * SAVED_SECONDS_MAX));
      lastMs = nowMs;
    }
  }
}
