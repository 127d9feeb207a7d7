package io.weft.agent.neighbour;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.concurrent.locks.ReentrantLock;

/// How long neighbours took to answer lately: the time that 19 of 20 answers stayed under, of the
/// last [#KEPT]. And how many second requests may be paid for: one for each 20 files that answers
/// came from. A second request is a GET, and many answers come from what one GET has brought.
/// Thread-safe.
final class AnswerTimes {
  private static final int KEPT = 256;
  private static final int FEW = 20;
  private static final double QUANTILE = 0.95;
  private static final long MS_FIRST = 100;
  private static final long MS_MIN = 5;

  /// Tokens are counted in parts: the first answer from a file earns one, a second request costs
  /// [#PARTS].
  private static final int PARTS = 20;

  private static final int PARTS_MAX = 10 * PARTS;

  /// Of these it knows that they have earned their part.
  private static final int FILES_MAX = 1_024;

  private final ReentrantLock lock = new ReentrantLock();
  private final long[] times = new long[KEPT];
  private long count;
  private long slowMs = MS_FIRST;
  private int parts = PARTS;
  private final LinkedHashSet<Long> files = new LinkedHashSet<>();

  void add(long fileId, long durationMs) {
    lock.lock();
    try {
      times[(int) (count++ % KEPT)] = durationMs;
      if (files.add(fileId)) {
        parts = Math.min(parts + 1, PARTS_MAX);
        if (files.size() > FILES_MAX) {
          files.removeFirst();
        }
      }
      if (count % FEW == 0) {
        long[] sorted = Arrays.copyOf(times, (int) Math.min(count, KEPT));
        Arrays.sort(sorted);
        slowMs = Math.max(MS_MIN, sorted[(int) (sorted.length * QUANTILE)] + 1);
      }
    } finally {
      lock.unlock();
    }
  }

  /// After how long an answer is late.
  long slowMs() {
    lock.lock();
    try {
      return slowMs;
    } finally {
      lock.unlock();
    }
  }

  /// Pays for a second request.
  ///
  /// @return false if there is nothing to pay with
  boolean pay() {
    lock.lock();
    try {
      if (parts < PARTS) {
        return false;
      }
      parts -= PARTS;
      return true;
    } finally {
      lock.unlock();
    }
  }
}
