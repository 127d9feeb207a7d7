package io.weft.controlplane.groups;

import io.weft.controlplane.groups.limit.GroupLimits;
import io.weft.controlplane.rules.KeptSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/// The coordinator's settings, those of single groups, and the limits of all groups.
record ShardSettings(
    GroupCoordinatorConfig coordinator,
    ShareGroupConfig share,
    GroupConfigManager groups,
    GroupLimits limits) {
  /// Where Kafka knows no limit.
  private static final Map<String, String> OWN_DEFAULTS =
      Map.of(
          "group.max.size", "10000",
          "group.consumer.max.size", "10000",
          "group.streams.max.size", "10000");

  private static final String GROUPS_MAX = "groups.max";
  private static final String OFFSETS_MAX = "group.offsets.max";

  /// @param settings by Kafka's names (`group.*`, `offsets.*`), and `groups.max` and
  ///   `group.offsets.max` of our own; those not set have Kafka's default, or ours where Kafka's is
  ///   no limit at all
  /// @throws org.apache.kafka.common.config.ConfigException for a value that is not allowed
  static ShardSettings of(Map<String, String> settings) {
    ConfigDef all = new ConfigDef(GroupCoordinatorConfig.CONFIG_DEF);
    ShareGroupConfig.CONFIG_DEF.configKeys().values().forEach(all::define);
    Map<String, String> given = new HashMap<>(OWN_DEFAULTS);
    given.putAll(settings);
    AbstractConfig values = new AbstractConfig(all, given, false);
    GroupCoordinatorConfig coordinator = new GroupCoordinatorConfig(values);
    if (coordinator.classicGroupMinSessionTimeoutMs()
        > coordinator.classicGroupMaxSessionTimeoutMs()) {
      throw new ConfigException(
          "group.min.session.timeout.ms must be no more than group.max.session.timeout.ms");
    }
    ShareGroupConfig share = new ShareGroupConfig(values);
    check(share);
    return new ShardSettings(
        coordinator, share, new GroupConfigManager(coordinator, share), limits(settings));
  }

  /// Gives a group settings of its own. What another release has kept of them and this one cannot
  /// read counts as not set.
  ///
  /// @param own by Kafka's names
  void configure(String group, Map<String, String> own) {
    Properties properties = new Properties();
    properties.putAll(KeptSettings.readable(own, GroupConfig.CONFIG_DEF.configKeys()));
    groups.updateGroupConfig(group, properties);
  }

  private static void check(ShareGroupConfig share) {
    between(
        "record.lock.duration.ms",
        share.shareGroupMinRecordLockDurationMs(),
        share.shareGroupRecordLockDurationMs(),
        share.shareGroupMaxRecordLockDurationMs());
    between(
        "delivery.count.limit",
        share.shareGroupMinDeliveryCountLimit(),
        share.shareGroupDeliveryCountLimit(),
        share.shareGroupMaxDeliveryCountLimit());
    between(
        "partition.max.record.locks",
        share.shareGroupMinPartitionMaxRecordLocks(),
        share.shareGroupPartitionMaxRecordLocks(),
        share.shareGroupMaxPartitionMaxRecordLocks());
  }

  private static void between(String name, int min, int value, int max) {
    if (value < min || value > max) {
      throw new ConfigException(
          "group.share.%s is %d: it must be between group.share.min.%s (%d) and group.share.max.%s (%d)"
              .formatted(name, value, name, min, name, max));
    }
  }

  /// What a share group's settings come to: the coordinator's where it has no own ones, and within
  /// the coordinator's bounds where these were others when the group's were set.
  Map<String, String> ofShareGroup(Map<String, String> own) {
    Map<String, String> all = new HashMap<>(own);
    all.put(
        GroupConfig.SHARE_RECORD_LOCK_DURATION_MS_CONFIG,
        within(
            own.get(GroupConfig.SHARE_RECORD_LOCK_DURATION_MS_CONFIG),
            share.shareGroupMinRecordLockDurationMs(),
            share.shareGroupRecordLockDurationMs(),
            share.shareGroupMaxRecordLockDurationMs()));
    all.put(
        GroupConfig.SHARE_DELIVERY_COUNT_LIMIT_CONFIG,
        within(
            own.get(GroupConfig.SHARE_DELIVERY_COUNT_LIMIT_CONFIG),
            share.shareGroupMinDeliveryCountLimit(),
            share.shareGroupDeliveryCountLimit(),
            share.shareGroupMaxDeliveryCountLimit()));
    all.put(
        GroupConfig.SHARE_PARTITION_MAX_RECORD_LOCKS_CONFIG,
        within(
            own.get(GroupConfig.SHARE_PARTITION_MAX_RECORD_LOCKS_CONFIG),
            share.shareGroupMinPartitionMaxRecordLocks(),
            share.shareGroupPartitionMaxRecordLocks(),
            share.shareGroupMaxPartitionMaxRecordLocks()));
    return all;
  }

  private static String within(String own, int min, int standard, int max) {
    int value = standard;
    try {
      value = own == null ? standard : Math.clamp(Integer.parseInt(own.trim()), min, max);
    } catch (NumberFormatException e) {
      // It makes no sense, and counts as not given.
    }
    return String.valueOf(value);
  }

  private static GroupLimits limits(Map<String, String> settings) {
    GroupLimits standard = GroupLimits.DEFAULT;
    return new GroupLimits(
        number(settings, GROUPS_MAX, standard.groupsMax()),
        number(settings, OFFSETS_MAX, standard.offsetsPerGroupMax()),
        standard.tableBytesMax());
  }

  private static int number(Map<String, String> settings, String name, int standard) {
    return settings.containsKey(name) ? Integer.parseInt(settings.get(name)) : standard;
  }
}
