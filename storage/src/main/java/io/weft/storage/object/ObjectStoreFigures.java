package io.weft.storage.object;

import java.util.EnumMap;
import java.util.Map;

/// What a [MeasuringObjectStore] has counted since it was made.
///
/// @param store which one it is, as its maker named it
/// @param purposes one for each purpose and operation, in their order
public record ObjectStoreFigures(
    String store, Map<StorePurpose, Map<ObjectOperation, OfOperation>> purposes) {

  /// @param calls ended calls, good and bad
  /// @param bytes bytes of object content moved by calls that ended well
  /// @param deferred calls that the store answered and refused for now
  /// @param unavailable calls that ended otherwise unavailable, and so on
  public record OfOperation(
      long calls,
      long bytes,
      long deferred,
      long unavailable,
      long rejected,
      long notFound,
      Latency latency) {
    OfOperation plus(OfOperation other) {
      return new OfOperation(
          calls + other.calls,
          bytes + other.bytes,
          deferred + other.deferred,
          unavailable + other.unavailable,
          rejected + other.rejected,
          notFound + other.notFound,
          latency.plus(other.latency));
    }
  }

  /// How long calls took, good and bad ones.
  ///
  /// @param nanosSum all of them together
  /// @param counts calls per range of durations; see [#rangeEndMicros]
  public record Latency(long nanosSum, long[] counts) {
    /// The first duration past range `range`.
    public static long rangeEndMicros(int range) {
      return LatencyHistogram.endMicros(range);
    }

    Latency plus(Latency other) {
      long[] sums = counts.clone();
      for (int range = 0; range < sums.length; range++) {
        sums[range] += other.counts[range];
      }
      return new Latency(nanosSum + other.nanosSum, sums);
    }

    /// The duration that the given share of calls (0 to 1) did not exceed, at most a quarter too
    /// high; 0 if there were none.
    public double quantileMs(double share) {
      long all = 0;
      for (long count : counts) {
        all += count;
      }
      long wanted = Math.max(1, (long) Math.ceil(share * all));
      long seen = 0;
      for (int range = 0; range < counts.length; range++) {
        seen += counts[range];
        if (seen >= wanted) {
          return rangeEndMicros(range) / 1_000.0;
        }
      }
      return 0;
    }
  }

  /// Of all purposes together, one for each operation.
  public Map<ObjectOperation, OfOperation> operations() {
    Map<ObjectOperation, OfOperation> sums = new EnumMap<>(ObjectOperation.class);
    purposes
        .values()
        .forEach(
            of -> of.forEach((operation, one) -> sums.merge(operation, one, OfOperation::plus)));
    return sums;
  }

  public OfOperation of(ObjectOperation operation) {
    return operations().get(operation);
  }

  public OfOperation of(StorePurpose purpose, ObjectOperation operation) {
    return purposes.get(purpose).get(operation);
  }
}
