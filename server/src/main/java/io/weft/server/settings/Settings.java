package io.weft.server.settings;

import io.weft.model.Invariant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Checked values by setting name. Immutable.
public final class Settings {
  private static final Pattern SECRET =
      Pattern.compile("(^|\\.)(password|passphrase|secret|token|credentials?)(\\.|$)");
  private static final Pattern KEYS_IN_URL = Pattern.compile("//[^/@?]*@");

  private final List<Setting> table;
  private final Map<String, String> values;

  /// @param values of every setting of the table
  Settings(List<Setting> table, Map<String, String> values) {
    this.table = List.copyOf(table);
    this.values = Map.copyOf(values);
  }

  /// Those that are not as they are by themselves, in the table's order, each as `name=value`;
  /// without secrets, so that they may be logged.
  public List<String> changed() {
    return table.stream()
        .filter(setting -> !text(setting.name()).equals(setting.defaultText().orElse(null)))
        .map(setting -> setting.name() + "=" + shown(setting.name()))
        .toList();
  }

  private String shown(String name) {
    return SECRET.matcher(name).find()
        ? "***"
        : KEYS_IN_URL.matcher(text(name)).replaceAll("//***@");
  }

  public String text(String name) {
    String value = values.get(name);
    Invariant.check(value != null, "a setting this command does not have: " + name);
    return value;
  }

  public long whole(String name) {
    return Long.parseLong(text(name));
  }

  public int number(String name) {
    return Math.toIntExact(whole(name));
  }

  public boolean flag(String name) {
    return Boolean.parseBoolean(text(name));
  }
}
