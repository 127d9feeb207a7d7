package io.weft.controlplane.groups;

import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/// The coordinator's settings, and those of single groups.
record ShardSettings(GroupCoordinatorConfig coordinator, GroupConfigManager groups) {
  /// @param settings by Kafka's names (`group.*`, `offsets.*`); those not set have Kafka's default
  /// @throws org.apache.kafka.common.config.ConfigException for a value that is none
  static ShardSettings of(Map<String, String> settings) {
    ConfigDef all = new ConfigDef(GroupCoordinatorConfig.CONFIG_DEF);
    ShareGroupConfig.CONFIG_DEF.configKeys().values().forEach(all::define);
    AbstractConfig values = new AbstractConfig(all, settings, false);
    GroupCoordinatorConfig coordinator = new GroupCoordinatorConfig(values);
    ShareGroupConfig share = new ShareGroupConfig(values);
    return new ShardSettings(coordinator, new GroupConfigManager(coordinator, share));
  }
}
