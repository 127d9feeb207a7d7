package io.weft.server.place;

import io.weft.agent.membership.AgentPlace;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.Membership.Role;
import io.weft.environment.Environment;
import io.weft.model.Zone;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.Settings;
import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads where an agent stands among the others.
public final class PlaceSettings {
  /// Instead of a zone's name: as the cloud says.
  static final String AUTO = "auto";

  private PlaceSettings() {}

  /// Asks the cloud, if the operator wants it to be asked.
  ///
  /// @throws SettingException if a value is wrong, or the cloud does not say
  public static AgentPlace read(Settings settings, Environment environment)
      throws InterruptedException {
    Profile profile =
        new Profile(
            word("agent.group", settings.text("agent.group"), Profile.GROUP_CHARS_MAX),
            roles(settings.text("roles")));
    String zone = word("zone", settings.text("zone"), Zone.NAME_CHARS_MAX);
    return new AgentPlace(
        zone.equals(AUTO)
            ? new CloudZone(service(settings.text("zone.metadata.url")), environment).find()
            : new Zone(zone),
        profile);
  }

  /// Clients write it into their ids, between commas.
  private static String word(String setting, String text, int charsMax) {
    String word = text.strip();
    if (word.length() > charsMax || word.matches("(?s).*[,;=].*")) {
      throw new SettingException(
          "%s is '%s'; set it to at most %d characters without comma, semicolon and equals sign."
              .formatted(setting, text, charsMax));
    }
    return word;
  }

  private static Set<Role> roles(String text) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String each : text.split(",", -1)) {
      String name = each.strip();
      roles.add(
          Arrays.stream(Role.values())
              .filter(role -> name(role).equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new SettingException(
                          "roles is '%s'; set it to one or several of %s, separated by commas."
                              .formatted(
                                  text,
                                  Arrays.stream(Role.values())
                                      .map(PlaceSettings::name)
                                      .collect(Collectors.joining(", "))))));
    }
    return roles;
  }

  private static String name(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private static URI service(String text) {
    try {
      URI url = URI.create(text);
      if ("http".equals(url.getScheme()) && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // Said below, as every other wrong value is.
    }
    throw new SettingException(
        "zone.metadata.url is '%s'; set it to http://host or http://host:port.".formatted(text));
  }
}
