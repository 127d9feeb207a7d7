package io.weft.controlplane.state.share;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/// What a group's settings say, by Kafka's names (resource type GROUP).
///
/// @param recordLocksMax offsets that are not finished between start and end, at most
///   (`share.partition.max.record.locks`)
/// @param deliveriesMax after so many a record is not delivered again
///   (`share.delivery.count.limit`)
/// @param lockMs how long a member may keep a record (`share.record.lock.duration.ms`)
/// @param reset where a share-partition starts (`share.auto.offset.reset`)
/// @param committedOnly `share.isolation.level=read_committed`
/// @param renewable whether a member may ask for more time (`share.renew.acknowledge.enable`)
public record ShareSettings(
    int recordLocksMax,
    int deliveriesMax,
    int lockMs,
    Reset reset,
    boolean committedOnly,
    boolean renewable) {
  public static final ShareSettings DEFAULT =
      new ShareSettings(2_000, 5, 30_000, new Reset.Latest(), false, true);

  private static final int RECORD_LOCKS_MIN = 100;
  private static final int RECORD_LOCKS_MAX = 10_000;
  private static final int DELIVERIES_MIN = 2;
  private static final int DELIVERIES_MAX = 25;
  private static final int LOCK_MS_MIN = 1_000;
  private static final int LOCK_MS_MAX = 3_600_000;

  /// Where to start.
  public sealed interface Reset {
    record Earliest() implements Reset {}

    record Latest() implements Reset {}

    /// At the first record that is no older than this.
    record ByDuration(long durationMs) implements Reset {}
  }

  /// A value that makes no sense counts as not given: it is checked where the setting is taken in.
  public static ShareSettings of(Map<String, String> settings) {
    return new ShareSettings(
        number(settings, "share.partition.max.record.locks", RECORD_LOCKS_MIN, RECORD_LOCKS_MAX)
            .orElse(DEFAULT.recordLocksMax),
        number(settings, "share.delivery.count.limit", DELIVERIES_MIN, DELIVERIES_MAX)
            .orElse(DEFAULT.deliveriesMax),
        number(settings, "share.record.lock.duration.ms", LOCK_MS_MIN, LOCK_MS_MAX)
            .orElse(DEFAULT.lockMs),
        reset(word(settings, "share.auto.offset.reset")),
        word(settings, "share.isolation.level").equals("read_committed"),
        !word(settings, "share.renew.acknowledge.enable").equalsIgnoreCase("false"));
  }

  /// Without the blanks around it, as Kafka takes it.
  private static String word(Map<String, String> settings, String name) {
    return settings.getOrDefault(name, "").trim();
  }

  private static Optional<Integer> number(
      Map<String, String> settings, String name, int min, int max) {
    try {
      int value = Integer.parseInt(word(settings, name));
      return Optional.of(Math.clamp(value, min, max));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Reset reset(String value) {
    if (value.equals("earliest")) {
      return new Reset.Earliest();
    }
    if (value.startsWith("by_duration:")) {
      try {
        String duration = value.substring("by_duration:".length());
        return new Reset.ByDuration(Math.max(0, Duration.parse(duration).toMillis()));
      } catch (DateTimeParseException | ArithmeticException e) {
        return DEFAULT.reset;
      }
    }
    return DEFAULT.reset;
  }
}
