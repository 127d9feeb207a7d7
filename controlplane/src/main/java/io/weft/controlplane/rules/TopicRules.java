package io.weft.controlplane.rules;

import io.weft.controlplane.api.TopicSettingLimits;
import io.weft.controlplane.api.topic.TopicSetting;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.storage.internals.log.LogConfig;

/// Which settings a topic may have. Stateless.
public final class TopicRules {
  /// Not empty, so that Kafka's checks of one setting against another are made too.
  private static final Map<String, Object> DEFAULTS = defaults();

  private TopicRules() {}

  /// Why a topic cannot have these settings, if it cannot.
  ///
  /// @param before what it has now; what was accepted once stays acceptable, by another release too
  public static Optional<String> flaw(Map<String, String> before, Map<String, String> after) {
    Optional<String> tooMuch = TopicSettingLimits.flaw(before, after);
    if (tooMuch.isPresent()) {
      return tooMuch;
    }
    try {
      LogConfig.validate(
          before, KeptSettings.checkable(before, after, LogConfig.configKeys()), DEFAULTS, false);
      // Kafka takes any number as a batch's limit, and then no batch of that size.
      return TopicSetting.aboveBound(before, after);
    } catch (ConfigException | ApiException e) {
      return Optional.of(e.getMessage());
    }
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
