package io.weft.controlplane.rules;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

/// Settings that this release cannot read: another one has kept them, whose Kafka classes know more
/// names or values. They stay as they are and are in nobody's way. Stateless.
public final class KeptSettings {
  private KeptSettings() {}

  /// What is to be checked of a resource's settings: all but those that it has already and that are
  /// not readable.
  ///
  /// @param before what it has now
  /// @param keys the settings there are, by name
  public static Map<String, String> checkable(
      Map<String, String> before, Map<String, String> after, Map<String, ConfigKey> keys) {
    Map<String, String> checkable = new HashMap<>(after);
    checkable
        .entrySet()
        .removeIf(
            each ->
                each.getValue().equals(before.get(each.getKey()))
                    && !isReadable(each.getKey(), each.getValue(), keys));
    return checkable;
  }

  /// Those that are readable.
  public static Map<String, String> readable(
      Map<String, String> settings, Map<String, ConfigKey> keys) {
    return checkable(settings, settings, keys);
  }

  /// Whether the name is known and the value is one that it may have.
  private static boolean isReadable(String name, String value, Map<String, ConfigKey> keys) {
    ConfigKey key = keys.get(name);
    if (key == null) {
      return false;
    }
    try {
      Object parsed = ConfigDef.parseType(name, value, key.type);
      if (key.validator != null) {
        key.validator.ensureValid(name, parsed);
      }
      return true;
    } catch (ConfigException e) {
      return false;
    }
  }
}
