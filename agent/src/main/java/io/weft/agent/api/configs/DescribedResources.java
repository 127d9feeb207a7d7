package io.weft.agent.api.configs;

import io.weft.agent.catalog.LiveResources;
import io.weft.controlplane.api.admin.ResourceSettings.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
                      ? new ShownConfig(
                          key, BrokerKeys.defaultOf(key), ConfigSource.DEFAULT_CONFIG, List.of())
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

  /// All that holds for one agent.
  ///
  /// @param fixed what it was told by its operator, and what it is; by Kafka's names
  List<ShownConfig> ofAgent(String id, Map<String, String> fixed) {
    Map<String, String> own = own(agents, id);
    Map<String, String> ofAll = own(agents, "");
    Set<String> names = new TreeSet<>(AgentRules.KEYS.keySet());
    names.addAll(BrokerKeys.ALWAYS);
    names.addAll(fixed.keySet());
    names.retainAll(BrokerKeys.ALL.keySet());
    List<ShownConfig> shown = new ArrayList<>();
    for (String name : names) {
      ConfigKey key = BrokerKeys.ALL.get(name);
      String byDefault = BrokerKeys.defaultOf(key);
      List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
      boolean changeable = AgentRules.KEYS.containsKey(name);
      if (changeable) {
        add(synonyms, name, own.get(name), ConfigSource.DYNAMIC_BROKER_CONFIG);
        add(synonyms, name, ofAll.get(name), ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
      }
      if (fixed.containsKey(name) && !fixed.get(name).equals(byDefault)) {
        add(synonyms, name, fixed.get(name), ConfigSource.STATIC_BROKER_CONFIG);
      }
      add(synonyms, name, byDefault, ConfigSource.DEFAULT_CONFIG);
      shown.add(
          synonyms.isEmpty()
              ? new ShownConfig(key, null, ConfigSource.DEFAULT_CONFIG, !changeable, synonyms)
              : new ShownConfig(
                  key,
                  synonyms.getFirst().value(),
                  ConfigSource.forId(synonyms.getFirst().source()),
                  !changeable,
                  synonyms));
    }
    return shown;
  }

  private static void add(
      List<DescribeConfigsSynonym> synonyms, String name, String value, ConfigSource source) {
    if (value != null) {
      synonyms.add(ShownConfig.synonym(name, value, source));
    }
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
}
