package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.leader.LeaderSettings;
import io.weft.server.settings.CoordinatorSettings;
import io.weft.server.settings.Setting;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.SettingReader;
import io.weft.server.settings.SettingTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.junit.jupiter.api.Test;

/// The settings of the process that coordinates groups and transactions.
class CoordinatorSettingsTest {
  private static LeaderSettings leader(List<Setting> table, Map<String, String> more) {
    Map<String, String> flags = new TreeMap<>(more);
    if (table.equals(SettingTable.CONTROL_PLANE)) {
      flags.put("listen", "127.0.0.1:0");
      flags.put("journal", "file:/nowhere");
    }
    return ControlPlaneProcess.leaderSettings(
        new SettingReader(table).read(flags, Map.of(), Optional.empty()), "name", true);
  }

  @Test
  void theyReachTheLeader() {
    for (List<Setting> table : List.of(SettingTable.CONTROL_PLANE, SettingTable.DEV)) {
      assertThat(
              leader(
                      table,
                      Map.of(
                          "group.consumer.session.timeout.ms", "50000",
                          "group.max.size", "7",
                          "transactional.id.expiration.ms", "8"))
                  .groups())
          .containsEntry("group.consumer.session.timeout.ms", "50000")
          .containsEntry("group.max.size", "7")
          .containsEntry("transactional.id.expiration.ms", "8")
          .containsEntry("offsets.retention.minutes", "10080");
    }
  }

  @Test
  void whatDoesNotGoTogetherIsSaidInOneSentence() {
    assertThatThrownBy(
            () ->
                leader(
                    SettingTable.CONTROL_PLANE,
                    Map.of("group.consumer.session.timeout.ms", "1000")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("group.consumer.session.timeout.ms")
        .hasMessageEndingWith(".");
    assertThatThrownBy(
            () -> leader(SettingTable.DEV, Map.of("group.min.session.timeout.ms", "1800001")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("group.min.session.timeout.ms");
    assertThatThrownBy(
            () -> leader(SettingTable.DEV, Map.of("group.share.record.lock.duration.ms", "70000")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("group.share.max.record.lock.duration.ms");
  }

  /// But where Kafka has no limit.
  @Test
  void theyHaveKafkasNamesAndDefaults() {
    Map<String, Object> kafkas = new TreeMap<>(GroupCoordinatorConfig.CONFIG_DEF.defaultValues());
    kafkas.putAll(ShareGroupConfig.CONFIG_DEF.defaultValues());
    for (Setting setting : CoordinatorSettings.ALL) {
      if ((setting.name().endsWith(".max.size") && !setting.name().contains("share"))
          || setting.name().equals("groups.max")
          || setting.name().equals("group.offsets.max")
          || setting.name().startsWith("transactional")) {
        continue;
      }
      assertThat(String.valueOf(kafkas.get(setting.name())))
          .as(setting.name())
          .isEqualTo(setting.defaultText().orElseThrow());
    }
  }
}
