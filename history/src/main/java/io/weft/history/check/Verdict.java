package io.weft.history.check;

import java.util.List;
import java.util.Map;

/// What was found in a history.
///
/// @param anomalies what is bad: of each kind the first [#LISTED_MAX]
/// @param bad how many of each kind, all of them
/// @param tolerated how many of the kinds that [Expectations] allow
public record Verdict(
    List<Anomaly> anomalies, Map<Kind, Long> bad, Map<Kind, Long> tolerated, Summary summary) {
  public static final int LISTED_MAX = 10;

  private static final long NANOS_PER_MS = 1_000_000;

  public Verdict {
    anomalies = List.copyOf(anomalies);
  }

  /// Whether a correct log could have shown all this.
  public boolean isClean() {
    return bad.isEmpty();
  }

  /// What the history is made of.
  public record Summary(Sends sends, Reads reads, Lag lag, int keys, long offsets, long faults) {
    @Override
    public String toString() {
      return "%s; %s; %d keys with %d offsets; %d faults; %s"
          .formatted(sends, reads, keys, offsets, faults, lag);
    }
  }

  /// Those in transactions too.
  ///
  /// @param unknown may have happened or not
  public record Sends(long acked, long failed, long unknown) {
    @Override
    public String toString() {
      return "%d sends acknowledged, %d failed, %d unknown".formatted(acked, failed, unknown);
    }
  }

  /// @param records each as often as it was read
  public record Reads(long polls, long records) {
    @Override
    public String toString() {
      return "%d polls gave %d records".formatted(polls, records);
    }
  }

  /// How long at most an acknowledged record was missing in its readers' polls.
  ///
  /// @param quietNanosMax the same, counting only the time since the last fault
  public record Lag(long nanosMax, long quietNanosMax) {
    @Override
    public String toString() {
      return "readers were behind for at most %d ms, without faults %d ms"
          .formatted(nanosMax / NANOS_PER_MS, quietNanosMax / NANOS_PER_MS);
    }
  }

  /// The summary, the counts, and every listed anomaly in a line.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(summary.toString());
    tolerated.forEach(
        (kind, count) -> text.append("\nallowed: ").append(kind.label()).append(' ').append(count));
    bad.forEach(
        (kind, count) -> text.append("\nbad: ").append(kind.label()).append(' ').append(count));
    anomalies.forEach(anomaly -> text.append("\n  ").append(anomaly));
    return text.toString();
  }
}
