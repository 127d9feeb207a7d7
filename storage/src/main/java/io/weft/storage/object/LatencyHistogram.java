package io.weft.storage.object;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// How long things took: a count per range of durations. Thread-safe, lock-free.
///
/// Four ranges to each doubling, from one microsecond up, so a quantile read from it is at most a
/// quarter too high. What takes longer than the last range begins is counted there.
final class LatencyHistogram {
  static final int RANGES = 128;

  private final AtomicLongArray counts = new AtomicLongArray(RANGES);
  private final LongAdder nanosSum = new LongAdder();

  void add(long nanos) {
    nanosSum.add(nanos);
    counts.incrementAndGet(range(nanos / 1_000));
  }

  /// As of about now: not one instant, since nothing is held up for it.
  ObjectStoreFigures.Latency figures() {
    long[] copy = new long[RANGES];
    for (int i = 0; i < RANGES; i++) {
      copy[i] = counts.get(i);
    }
    return new ObjectStoreFigures.Latency(nanosSum.sum(), copy);
  }

  static int range(long micros) {
    if (micros < 4) {
      return (int) Math.max(0, micros);
    }
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
    int quarter = (int) (micros >>> (exponent - 2)) & 3;
    return Math.min(RANGES - 1, (exponent - 1) * 4 + quarter);
  }

  /// The first duration past a range.
  static long endMicros(int range) {
    if (range < 4) {
      return range + 1L;
    }
    return (4L + range % 4 + 1) << (range / 4 - 1);
  }
}
