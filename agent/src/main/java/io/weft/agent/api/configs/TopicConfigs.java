package io.weft.agent.api.configs;

import io.weft.protocol.record.BatchRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;

/// Kafka's topic settings: names, types, defaults, limits. Stateless.
public final class TopicConfigs {
  /// Characters of all names and values of one topic, at most.
  private static final int CHARS_MAX = 64 << 10;

  /// What is refused beyond it, whatever Kafka would say.
  private static final Map<String, Integer> MAXIMA =
      Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, BatchRules.BATCH_BYTES_MAX);

  /// Defaults that are not Kafka's.
  private static final Map<String, String> OWN_DEFAULTS =
      Map.of(
          TopicConfig.MAX_DECOMPRESSED_MESSAGE_BYTES_CONFIG,
          Integer.toString(BatchRules.DECOMPRESSED_BYTES_MAX));

  /// Not empty, so that Kafka's checks of one setting against another are made too.
  private static final Map<String, Object> DEFAULTS = defaults();

  private TopicConfigs() {}

  /// One setting of a topic, as it takes effect.
  ///
  /// @param own whether the topic sets it itself
  /// @param agentName what Kafka calls the setting of a broker that gives the default
  public record Entry(
      ConfigKey key, String value, boolean own, String defaultValue, Optional<String> agentName) {}

  /// Why a topic cannot have these settings, if it cannot.
  ///
  /// @param before what it has now; what was accepted once stays acceptable
  public static Optional<String> flaw(Map<String, String> before, Map<String, String> after) {
    long chars = 0;
    for (Map.Entry<String, String> setting : after.entrySet()) {
      chars += setting.getKey().length() + setting.getValue().length();
    }
    if (chars > CHARS_MAX) {
      return Optional.of("the settings of a topic have more than " + CHARS_MAX + " characters");
    }
    try {
      LogConfig.validate(before, after, DEFAULTS, false);
      return MAXIMA.keySet().stream()
          .filter(name -> !Objects.equals(before.get(name), after.get(name)))
          .filter(after::containsKey)
          .flatMap(name -> aboveMaximum(name, after.get(name)).stream())
          .findFirst();
    } catch (ConfigException | ApiException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static Optional<String> aboveMaximum(String name, String value) {
    int maximum = MAXIMA.get(name);
    return Integer.parseInt(value.strip()) <= maximum
        ? Optional.empty()
        : Optional.of(
            "Invalid value %s for configuration %s: a batch has %d bytes at most"
                .formatted(value, name, maximum));
  }

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

  /// All settings, by name order.
  public static List<Entry> effective(Map<String, String> own) {
    Properties properties = new Properties();
    properties.putAll(OWN_DEFAULTS);
    properties.putAll(own);
    Map<String, ?> values = new LogConfig(properties).values();
    List<Entry> entries = new ArrayList<>();
    for (String name : LogConfig.nonInternalConfigNames().stream().sorted().toList()) {
      ConfigKey key = LogConfig.configKeys().get(name);
      String value = ConfigDef.convertToString(values.get(name), key.type);
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

  private static Map<String, Object> defaults() {
    Map<String, Object> defaults = new HashMap<>();
    LogConfig.configKeys()
        .forEach(
            (name, key) -> {
              if (!key.internalConfig && key.defaultValue != null) {
                defaults.put(name, key.defaultValue);
              }
            });
    return Map.copyOf(defaults);
  }
}
