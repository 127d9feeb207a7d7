package io.weft.server.metrics;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Whether a process can do its work now, and what it waits for if not. Thread-safe.
///
///     waiting ──▶ at work (asked anew each time) ──▶ draining
public final class Readiness {
  private final ReentrantLock lock = new ReentrantLock();
  private Supplier<Optional<String>> missing = () -> Optional.of("starting");
  private boolean draining;

  /// It is starting, and has come to something that it waits for.
  public void waitFor(String what) {
    follow(() -> Optional.of("waiting for " + what));
  }

  /// It has started; from now on this says what is missing, if anything is.
  public void follow(Supplier<Optional<String>> missingNow) {
    lock.lock();
    try {
      missing = missingNow;
    } finally {
      lock.unlock();
    }
  }

  /// It ends: never ready again.
  public void drain() {
    lock.lock();
    try {
      draining = true;
    } finally {
      lock.unlock();
    }
  }

  /// What is missing, in a few words; empty if it is ready.
  public Optional<String> missing() {
    Supplier<Optional<String>> now;
    lock.lock();
    try {
      if (draining) {
        return Optional.of("stopping: no new work is taken");
      }
      now = missing;
    } finally {
      lock.unlock();
    }
    return now.get();
  }
}
