package io.weft.controlplane.api.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.rules.TopicRules;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TopicSettingsTest {
  @Test
  void hasKafkasDefaults() {
    LogConfig kafka = new LogConfig(new Properties());
    TopicSettings ours = TopicSettings.of(Map.of());

    assertThat(ours)
        .isEqualTo(
            new TopicSettings(
                kafka.maxMessageSize(),
                128 << 20, // Kafka sets no limit
                kafka.messageTimestampType == TimestampType.LOG_APPEND_TIME,
                kafka.messageTimestampBeforeMaxMs,
                kafka.messageTimestampAfterMaxMs,
                kafka.compact,
                kafka.delete,
                kafka.retentionMs,
                kafka.retentionSize,
                kafka.deleteRetentionMs,
                kafka.minCleanableRatio,
                kafka.compactionLagMs,
                kafka.maxCompactionLagMs,
                "zstd".equals(kafka.getString("compression.type"))));
  }

  @Test
  void takesATopicsOwn() {
    TopicSettings settings =
        TopicSettings.of(
            Map.of(
                "max.message.bytes", "5",
                "max.decompressed.message.bytes", "6",
                "message.timestamp.type", "LogAppendTime",
                "cleanup.policy", "compact, delete",
                "retention.ms", "-1"));

    assertThat(settings.maxMessageBytes()).isEqualTo(5);
    assertThat(settings.maxDecompressedMessageBytes()).isEqualTo(6);
    assertThat(settings.logAppendTime()).isTrue();
    assertThat(settings.compacted()).isTrue();
    assertThat(settings.expiring()).isTrue();
    assertThat(settings.retentionMs()).isEqualTo(-1);
  }

  /// As Kafka takes it: what stands around a value is cut off, control characters too.
  @Test
  void takesAValueWithBlanksAroundItAsKafkaDoes() {
    Map<String, String> padded =
        Map.of(
            "max.message.bytes", "\u00015\u0001",
            "retention.ms", "\t7\n",
            "message.timestamp.type", " LogAppendTime\u0001",
            "compression.type", "\u0001zstd ",
            "cleanup.policy", " compact , delete\u0001");

    assertThat(TopicRules.flaw(Map.of(), padded)).isEmpty();
    TopicSettings settings = TopicSettings.of(padded);
    assertThat(settings.maxMessageBytes()).isEqualTo(5);
    assertThat(settings.retentionMs()).isEqualTo(7);
    assertThat(settings.logAppendTime()).isTrue();
    assertThat(settings.zstd()).isTrue();
    assertThat(settings.compacted()).isTrue();
    assertThat(settings.expiring()).isTrue();
    LogConfig kafka = LogConfig.fromProps(Map.of(), properties(padded));
    assertThat(kafka.messageTimestampType).isEqualTo(TimestampType.LOG_APPEND_TIME);
    assertThat(kafka.compact && kafka.delete).isTrue();
  }

  private static Properties properties(Map<String, String> settings) {
    Properties properties = new Properties();
    properties.putAll(settings);
    return properties;
  }

  @Test
  void whatAnotherReleaseHasKeptDoesNotBlockOtherChanges() {
    Map<String, String> before =
        Map.of("of.a.newer.release", "1", "compression.type", "of a newer release");
    Map<String, String> after = new HashMap<>(before);
    after.put("retention.ms", "5");

    assertThat(TopicRules.flaw(before, after)).isEmpty();
    assertThat(TopicRules.flaw(before, Map.of("retention.ms", "5"))).isEmpty();
    after.put("compression.type", "another one");
    assertThat(TopicRules.flaw(before, after))
        .hasValueSatisfying(flaw -> assertThat(flaw).contains("another one"));
    assertThat(TopicRules.flaw(before, Map.of("another.name", "1"))).isPresent();
    assertThat(TopicRules.flaw(Map.of(), before)).isPresent();
  }

  /// One of two settings that bound each other is checked against the other one, changed or not.
  @Test
  void whatStaysIsStillComparedWithWhatChanges() {
    Map<String, String> before = Map.of("min.compaction.lag.ms", "10", "a.newer.one", "1");
    Map<String, String> after = new HashMap<>(before);
    after.put("max.compaction.lag.ms", "5");

    assertThat(TopicRules.flaw(before, after)).isPresent();
  }

  @Test
  void compactsWithoutExpiring() {
    TopicSettings settings = TopicSettings.of(Map.of("cleanup.policy", "compact"));

    assertThat(settings.compacted()).isTrue();
    assertThat(settings.expiring()).isFalse();
  }

  @Test
  void takesWhatItDoesNotUnderstandForNotSet() {
    assertThat(TopicSettings.of(Map.of("retention.ms", "a while", "new.setting", "1")))
        .isEqualTo(TopicSettings.DEFAULTS);
  }

  @ParameterizedTest
  @MethodSource("all")
  void typesDefaultsAndBoundsAreKafkas(TopicSetting setting) {
    ConfigDef.ConfigKey kafka = LogConfig.configKeys().get(setting.name());

    assertThat(kafka.type).hasToString(setting.type().name());
    if (!setting.name().equals("max.decompressed.message.bytes")) { // Kafka sets no limit
      assertThat(ConfigDef.convertToString(kafka.defaultValue, kafka.type))
          .isEqualTo(setting.defaultValue());
    }
    setting.words().forEach(word -> assertThat(flaw(setting, word)).isEmpty());
    if (setting.words().isEmpty()) {
      TopicSetting.Range numbers = setting.numbers();
      assertThat(flaw(setting, Long.toString(numbers.min()))).isEmpty();
      assertThat(
              flaw(setting, BigInteger.valueOf(numbers.min()).subtract(BigInteger.ONE).toString()))
          .isPresent();
      assertThat(flaw(setting, Long.toString(numbers.max()))).isEmpty();
      assertThat(flaw(setting, BigInteger.valueOf(numbers.max()).add(BigInteger.ONE).toString()))
          .isPresent();
    } else {
      assertThat(flaw(setting, "no such word")).isPresent();
    }
  }

  private static List<TopicSetting> all() {
    return TopicSetting.ALL;
  }

  private static Optional<String> flaw(TopicSetting setting, String value) {
    return TopicRules.flaw(Map.of(), Map.of(setting.name(), value));
  }

  @Test
  void whatWasAcceptedWithoutBoundsCountsWithinThem() {
    assertThat(TopicSettings.of(Map.of("max.message.bytes", "2147483647")).maxMessageBytes())
        .isEqualTo(100_000_000);
  }

  @Test
  void knowsWhatOldConsumersCannotRead() {
    assertThat(TopicSettings.of(Map.of("compression.type", "zstd")).zstd()).isTrue();
    assertThat(TopicSettings.of(Map.of("compression.type", "lz4")).zstd()).isFalse();
  }
}
