package io.weft.agent.api.configs;

import java.util.Collections;
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

/// The settings of groups: Kafka's own GroupConfig, with the coordinator's settings at their
/// defaults. Stateless.
final class GroupRules implements ResourceRules {
  private static final AbstractConfig DEFAULTS = defaults();
  private static final GroupCoordinatorConfig COORDINATOR = new GroupCoordinatorConfig(DEFAULTS);
  private static final ShareGroupConfig SHARE = new ShareGroupConfig(DEFAULTS);

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
  private static AbstractConfig defaults() {
    ConfigDef both = new ConfigDef(GroupCoordinatorConfig.CONFIG_DEF);
    ShareGroupConfig.CONFIG_DEF.configKeys().values().forEach(both::define);
    return new AbstractConfig(both, Map.of(), false);
  }
}
