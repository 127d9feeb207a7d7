package io.weft.controlplane.api.topic;

import static io.weft.controlplane.api.topic.TopicSetting.COMPACT;
import static io.weft.controlplane.api.topic.TopicSetting.DELETE;
import static io.weft.controlplane.api.topic.TopicSetting.LOG_APPEND_TIME;
import static io.weft.controlplane.api.topic.TopicSetting.ZSTD;

import java.util.Map;

/// A topic's settings as they take effect: its own, else Kafka's defaults.
///
/// They were checked when they were set; a value that is not understood all the same (set by a
/// newer agent) counts as not set. [TopicSetting] is the table of their names, defaults and bounds.
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
/// @param minCleanableDirtyRatio how much of a log is dirty at least when it is cleaned
///   (`min.cleanable.dirty.ratio`)
/// @param minCompactionLagMs `min.compaction.lag.ms`
/// @param maxCompactionLagMs `max.compaction.lag.ms`
/// @param zstd whether its batches are said to be compressed by zstd, which old consumers cannot
///   read (`compression.type`)
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
    double minCleanableDirtyRatio,
    long minCompactionLagMs,
    long maxCompactionLagMs,
    boolean zstd) {
  public static final TopicSettings DEFAULTS = parsed(Map.of());

  /// @param own by Kafka's names; names that mean nothing here are left out
  public static TopicSettings of(Map<String, String> own) {
    return own.isEmpty() ? DEFAULTS : parsed(own);
  }

  private static TopicSettings parsed(Map<String, String> own) {
    return new TopicSettings(
        Math.toIntExact(TopicSetting.MAX_MESSAGE.numberOf(own)),
        Math.toIntExact(TopicSetting.MAX_DECOMPRESSED_MESSAGE.numberOf(own)),
        TopicSetting.TIMESTAMP_TYPE.hasWord(LOG_APPEND_TIME, own),
        TopicSetting.TIMESTAMP_BEFORE_MAX_MS.numberOf(own),
        TopicSetting.TIMESTAMP_AFTER_MAX_MS.numberOf(own),
        TopicSetting.CLEANUP_POLICY.hasWord(COMPACT, own),
        TopicSetting.CLEANUP_POLICY.hasWord(DELETE, own),
        TopicSetting.RETENTION_MS.numberOf(own),
        TopicSetting.RETENTION_BYTES.numberOf(own),
        TopicSetting.DELETE_RETENTION_MS.numberOf(own),
        TopicSetting.MIN_CLEANABLE_DIRTY_RATIO.fractionOf(own),
        TopicSetting.MIN_COMPACTION_LAG_MS.numberOf(own),
        TopicSetting.MAX_COMPACTION_LAG_MS.numberOf(own),
        TopicSetting.COMPRESSION_TYPE.hasWord(ZSTD, own));
  }
}
