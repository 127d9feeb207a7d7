package io.weft.server.process;

import io.weft.rpc.HostPort;
import io.weft.server.settings.SettingException;
import java.util.Arrays;
import java.util.List;

/// Reads addresses from settings.
public final class Addresses {
  private Addresses() {}

  static HostPort one(String setting, String text) {
    try {
      return HostPort.parse(text);
    } catch (IllegalArgumentException e) {
      throw new SettingException(
          "%s is '%s': %s; write it as host:port.".formatted(setting, text, e.getMessage()));
    }
  }

  public static List<HostPort> several(String setting, String text) {
    return Arrays.stream(text.split(",", -1)).map(part -> one(setting, part)).toList();
  }
}
