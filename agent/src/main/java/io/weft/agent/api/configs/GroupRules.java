package io.weft.agent.api.configs;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/// The settings of groups: Kafka's own GroupConfig. The coordinator's bounds are known to the
/// leader, which checks them when a setting is changed; here they are as wide as they can be.
/// Stateless.
final class GroupRules implements ResourceRules {
  private static final AbstractConfig WIDEST = widest();
  private static final GroupCoordinatorConfig COORDINATOR = new GroupCoordinatorConfig(WIDEST);
  private static final ShareGroupConfig SHARE = new ShareGroupConfig(WIDEST);

  @Override
  public void checkName(String name) {
    if (name.isEmpty()) {
      throw new InvalidRequestException("Default group resources are not allowed.");
    }
  }

  @Override
  public Optional<ApiError> flaw(String name, Map<String, String> after) {
    try {
      GroupConfig.validate(after, COORDINATOR, SHARE);
      return Optional.empty();
    } catch (ConfigException e) {
      return Optional.of(new ApiError(Errors.INVALID_CONFIG, e.getMessage()));
    } catch (ApiException e) {
      return Optional.of(ApiError.fromThrowable(e));
    }
  }

  @Override
  public Map<String, ConfigKey> keys() {
    Map<String, ConfigKey> keys = new TreeMap<>();
    GroupConfig.CONFIG_DEF
        .configKeys()
        .forEach(
            (name, key) -> {
              if (!GroupConfig.isInternal(name)) {
                keys.put(name, key);
              }
            });
    return Collections.unmodifiableMap(keys);
  }

  /// The broker's setting that gives the default; the group's own name if there is none.
  static String defaultName(ConfigKey key) {
    return GroupConfig.brokerSynonym(key.name).orElse(key.name);
  }

  /// The default as Kafka writes it; null for none.
  static String defaultValue(ConfigKey key) {
    String name = defaultName(key);
    ConfigKey broker = GroupCoordinatorConfig.CONFIG_DEF.configKeys().get(name);
    if (broker == null) {
      broker = ShareGroupConfig.CONFIG_DEF.configKeys().get(name);
    }
    ConfigKey giving = broker == null ? key : broker;
    return giving.hasDefault() ? ConfigDef.convertToString(giving.defaultValue, giving.type) : null;
  }

  /// The two look at settings of each other.
  private static AbstractConfig widest() {
    ConfigDef both = new ConfigDef(GroupCoordinatorConfig.CONFIG_DEF);
    ShareGroupConfig.CONFIG_DEF.configKeys().values().forEach(both::define);
    Map<String, String> widest = new TreeMap<>();
    for (String kind : List.of("consumer", "share", "streams")) {
      String all = String.valueOf(Integer.MAX_VALUE);
      widest.put("group.%s.min.session.timeout.ms".formatted(kind), "1");
      widest.put("group.%s.max.session.timeout.ms".formatted(kind), all);
      widest.put("group.%s.min.heartbeat.interval.ms".formatted(kind), "1");
      widest.put("group.%s.max.heartbeat.interval.ms".formatted(kind), all);
      widest.put("group.%s.max.assignment.interval.ms".formatted(kind), all);
    }
    widest.put("group.streams.max.standby.replicas", String.valueOf(Integer.MAX_VALUE));
    widest.put("group.share.min.record.lock.duration.ms", "1000");
    widest.put("group.share.max.record.lock.duration.ms", "3600000");
    widest.put("group.share.max.delivery.count.limit", "25");
    widest.put("group.share.max.partition.max.record.locks", "10000");
    return new AbstractConfig(both, widest, false);
  }
}
