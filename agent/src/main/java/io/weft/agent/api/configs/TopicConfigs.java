package io.weft.agent.api.configs;

import io.weft.controlplane.api.topic.TopicSetting;
import io.weft.controlplane.rules.KeptSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;

/// Kafka's topic settings as they are shown: names, types, defaults. Stateless.
public final class TopicConfigs {
  /// Defaults of what Weft acts on; one of them is not Kafka's.
  private static final Map<String, String> OWN_DEFAULTS =
      TopicSetting.ALL.stream()
          .collect(Collectors.toMap(TopicSetting::name, TopicSetting::defaultValue));

  private TopicConfigs() {}

  /// One setting of a topic, as it takes effect.
  ///
  /// @param own whether the topic sets it itself
  /// @param agentName what Kafka calls the setting of a broker that gives the default
  public record Entry(
      ConfigKey key, String value, boolean own, String defaultValue, Optional<String> agentName) {}

  /// The default as Kafka writes it; empty for none.
  public static String defaultValue(String name) {
    String ownDefault = OWN_DEFAULTS.get(name);
    if (ownDefault != null) {
      return ownDefault;
    }
    ConfigKey key = LogConfig.configKeys().get(name);
    return key == null || key.defaultValue == null
        ? ""
        : ConfigDef.convertToString(key.defaultValue, key.type);
  }

  /// All settings, by name order. What another release has kept and this one cannot read is shown
  /// as it is.
  public static List<Entry> effective(Map<String, String> own) {
    Map<String, String> readable = KeptSettings.readable(own, LogConfig.configKeys());
    Properties properties = new Properties();
    properties.putAll(OWN_DEFAULTS);
    properties.putAll(readable);
    Map<String, ?> values = new LogConfig(properties).values();
    TreeSet<String> names = new TreeSet<>(own.keySet());
    names.removeAll(LogConfig.configNames());
    names.addAll(LogConfig.nonInternalConfigNames());
    List<Entry> entries = new ArrayList<>();
    for (String name : names) {
      ConfigKey key = key(name);
      String value =
          own.containsKey(name) && !readable.containsKey(name)
              ? own.get(name)
              : ConfigDef.convertToString(values.get(name), key.type);
      String agentName = ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.get(name);
      entries.add(
          new Entry(
              key,
              value,
              own.containsKey(name),
              defaultValue(name),
              Optional.ofNullable(agentName)));
    }
    return entries;
  }

  /// @return a word without a default, if the name is not known
  private static ConfigKey key(String name) {
    ConfigKey known = LogConfig.configKeys().get(name);
    return known != null
        ? known
        : new ConfigDef()
            .define(name, ConfigDef.Type.STRING, "", ConfigDef.Importance.LOW, "")
            .configKeys()
            .get(name);
  }
}
