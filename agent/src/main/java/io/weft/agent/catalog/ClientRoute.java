package io.weft.agent.catalog;

import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.Membership.Role;
import io.weft.model.ListenerName;
import io.weft.model.Zone;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Which agents a client is sent to: those it reaches by the listener it comes in by, and of those
/// the ones that it asks for in its client id, the one string every Kafka client lets its user set.
///
/// ```
/// ClientId => Part ((',' | ';') Part)*
/// Part     => ZoneKey '=' Zone | RoleKey '=' Role | GroupKey '=' Group | anything else
/// ZoneKey  => 'weft_az' | 'ws_az' | 'warpstream_az' | 'diskless_az' | 'zone_id'
/// RoleKey  => 'weft_role' | 'warpstream_proxy_target'
/// Role     => 'produce' | 'proxy-produce' | 'consume' | 'proxy-consume'
/// GroupKey => 'weft_agent_group' | 'ws_ag' | 'warpstream_agent_group'
/// ```
///
/// What a client says first counts. It only says where to send the client: never which client it is
/// or what it may do.
///
/// @param zone [Zone#NONE] if the client does not say
/// @param role empty if the client does not say: it may produce and consume
/// @param group empty if the client does not say: it is that of the agent it asks
/// @param listener the one of the agent it asks that it comes in by
public record ClientRoute(
    Zone zone, Optional<Role> role, Optional<String> group, ListenerName listener) {
  /// Of a client that says nothing and comes in by the plain listener.
  public static final ClientRoute ANYWHERE =
      new ClientRoute(Zone.NONE, Optional.empty(), Optional.empty(), ListenerName.PLAINTEXT);

  private enum Key {
    ZONE,
    ROLE,
    GROUP
  }

  private static final Map<String, Key> KEYS =
      Map.ofEntries(
          Map.entry("weft_az", Key.ZONE),
          Map.entry("ws_az", Key.ZONE),
          Map.entry("warpstream_az", Key.ZONE),
          Map.entry("diskless_az", Key.ZONE),
          Map.entry("zone_id", Key.ZONE),
          Map.entry("weft_role", Key.ROLE),
          Map.entry("warpstream_proxy_target", Key.ROLE),
          Map.entry("weft_agent_group", Key.GROUP),
          Map.entry("ws_ag", Key.GROUP),
          Map.entry("warpstream_agent_group", Key.GROUP));

  private static final Map<String, Role> ROLES =
      Map.of(
          "produce", Role.PRODUCE,
          "proxy-produce", Role.PRODUCE,
          "consume", Role.CONSUME,
          "proxy-consume", Role.CONSUME);

  /// Of a client that comes in by the plain listener.
  ///
  /// @param clientId as it came, null too
  public static ClientRoute of(String clientId) {
    return of(clientId, ListenerName.PLAINTEXT);
  }

  /// @param clientId as it came, null too
  public static ClientRoute of(String clientId, ListenerName listener) {
    if (clientId == null || clientId.indexOf('=') < 0) {
      return new ClientRoute(Zone.NONE, Optional.empty(), Optional.empty(), listener);
    }
    Map<Key, String> said = new HashMap<>();
    int begin = 0;
    while (begin <= clientId.length()) {
      int end = partEnd(clientId, begin);
      int equals = clientId.indexOf('=', begin);
      if (equals >= 0 && equals < end) {
        Key key = KEYS.get(clientId.substring(begin, equals).strip());
        String value = clientId.substring(equals + 1, end).strip();
        if (key != null && isOf(key, value)) {
          said.putIfAbsent(key, value);
        }
      }
      begin = end + 1;
    }
    return new ClientRoute(
        new Zone(said.getOrDefault(Key.ZONE, "")),
        Optional.ofNullable(said.get(Key.ROLE)).map(ROLES::get),
        Optional.ofNullable(said.get(Key.GROUP)),
        listener);
  }

  private static boolean isOf(Key key, String value) {
    return switch (key) {
      case ZONE -> !value.isEmpty() && value.length() <= Zone.NAME_CHARS_MAX;
      case ROLE -> ROLES.containsKey(value);
      case GROUP -> !value.isEmpty() && value.length() <= Profile.GROUP_CHARS_MAX;
    };
  }

  /// Whether an agent is for such a client. One that has not said what it is for is for all.
  ///
  /// @param home the group of a client that names none
  Predicate<Profile> isMetBy(String home) {
    String wanted = group.orElse(home);
    return profile ->
        profile.group().equals(wanted)
            && role.map(each -> profile.roles().contains(each))
                .orElseGet(() -> servesClients(profile));
  }

  private static boolean servesClients(Profile profile) {
    return profile.roles().contains(Role.PRODUCE) || profile.roles().contains(Role.CONSUME);
  }

  private static int partEnd(String clientId, int begin) {
    int end = begin;
    while (end < clientId.length() && clientId.charAt(end) != ',' && clientId.charAt(end) != ';') {
      end++;
    }
    return end;
  }
}
