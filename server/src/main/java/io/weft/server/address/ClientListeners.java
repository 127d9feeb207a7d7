package io.weft.server.address;

import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Advertised;
import io.weft.model.ListenerName;
import io.weft.rpc.HostPort;
import io.weft.server.settings.SettingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Where an agent listens to clients and where they reach it.
///
/// ```
/// Listeners => HostPort | Named (',' Named)*
/// Named     => Name '=' HostPort
/// ```
///
/// Without a name there is one listener, called PLAINTEXT. Names are read as capitals.
///
/// @param all one at least, as the operator has ordered them
public record ClientListeners(List<ClientListener> all) {
  static final String LISTEN = "listen";
  static final String ADVERTISE = "advertise";

  private static final String FORM = "write it as NAME=host:port,NAME=host:port";

  public ClientListeners {
    all = List.copyOf(all);
  }

  /// The plain one alone.
  public static ClientListeners plain(HostPort listen, Optional<HostPort> advertise) {
    return new ClientListeners(
        List.of(new ClientListener(ListenerName.PLAINTEXT, listen, advertise)));
  }

  /// @param listen the setting
  /// @param advertise the setting; empty if clients reach the agent where it listens
  /// @throws SettingException if the two say no such thing
  public static ClientListeners of(String listen, String advertise) {
    if (!isNamed(listen)) {
      if (isNamed(advertise)) {
        throw new SettingException(
            "advertise names listeners and listen names none; give both names, as in --listen"
                + " INTERNAL=host:port --advertise INTERNAL=host:port.");
      }
      return plain(
          Addresses.one(LISTEN, listen),
          advertise.isEmpty()
              ? Optional.empty()
              : Optional.of(Addresses.one(ADVERTISE, advertise)));
    }
    Map<ListenerName, HostPort> listening = named(LISTEN, listen);
    if (listening.size() > Membership.LISTENERS_MAX) {
      throw new SettingException(
          "listen names %d listeners; give %d at most."
              .formatted(listening.size(), Membership.LISTENERS_MAX));
    }
    checkApart(listening);
    Map<ListenerName, HostPort> advertised =
        advertise.isEmpty() ? Map.of() : named(ADVERTISE, advertise);
    for (ListenerName each : advertised.keySet()) {
      if (!listening.containsKey(each)) {
        throw new SettingException(
            "advertise names the listener %s, which listen does not; give both the same names."
                .formatted(each.name()));
      }
    }
    List<ClientListener> all = new ArrayList<>();
    listening.forEach((name, at) -> all.add(reachable(name, at, advertised)));
    return new ClientListeners(all);
  }

  /// The one whose address stands for the agent where one address is known of each.
  public ClientListener main() {
    return all.stream()
        .filter(each -> each.name().equals(ListenerName.PLAINTEXT))
        .findFirst()
        .orElse(all.getFirst());
  }

  /// As Kafka's setting `listeners` has them.
  public String text() {
    return all.stream()
        .map(each -> each.name().name() + "://" + each.listen())
        .collect(Collectors.joining(","));
  }

  /// Where clients reach the agent, for its operator.
  public static String text(List<Advertised> reached) {
    boolean plain =
        reached.size() == 1 && reached.getFirst().listener().equals(ListenerName.PLAINTEXT);
    return reached.stream()
        .map(
            each ->
                new HostPort(each.host(), each.port())
                    + (plain ? "" : " (" + each.listener().name() + ")"))
        .collect(Collectors.joining(", "));
  }

  private static boolean isNamed(String text) {
    return text.indexOf('=') >= 0;
  }

  private static Map<ListenerName, HostPort> named(String setting, String text) {
    Map<ListenerName, HostPort> named = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw new SettingException(
            "%s is '%s': '%s' has no name; %s.".formatted(setting, text, part.strip(), FORM));
      }
      ListenerName name = name(setting, part.substring(0, equals).strip());
      if (named.put(name, address(setting, name, part.substring(equals + 1))) != null) {
        throw new SettingException(
            "%s names the listener %s twice; give each a name of its own."
                .formatted(setting, name.name()));
      }
    }
    return named;
  }

  private static ListenerName name(String setting, String text) {
    try {
      return new ListenerName(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new SettingException(
          "%s has '%s' for a listener's name; give it a letter and then letters, digits, '_' or '-', %d at most."
              .formatted(setting, text, ListenerName.NAME_CHARS_MAX));
    }
  }

  private static HostPort address(String setting, ListenerName name, String text) {
    try {
      return HostPort.parse(text);
    } catch (IllegalArgumentException e) {
      throw new SettingException(
          "%s is '%s' for the listener %s: %s; %s."
              .formatted(setting, text.strip(), name.name(), e.getMessage(), FORM));
    }
  }

  private static void checkApart(Map<ListenerName, HostPort> listening) {
    List<Map.Entry<ListenerName, HostPort>> seen = new ArrayList<>();
    for (Map.Entry<ListenerName, HostPort> each : listening.entrySet()) {
      for (Map.Entry<ListenerName, HostPort> before : seen) {
        if (overlap(before.getValue(), each.getValue())) {
          throw new SettingException(
              "listen has port %d for %s and for %s; give each listener a port of its own."
                  .formatted(each.getValue().port(), before.getKey().name(), each.getKey().name()));
        }
      }
      seen.add(each);
    }
  }

  private static boolean overlap(HostPort one, HostPort other) {
    return one.port() == other.port()
        && one.port() != 0
        && (one.host().equalsIgnoreCase(other.host())
            || Addresses.isOfAll(one.host())
            || Addresses.isOfAll(other.host()));
  }

  private static ClientListener reachable(
      ListenerName name, HostPort at, Map<ListenerName, HostPort> advertised) {
    Optional<HostPort> advertise = Optional.ofNullable(advertised.get(name));
    if (advertise.isEmpty() && Addresses.isOfAll(at.host())) {
      throw new SettingException(
          "listen is '%s' for the listener %s, where no client reaches it; say where with --advertise %s=host:port."
              .formatted(at, name.name(), name.name()));
    }
    if (advertise.isPresent() && advertise.get().port() == 0) {
      throw new SettingException(
          "advertise is '%s' for the listener %s; give the port that clients connect to."
              .formatted(advertise.get(), name.name()));
    }
    return new ClientListener(name, at, advertise);
  }
}
