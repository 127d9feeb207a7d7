package io.weft.storage.object;

import java.util.Map;

/// What a [MeasuringObjectStore] has counted since it was made.
///
/// @param purpose what the store is used for, as its maker named it
/// @param operations one for each operation, in their order
public record ObjectStoreFigures(String purpose, Map<ObjectOperation, OfOperation> operations) {

  /// @param calls ended calls, good and bad
  /// @param bytes bytes of object content moved by calls that ended well
  /// @param unavailable calls that ended so, and so on
  public record OfOperation(
      long calls, long bytes, long unavailable, long rejected, long notFound, Latency latency) {}

  /// How long calls took, good and bad ones.
  ///
  /// @param nanosSum all of them together
  /// @param counts calls per range of durations; see [#rangeEndMicros]
  public record Latency(long nanosSum, long[] counts) {
    /// The first duration past range `range`.
    public static long rangeEndMicros(int range) {
      return LatencyHistogram.endMicros(range);
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

  public OfOperation of(ObjectOperation operation) {
    return operations.get(operation);
  }
}
