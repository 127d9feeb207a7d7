package io.weft.agent.catalog;

import io.weft.model.Zone;
import java.util.Set;

/// The zone a client says it is in: in its client id, the one string every Kafka client lets its
/// user set.
///
/// ```
/// ClientId => Part ((',' | ';') Part)*
/// Part     => Key '=' Zone | anything else
/// Key      => 'weft_az' | 'ws_az' | 'warpstream_az' | 'diskless_az' | 'zone_id'
/// ```
///
/// It only says where to send the client: never which client it is or what it may do.
public final class ClientZone {
  private static final Set<String> KEYS =
      Set.of("weft_az", "ws_az", "warpstream_az", "diskless_az", "zone_id");

  private ClientZone() {}

  /// @return [Zone#NONE] if the client does not say; the first zone if it says several
  public static Zone of(String clientId) {
    int begin = 0;
    while (begin <= clientId.length()) {
      int end = partEnd(clientId, begin);
      int equals = clientId.indexOf('=', begin);
      if (equals >= 0 && equals < end) {
        String key = clientId.substring(begin, equals).strip();
        String name = clientId.substring(equals + 1, end).strip();
        if (KEYS.contains(key) && !name.isEmpty() && name.length() <= Zone.NAME_CHARS_MAX) {
          return new Zone(name);
        }
      }
      begin = end + 1;
    }
    return Zone.NONE;
  }

  private static int partEnd(String clientId, int begin) {
    int end = begin;
    while (end < clientId.length() && clientId.charAt(end) != ',' && clientId.charAt(end) != ';') {
      end++;
    }
    return end;
  }
}
