package io.weft.controlplane.api.topic;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One setting of topics that Weft acts on. Immutable.
///
/// @param name Kafka's
/// @param defaultValue what counts where a topic has none, as Kafka writes it
/// @param numbers that it may be; [Range#NONE] for words
/// @param words that it may be, in a list where it is one; empty for numbers
public record TopicSetting(
    String name, Type type, String defaultValue, Range numbers, List<String> words) {
  /// The most that `max.message.bytes` may say: such a batch fits a file, and with its request
  /// Kafka's standard for the longest request.
  public static final int MESSAGE_BYTES_MAX = 100_000_000;

  /// Kafka sets no limit; this is far above what any client sends and nothing that holds up an
  /// agent.
  static final int MAX_DECOMPRESSED_MESSAGE_BYTES = 128 << 20;

  static final String COMPACT = "compact";
  static final String DELETE = "delete";
  static final String LOG_APPEND_TIME = "LogAppendTime";
  static final String ZSTD = "zstd";

  private static final long ENDLESS = Long.MAX_VALUE;

  static final TopicSetting MAX_MESSAGE =
      number("max.message.bytes", Type.INT, 1_048_588, new Range(0, MESSAGE_BYTES_MAX));
  static final TopicSetting MAX_DECOMPRESSED_MESSAGE =
      number(
          "max.decompressed.message.bytes",
          Type.INT,
          MAX_DECOMPRESSED_MESSAGE_BYTES,
          new Range(1, Integer.MAX_VALUE - 8));
  static final TopicSetting TIMESTAMP_TYPE =
      word("message.timestamp.type", Type.STRING, "CreateTime", "CreateTime", LOG_APPEND_TIME);
  static final TopicSetting TIMESTAMP_BEFORE_MAX_MS =
      number("message.timestamp.before.max.ms", Type.LONG, ENDLESS, new Range(0, ENDLESS));
  static final TopicSetting TIMESTAMP_AFTER_MAX_MS =
      number("message.timestamp.after.max.ms", Type.LONG, 3_600_000, new Range(0, ENDLESS));
  static final TopicSetting CLEANUP_POLICY =
      word("cleanup.policy", Type.LIST, DELETE, COMPACT, DELETE);
  static final TopicSetting RETENTION_MS =
      number("retention.ms", Type.LONG, 604_800_000, new Range(-1, ENDLESS));
  static final TopicSetting RETENTION_BYTES =
      number("retention.bytes", Type.LONG, -1, new Range(Long.MIN_VALUE, ENDLESS));
  static final TopicSetting DELETE_RETENTION_MS =
      number("delete.retention.ms", Type.LONG, 86_400_000, new Range(0, ENDLESS));
  static final TopicSetting MIN_CLEANABLE_DIRTY_RATIO =
      new TopicSetting("min.cleanable.dirty.ratio", Type.DOUBLE, "0.5", new Range(0, 1), List.of());
  static final TopicSetting MIN_COMPACTION_LAG_MS =
      number("min.compaction.lag.ms", Type.LONG, 0, new Range(0, ENDLESS));
  static final TopicSetting MAX_COMPACTION_LAG_MS =
      number("max.compaction.lag.ms", Type.LONG, ENDLESS, new Range(1, ENDLESS));
  static final TopicSetting COMPRESSION_TYPE =
      word(
          "compression.type",
          Type.STRING,
          "producer",
          "uncompressed",
          ZSTD,
          "lz4",
          "snappy",
          "gzip",
          "producer");

  public static final List<TopicSetting> ALL =
      List.of(
          MAX_MESSAGE,
          MAX_DECOMPRESSED_MESSAGE,
          TIMESTAMP_TYPE,
          TIMESTAMP_BEFORE_MAX_MS,
          TIMESTAMP_AFTER_MAX_MS,
          CLEANUP_POLICY,
          RETENTION_MS,
          RETENTION_BYTES,
          DELETE_RETENTION_MS,
          MIN_CLEANABLE_DIRTY_RATIO,
          MIN_COMPACTION_LAG_MS,
          MAX_COMPACTION_LAG_MS,
          COMPRESSION_TYPE);

  /// Of its value; named as Kafka's types.
  public enum Type {
    INT,
    LONG,
    DOUBLE,
    STRING,
    LIST
  }

  /// @param min inclusive, as is `max`
  public record Range(long min, long max) {
    static final Range NONE = new Range(0, -1);
  }

  private static TopicSetting number(String name, Type type, long defaultValue, Range range) {
    return new TopicSetting(name, type, Long.toString(defaultValue), range, List.of());
  }

  private static TopicSetting word(String name, Type type, String defaultValue, String... words) {
    return new TopicSetting(name, type, defaultValue, Range.NONE, List.of(words));
  }

  /// Why a topic cannot have these settings, if one of them is above its bound: after Kafka's own
  /// checks, that of batches.
  ///
  /// @param before what it has now; what was accepted once stays acceptable
  /// @param after passed Kafka's checks
  public static Optional<String> aboveBound(Map<String, String> before, Map<String, String> after) {
    for (TopicSetting setting : ALL) {
      String value = after.get(setting.name);
      if (value != null && !value.equals(before.get(setting.name)) && setting.isAbove(value)) {
        return Optional.of(
            "Invalid value %s for configuration %s: a batch has %d bytes at most"
                .formatted(value, setting.name, setting.numbers.max));
      }
    }
    return Optional.empty();
  }

  private boolean isAbove(String value) {
    return words.isEmpty() && type != Type.DOUBLE && Long.parseLong(value.trim()) > numbers.max;
  }

  /// What a topic with these settings has of this one, within its bounds. A number that is not
  /// understood counts as not set.
  ///
  /// @param own by Kafka's names
  long numberOf(Map<String, String> own) {
    return Math.clamp(parsed(own.getOrDefault(name, defaultValue)), numbers.min, numbers.max);
  }

  /// As [#numberOf], of a fraction.
  double fractionOf(Map<String, String> own) {
    double value;
    try {
      value = Double.parseDouble(own.getOrDefault(name, defaultValue).trim());
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    return Double.isNaN(value)
        ? Double.parseDouble(defaultValue)
        : Math.clamp(value, (double) numbers.min, (double) numbers.max);
  }

  private long parsed(String value) {
    try {
      return type == Type.INT ? Integer.parseInt(value.trim()) : Long.parseLong(value.trim());
    } catch (NumberFormatException e) {
      return Long.parseLong(defaultValue);
    }
  }

  /// Whether a topic with these settings has this word, alone or in its list. Blanks around it are
  /// cut off as Kafka does it.
  ///
  /// @param own by Kafka's names
  boolean hasWord(String word, Map<String, String> own) {
    String value = own.getOrDefault(name, defaultValue);
    return type == Type.LIST
        ? Arrays.stream(value.split(",", -1)).map(String::trim).anyMatch(word::equals)
        : value.trim().equals(word);
  }
}
