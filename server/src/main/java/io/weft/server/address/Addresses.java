package io.weft.server.address;

import io.weft.controlplane.api.Membership.Address;
import io.weft.rpc.HostPort;
import io.weft.server.settings.SettingException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads addresses from settings.
public final class Addresses {
  private Addresses() {}

  public static HostPort one(String setting, String text) {
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

  /// Addresses that stand for all of a machine's: no other machine reaches it there.
  private static final Set<String> OF_ALL = Set.of("0.0.0.0", "::");

  static boolean isOfAll(String host) {
    return OF_ALL.contains(host);
  }

  /// Where an agent's neighbours ask it.
  ///
  /// @param address to listen at
  /// @param named whether the operator has named the host, rather than left it to that of clients
  public record NeighbourListen(HostPort address, boolean named) {
    public static final String SETTING = "neighbour.listen";
    private static final String OFF = "off";

    /// @param text the setting
    /// @param clients where the agent listens to clients, by its main listener
    /// @return empty if it asks and answers no neighbours
    public static Optional<NeighbourListen> of(String text, HostPort clients) {
      if (text.equals(OFF)) {
        return Optional.empty();
      }
      if (text.isEmpty()) {
        return Optional.of(new NeighbourListen(new HostPort(clients.host(), 0), false));
      }
      HostPort address = one(SETTING, text);
      return Optional.of(new NeighbourListen(address, !isOfAll(address.host())));
    }

    /// Where neighbours reach it.
    ///
    /// @param port the one it listens at
    /// @param clients the host that clients reach it at
    public Address reached(int port, String clients) {
      return new Address(named ? address.host() : clients, port);
    }
  }
}
