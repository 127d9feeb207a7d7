package io.weft.controlplane.journal;

import io.weft.environment.Environment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/// Removes the entries that are behind the kept snapshots and have been seen for long enough (see
/// [JournalWriter] for why that matters). Thread-safe.
public final class Truncation {
  private final ReentrantLock lock = new ReentrantLock();
  private final Journal journal;
  private final Snapshots snapshots;
  private final Environment environment;
  private final long graceMs;
  private final Deque<Seen> seen = new ArrayDeque<>();

  public Truncation(Journal journal, Snapshots snapshots, Environment environment, long graceMs) {
    this.journal = journal;
    this.snapshots = snapshots;
    this.environment = environment;
    this.graceMs = graceMs;
  }

  /// @param atMs monotonic time at which all entries up to `index` had been seen
  private record Seen(long index, long atMs) {}

  /// All entries up to this one are there, now.
  public void saw(long index) {
    lock.lock();
    try {
      seen.addLast(new Seen(index, environment.clock().monotonicMs()));
    } finally {
      lock.unlock();
    }
  }

  /// Removes old snapshots and what may go of the entries behind them.
  public void run() {
    snapshots.removeOld();
    OptionalLong old = oldEnough();
    if (old.isEmpty()) {
      return;
    }
    List<Long> kept = snapshots.indexes();
    if (kept.size() < Snapshots.KEPT) {
      return;
    }
    // Behind the older one: should the newer be damaged, the entries between them are needed.
    long older = kept.get(Snapshots.KEPT - 1);
    // And not the entry the older one ends with: whoever begins there looks whether it is the same.
    journal.truncateBefore(Math.min(old.getAsLong() + 1, older));
  }

  private OptionalLong oldEnough() {
    lock.lock();
    try {
      long nowMs = environment.clock().monotonicMs();
      OptionalLong old = OptionalLong.empty();
      while (!seen.isEmpty() && nowMs - seen.peekFirst().atMs() >= graceMs) {
        old = OptionalLong.of(seen.removeFirst().index());
      }
      return old;
    } finally {
      lock.unlock();
    }
  }
}
