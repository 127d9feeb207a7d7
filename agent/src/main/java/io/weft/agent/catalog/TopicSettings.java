package io.weft.agent.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A topic's settings as they take effect: its own, else Kafka's defaults.
///
/// They were checked when they were set; a value that is not understood all the same (set by a
/// newer agent) counts as not set.
///
/// @param maxMessageBytes the largest batch, as it is sent (`max.message.bytes`)
/// @param maxDecompressedMessageBytes the largest record of a compressed batch, as it unfolds
///   (`max.decompressed.message.bytes`)
/// @param logAppendTime whether records get the time of their commit (`message.timestamp.type`)
/// @param timestampBeforeMaxMs how far before now a record's time may lie
///   (`message.timestamp.before.max.ms`)
/// @param timestampAfterMaxMs how far after now (`message.timestamp.after.max.ms`)
/// @param compacted whether only the last record of a key is kept (`cleanup.policy` has `compact`)
/// @param expiring whether old records go (`cleanup.policy` has `delete`)
/// @param retentionMs -1 for ever (`retention.ms`)
/// @param retentionBytes of each partition, -1 without limit (`retention.bytes`)
/// @param deleteRetentionMs how long tombstones stay (`delete.retention.ms`)
/// @param minCompactionLagMs `min.compaction.lag.ms`
/// @param maxCompactionLagMs `max.compaction.lag.ms`
public record TopicSettings(
    int maxMessageBytes,
    int maxDecompressedMessageBytes,
    boolean logAppendTime,
    long timestampBeforeMaxMs,
    long timestampAfterMaxMs,
    boolean compacted,
    boolean expiring,
    long retentionMs,
    long retentionBytes,
    long deleteRetentionMs,
    long minCompactionLagMs,
    long maxCompactionLagMs) {
  /// Kafka sets no limit; this is far above what any client sends and nothing that holds up an
  /// agent.
  public static final int MAX_DECOMPRESSED_MESSAGE_BYTES = 128 << 20;

  public static final TopicSettings DEFAULTS =
      new TopicSettings(
          1_048_588,
          MAX_DECOMPRESSED_MESSAGE_BYTES,
          false,
          Long.MAX_VALUE,
          3_600_000,
          false,
          true,
          604_800_000,
          -1,
          86_400_000,
          0,
          Long.MAX_VALUE);

  /// @param own by Kafka's names; names that mean nothing here are left out
  public static TopicSettings of(Map<String, String> own) {
    if (own.isEmpty()) {
      return DEFAULTS;
    }
    List<String> policies = policies(own.getOrDefault("cleanup.policy", "delete"));
    return new TopicSettings(
        number(own, "max.message.bytes", Integer::parseInt, DEFAULTS.maxMessageBytes),
        number(
            own,
            "max.decompressed.message.bytes",
            Integer::parseInt,
            DEFAULTS.maxDecompressedMessageBytes),
        "LogAppendTime".equals(own.get("message.timestamp.type")),
        longNumber(own, "message.timestamp.before.max.ms", DEFAULTS.timestampBeforeMaxMs),
        longNumber(own, "message.timestamp.after.max.ms", DEFAULTS.timestampAfterMaxMs),
        policies.contains("compact"),
        policies.contains("delete"),
        longNumber(own, "retention.ms", DEFAULTS.retentionMs),
        longNumber(own, "retention.bytes", DEFAULTS.retentionBytes),
        longNumber(own, "delete.retention.ms", DEFAULTS.deleteRetentionMs),
        longNumber(own, "min.compaction.lag.ms", DEFAULTS.minCompactionLagMs),
        longNumber(own, "max.compaction.lag.ms", DEFAULTS.maxCompactionLagMs));
  }

  private static List<String> policies(String value) {
    return Arrays.stream(value.split(",")).map(String::strip).toList();
  }

  private static long longNumber(Map<String, String> own, String name, long orElse) {
    return number(own, name, Long::parseLong, orElse);
  }

  private static <N> N number(
      Map<String, String> own, String name, Function<String, N> parse, N orElse) {
    String value = own.get(name);
    if (value == null) {
      return orElse;
    }
    try {
      return parse.apply(value.strip());
    } catch (NumberFormatException e) {
      return orElse;
    }
  }
}
