package io.weft.agent.produce;

import io.weft.agent.produce.ProduceOutcome.Cause;
import io.weft.agent.produce.ProduceOutcome.NotAppended;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Where appends come in and closed files go out, in one order. Thread-safe; one thread takes.
///
/// If nobody takes because every upload slot is busy, the active file goes on growing past its
/// time: a slow store gets fewer and larger files. How much can be gathered is bounded by the byte
/// budget whose shares the appends hold.
final class BatchIntake {
  /// Before anything, and far enough from the ends to be reckoned with.
  private static final long LONG_AGO_MS = Long.MIN_VALUE / 2;

  private final Environment environment;
  private final FlushPolicy policy;

  /// Told, without its lock, that a file has begun, well before it needs an id.
  private final Runnable onFileBegun;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<ClosedFile> closed = new ArrayDeque<>();

  /// Null while there is none: a file begins with its first append.
  private ActiveFile active;

  /// Files that have closed and are not settled yet.
  private int unsettled;

  private long lastClosedMs = LONG_AGO_MS;

  /// Appends that were answered since a file closed last, and those the active file had when the
  /// first of them were.
  private int appendsAnswered;

  private int appendsBefore;

  private long lastSettledMs = LONG_AGO_MS;
  private long lastSettledInMs;

  private final Senders senders = new Senders();

  /// Whether somebody in the active file sends only once answered.
  private boolean someoneIsHeldUp;

  private boolean ended;

  BatchIntake(Environment environment, FlushPolicy policy, Runnable onFileBegun) {
    this.environment = environment;
    this.policy = policy;
    this.onFileBegun = onFileBegun;
  }

  Pending<List<ProduceOutcome>> append(ProduceAppend append) {
    boolean begun;
    Pending<List<ProduceOutcome>> outcomes;
    lock.lock();
    try {
      if (ended) {
        return Pending.completed(
            Collections.nCopies(append.batches().size(), new NotAppended(Cause.LEAVING)));
      }
      if (active != null && !policy.fits(active, append)) {
        closeActive();
      }
      begun = active == null;
      long nowMs = environment.clock().monotonicMs();
      if (begun) {
        active = new ActiveFile(nowMs);
        changed.signal();
      }
      outcomes = active.add(append);
      someoneIsHeldUp |= senders.sent(append.connection(), nowMs);
      if (policy.isFull(active)) {
        closeActive();
      } else if (unsettled == 0 && (someoneIsHeldUp || answeredAreBack())) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
    if (begun) {
      onFileBegun.run();
    }
    return outcomes;
  }

  /// Waits for the next file that is due.
  ///
  /// @return empty once the intake has ended and everything has been taken
  Optional<ClosedFile> take() throws InterruptedException {
    lock.lock();
    try {
      while (closed.isEmpty()) {
        if (active == null) {
          if (ended) {
            return Optional.empty();
          }
          changed.await();
          continue;
        }
        long leftMs = ended ? 0 : leftMs();
        if (leftMs <= 0) {
          closeActive();
        } else {
          environment.tasks().awaitMs(lock, changed, leftMs);
        }
      }
      return Optional.of(closed.removeFirst());
    } finally {
      lock.unlock();
    }
  }

  /// Takes nothing more in; what is here goes out at once.
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Ends, and gives back nothing but refusals for what was not taken.
  void abandon() {
    lock.lock();
    try {
      ended = true;
      if (active != null) {
        closeActive();
      }
      for (ClosedFile file : closed) {
        file.refuse(new NotAppended(Cause.LEAVING));
        file.release();
      }
      closed.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private long leftMs() {
    FlushPolicy.Past past =
        new FlushPolicy.Past(
            lastClosedMs,
            unsettled == 0,
            someoneIsHeldUp,
            answeredAreBack(),
            lastSettledMs,
            lastSettledInMs);
    return policy.dueMs(active, past) - environment.clock().monotonicMs();
  }

  private boolean answeredAreBack() {
    return appendsAnswered > 0 && active.appends() >= appendsBefore + appendsAnswered;
  }

  private void closeActive() {
    ActiveFile file = active;
    long nowMs = environment.clock().monotonicMs();
    closed.addLast(file.close(() -> settled(file, nowMs)));
    active = null;
    someoneIsHeldUp = false;
    unsettled++;
    appendsAnswered = 0;
    lastClosedMs = nowMs;
    changed.signal();
  }

  private void settled(ActiveFile file, long closedMs) {
    lock.lock();
    try {
      unsettled--;
      lastSettledMs = environment.clock().monotonicMs();
      lastSettledInMs = lastSettledMs - closedMs;
      if (appendsAnswered == 0) {
        appendsBefore = active == null ? 0 : active.appends();
      }
      appendsAnswered += file.appends();
      senders.answered(file.connections(), lastSettledMs);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
