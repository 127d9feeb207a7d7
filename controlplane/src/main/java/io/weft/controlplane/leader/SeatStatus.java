package io.weft.controlplane.leader;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.environment.Environment;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What a seat knows of the journal's leader, and whether it is to end or has ended; and the waits
/// for all that. Thread-safe.
final class SeatStatus {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Environment environment;

  private volatile String leader = "";

  /// Why there is no leader, as far as this process knows; empty while there is one.
  private volatile String unled = "the control plane is starting";

  private volatile boolean leads;
  private volatile boolean closing;
  private boolean ended;

  SeatStatus(Environment environment) {
    this.environment = environment;
  }

  /// The leader's name; empty where it is not known.
  Optional<String> leader() {
    String name = leader;
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  Optional<String> whyUnled() {
    String why = unled;
    return why.isEmpty() ? Optional.empty() : Optional.of(why);
  }

  boolean isClosing() {
    return closing;
  }

  /// Another one leads, or nobody does.
  ///
  /// @param name empty where it is not known
  void follows(String name) {
    leader = name;
  }

  /// @param why there is no leader; empty if there is one
  void unled(String why) {
    change(() -> unled = why);
  }

  void leads(String name) {
    change(
        () -> {
          leader = name;
          unled = "";
          leads = true;
        });
  }

  void leadsNoLonger() {
    change(
        () -> {
          leads = false;
          unled = "the control plane leads no longer";
        });
  }

  void close() {
    change(() -> closing = true);
  }

  void end(String why) {
    change(
        () -> {
          ended = true;
          leads = false;
          leader = "";
          unled = why;
        });
  }

  /// Waits until the journal is led, by this one or by another.
  ///
  /// @throws ControlPlaneException.Unavailable if this one has come to an end before
  void awaitLed() throws InterruptedException {
    lock.lock();
    try {
      while (!unled.isEmpty()) {
        if (ended) {
          throw new ControlPlaneException.Unavailable(unled, null);
        }
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// @return false if this one does not lead within `timeoutMs`, or never will
  boolean awaitLeading(long timeoutMs) throws InterruptedException {
    long deadlineMs = environment.clock().monotonicMs() + timeoutMs;
    lock.lock();
    try {
      while (!leads && !ended && awaitChange(deadlineMs)) {
        // Looks again.
      }
      return leads;
    } finally {
      lock.unlock();
    }
  }

  /// @return false if it has not ended within `timeoutMs`
  boolean awaitEnd(long timeoutMs) throws InterruptedException {
    long deadlineMs = environment.clock().monotonicMs() + timeoutMs;
    lock.lock();
    try {
      while (!ended && awaitChange(deadlineMs)) {
        // Looks again.
      }
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /// Waits, or less if the seat is to end.
  void pause(long durationMs) throws InterruptedException {
    long deadlineMs = environment.clock().monotonicMs() + durationMs;
    lock.lock();
    try {
      while (!closing && awaitChange(deadlineMs)) {
        // Looks again.
      }
    } finally {
      lock.unlock();
    }
  }

  /// @return false if the time is over
  private boolean awaitChange(long deadlineMs) throws InterruptedException {
    long leftMs = deadlineMs - environment.clock().monotonicMs();
    if (leftMs <= 0) {
      return false;
    }
    environment.tasks().awaitMs(lock, changed, leftMs);
    return true;
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
