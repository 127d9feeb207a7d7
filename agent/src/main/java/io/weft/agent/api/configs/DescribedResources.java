package io.weft.agent.api.configs;

import io.weft.agent.catalog.LiveResources;
import io.weft.controlplane.api.admin.ResourceSettings.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/// The settings of groups, agents and client metrics subscriptions, as DescribeConfigs shows them.
/// Thread-safe.
record DescribedResources(LiveResources groups, LiveResources agents, LiveResources metrics) {
  private static final GroupRules GROUP_RULES = new GroupRules();

  List<ShownConfig> ofGroup(String name) {
    Map<String, String> own = own(groups, name);
    List<ShownConfig> shown = new ArrayList<>();
    for (ConfigKey key : GROUP_RULES.keys().values()) {
      String byDefault = GroupRules.defaultValue(key);
      String set = own.get(key.name);
      List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
      if (set != null) {
        synonyms.add(ShownConfig.synonym(key.name, set, ConfigSource.GROUP_CONFIG));
      }
      if (byDefault != null) {
        synonyms.add(
            ShownConfig.synonym(
                GroupRules.defaultName(key), byDefault, ConfigSource.DEFAULT_CONFIG));
      }
      shown.add(
          set == null
              ? new ShownConfig(key, byDefault, ConfigSource.DEFAULT_CONFIG, synonyms)
              : new ShownConfig(key, set, ConfigSource.GROUP_CONFIG, synonyms));
    }
    return shown;
  }

  List<ShownConfig> ofMetrics(String name) {
    Map<String, String> own = own(metrics, name);
    List<ShownConfig> shown = new ArrayList<>();
    new ClientMetricsRules()
        .keys()
        .forEach(
            (setting, key) -> {
              String set = own.get(setting);
              shown.add(
                  set == null
                      ? new ShownConfig(key, defaultOf(key), ConfigSource.DEFAULT_CONFIG, List.of())
                      : new ShownConfig(
                          key,
                          set,
                          ConfigSource.CLIENT_METRICS_CONFIG,
                          List.of(
                              ShownConfig.synonym(
                                  setting, set, ConfigSource.CLIENT_METRICS_CONFIG))));
            });
    return shown;
  }

  /// What was set of one agent, or by default for all, and what could be.
  List<ShownConfig> ofAgent(String id) {
    Map<String, String> own = own(agents, id);
    Map<String, String> ofAll = own(agents, "");
    List<ShownConfig> shown = new ArrayList<>();
    AgentRules.KEYS.forEach(
        (setting, key) -> {
          List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
          if (own.containsKey(setting)) {
            synonyms.add(
                ShownConfig.synonym(setting, own.get(setting), ConfigSource.DYNAMIC_BROKER_CONFIG));
          }
          if (ofAll.containsKey(setting)) {
            synonyms.add(
                ShownConfig.synonym(
                    setting, ofAll.get(setting), ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG));
          }
          synonyms.add(ShownConfig.synonym(setting, defaultOf(key), ConfigSource.DEFAULT_CONFIG));
          DescribeConfigsSynonym first = synonyms.getFirst();
          shown.add(
              new ShownConfig(key, first.value(), ConfigSource.forId(first.source()), synonyms));
        });
    return shown;
  }

  /// What was set by default for all agents.
  List<ShownConfig> ofAllAgents() {
    List<ShownConfig> shown = new ArrayList<>();
    own(agents, "")
        .forEach(
            (setting, value) -> {
              ConfigKey key = AgentRules.KEYS.get(setting);
              if (key != null) {
                shown.add(
                    new ShownConfig(
                        key,
                        value,
                        ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG,
                        List.of(
                            ShownConfig.synonym(
                                setting, value, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG))));
              }
            });
    return shown;
  }

  private static Map<String, String> own(LiveResources live, String name) {
    return live.fresh().find(name).map(Resource::settings).orElse(Map.of());
  }

  private static String defaultOf(ConfigKey key) {
    return key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : null;
  }
}
