package io.weft.server.cost;

import io.weft.server.settings.SettingException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers with units, as operators write them: `100MiB/s`, `24h`, `8MiB`, `3`. Stateless.
final class Quantity {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,6})?)([A-Za-z]*)");

  private static final Map<String, Double> BYTES =
      new TreeMap<>(
          Map.of(
              "B", 1.0,
              "KiB", 0x1p10,
              "MiB", 0x1p20,
              "GiB", 0x1p30,
              "TiB", 0x1p40,
              "KB", 1e3,
              "MB", 1e6,
              "GB", 1e9,
              "TB", 1e12));

  private static final Map<String, Double> SECONDS =
      new TreeMap<>(Map.of("s", 1.0, "m", 60.0, "h", 3_600.0, "d", 86_400.0, "ms", 0.001));

  private Quantity() {}

  /// @param option where it was given, for the message
  static double bytes(String option, String text) {
    return of(option, text, BYTES, "bytes with a unit, as 8MiB");
  }

  static double bytesPerSecond(String option, String text) {
    String size = text.endsWith("/s") ? text.substring(0, text.length() - 2) : "";
    return of(option, text, size, BYTES, "bytes a second, as 100MiB/s");
  }

  static double seconds(String option, String text) {
    return of(option, text, SECONDS, "a time with a unit, as 24h or 250ms");
  }

  static double number(String option, String text, double min, double max) {
    String form = "a number from %.0f to %.0f".formatted(min, max);
    double number = of(option, text, Map.of("", 1.0), form);
    if (number < min || number > max) {
      throw wrong(option, text, form);
    }
    return number;
  }

  static int whole(String option, String text, int min, int max) {
    double number = number(option, text, min, max);
    if (number != Math.rint(number)) {
      throw wrong(option, text, "a whole number");
    }
    return (int) number;
  }

  private static double of(String option, String text, Map<String, Double> units, String form) {
    return of(option, text, text, units, form);
  }

  private static double of(
      String option, String text, String quantity, Map<String, Double> units, String form) {
    Matcher parts = FORM.matcher(quantity);
    if (!parts.matches() || !units.containsKey(parts.group(2))) {
      throw wrong(option, text, form);
    }
    return Double.parseDouble(parts.group(1)) * units.get(parts.group(2));
  }

  private static SettingException wrong(String option, String text, String form) {
    return new SettingException("%s is '%s'; it must be %s.".formatted(option, text, form));
  }
}
