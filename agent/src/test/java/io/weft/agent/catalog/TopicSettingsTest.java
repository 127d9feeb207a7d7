package io.weft.agent.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;

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
                kafka.compactionLagMs,
                kafka.maxCompactionLagMs));
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
}
