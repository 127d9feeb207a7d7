package io.weft.server.settings;

import io.weft.model.Invariant;
import java.util.Map;

/// Checked values by setting name. Immutable.
public final class Settings {
  private final Map<String, String> values;

  Settings(Map<String, String> values) {
    this.values = Map.copyOf(values);
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
