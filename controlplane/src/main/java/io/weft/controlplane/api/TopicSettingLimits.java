package io.weft.controlplane.api;

import static io.weft.controlplane.api.TopicCatalog.SETTINGS_MAX;
import static io.weft.controlplane.api.TopicCatalog.SETTING_CHARS_MAX;
import static io.weft.controlplane.api.TopicCatalog.SETTING_CHARS_PER_TOPIC_MAX;

import java.util.Map;
import java.util.Optional;

/// How many settings a topic may have, and how long they may be. Stateless.
public final class TopicSettingLimits {
  private TopicSettingLimits() {}

  /// Why a topic cannot have these settings, if it cannot.
  ///
  /// @param before what it has now: what is not longer than that is not too long
  public static Optional<String> flaw(Map<String, String> before, Map<String, String> after) {
    if (after.size() > Math.max(SETTINGS_MAX, before.size())) {
      return Optional.of(
          "%d settings for one topic; %d are possible".formatted(after.size(), SETTINGS_MAX));
    }
    for (Map.Entry<String, String> setting : after.entrySet()) {
      int chars = setting.getKey().length() + setting.getValue().length();
      if (chars > SETTING_CHARS_MAX && !setting.getValue().equals(before.get(setting.getKey()))) {
        return Optional.of(
            "a topic's setting has %d characters with its name; %d are possible"
                .formatted(chars, SETTING_CHARS_MAX));
      }
    }
    long chars = chars(after);
    return chars > Math.max(SETTING_CHARS_PER_TOPIC_MAX, chars(before))
        ? Optional.of(
            "the settings of a topic have %d characters; %d are possible"
                .formatted(chars, SETTING_CHARS_PER_TOPIC_MAX))
        : Optional.empty();
  }

  /// @throws ControlPlaneException.Rejected if there is a [#flaw]
  public static void check(Map<String, String> before, Map<String, String> after) {
    flaw(before, after)
        .ifPresent(
            flaw -> {
              throw new ControlPlaneException.Rejected(flaw);
            });
  }

  /// Characters of all names and values.
  public static long chars(Map<String, String> settings) {
    long chars = 0;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      chars += setting.getKey().length() + setting.getValue().length();
    }
    return chars;
  }
}
