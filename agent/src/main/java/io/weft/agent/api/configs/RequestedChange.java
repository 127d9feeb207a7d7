package io.weft.agent.api.configs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/// What a request wants changed of one resource's settings.
///
/// @param replaces whether settings that are not named go
record RequestedChange(byte resourceType, String name, boolean replaces, List<Step> steps) {
  /// @param operation as Kafka numbers them ([OpType])
  /// @param value null if there is none
  record Step(String setting, byte operation, String value) {}

  /// Why it cannot be meant, whatever the settings.
  Optional<String> flaw() {
    Set<String> names = new HashSet<>();
    for (Step step : steps) {
      OpType operation = OpType.forId(step.operation());
      if (!names.add(step.setting())) {
        return Optional.of("Error due to duplicate config keys");
      }
      if (operation == null) {
        return Optional.of("Unknown operations type " + step.operation());
      }
      if (operation != OpType.DELETE && step.value() == null) {
        return Optional.of("Null value not supported for : " + step.setting());
      }
    }
    return Optional.empty();
  }

  /// @param own the resource's own settings, changed in place
  /// @throws org.apache.kafka.common.errors.ApiException if it cannot be made
  void applyTo(Map<String, String> own, SettingsHome home) {
    if (replaces) {
      own.clear();
    }
    for (Step step : steps) {
      apply(step, own, home);
    }
  }

  private static void apply(Step step, Map<String, String> own, SettingsHome home) {
    OpType operation = OpType.forId(step.operation());
    switch (operation) {
      case SET -> own.put(step.setting(), step.value());
      case DELETE -> own.remove(step.setting());
      case APPEND, SUBTRACT -> {
        Optional<ConfigKey> key = home.key(step.setting());
        if (key.filter(known -> known.type == ConfigDef.Type.LIST).isEmpty()) {
          throw new InvalidConfigurationException(
              "Can't %s to key %s because its type is not LIST."
                  .formatted(operation, step.setting()));
        }
        String before = own.getOrDefault(step.setting(), defaultOf(key.get()));
        own.put(step.setting(), changed(before, operation, step.value()));
      }
    }
  }

  private static String changed(String list, OpType operation, String value) {
    List<String> parts = new ArrayList<>(Arrays.asList(list.split(",")));
    parts.removeIf(String::isEmpty);
    List<String> operands = Arrays.asList(value.split(","));
    if (operation == OpType.APPEND) {
      operands.stream().filter(part -> !parts.contains(part)).forEach(parts::add);
    } else {
      operands.forEach(parts::remove);
    }
    return String.join(",", parts);
  }

  private static String defaultOf(ConfigKey key) {
    return key.hasDefault() && key.defaultValue != null
        ? ConfigDef.convertToString(key.defaultValue, key.type)
        : "";
  }
}
