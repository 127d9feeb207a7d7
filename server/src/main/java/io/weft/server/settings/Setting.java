package io.weft.server.settings;

import java.util.Locale;
import java.util.Optional;

/// One setting.
///
/// @param name lower-case words joined by dots
/// @param kind what its text must look like
/// @param defaultText its value if nobody says one; empty if it must be given
/// @param meaning one line for `--help`
public record Setting(String name, Kind kind, Optional<String> defaultText, String meaning) {
  static final String VARIABLE_PREFIX = "WEFT_";

  /// What a value may be.
  public sealed interface Kind {
    /// Any text, also none.
    record Text() implements Kind {}

    /// Text with something in it: nothing at all names no place.
    record Filled() implements Kind {}

    record Flag() implements Kind {}

    /// A whole number between two bounds, inclusive.
    record Whole(long min, long max) implements Kind {}
  }

  public static Setting text(String name, String defaultText, String meaning) {
    return new Setting(name, new Kind.Text(), Optional.of(defaultText), meaning);
  }

  public static Setting filledText(String name, String defaultText, String meaning) {
    return new Setting(name, new Kind.Filled(), Optional.of(defaultText), meaning);
  }

  public static Setting requiredText(String name, String meaning) {
    return new Setting(name, new Kind.Filled(), Optional.empty(), meaning);
  }

  public static Setting flag(String name, boolean defaultValue, String meaning) {
    return new Setting(name, new Kind.Flag(), Optional.of(Boolean.toString(defaultValue)), meaning);
  }

  public static Setting whole(String name, long defaultValue, long min, long max, String meaning) {
    return new Setting(
        name, new Kind.Whole(min, max), Optional.of(Long.toString(defaultValue)), meaning);
  }

  public String option() {
    return "--" + name.replace('.', '-');
  }

  public String variable() {
    return VARIABLE_PREFIX + name.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /// @param source where the text was found, for the message
  void check(String text, String source) {
    switch (kind) {
      case Kind.Text _ -> {}
      case Kind.Filled _ -> {
        if (text.isBlank()) {
          throw new SettingException(
              "%s is empty (%s); set it to %s.".formatted(name, source, meaning));
        }
      }
      case Kind.Flag _ -> {
        if (!text.equals("true") && !text.equals("false")) {
          throw new SettingException(
              "%s is '%s' (%s); set it to true or false.".formatted(name, text, source));
        }
      }
      case Kind.Whole(long min, long max) -> {
        if (!isWhole(text, min, max)) {
          throw new SettingException(
              "%s is '%s' (%s); set it to a whole number from %d to %d."
                  .formatted(name, text, source, min, max));
        }
      }
    }
  }

  private static boolean isWhole(String text, long min, long max) {
    try {
      long value = Long.parseLong(text);
      return value >= min && value <= max;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
