package io.weft.server.process;

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

  /// Where an agent's neighbours ask it.
  ///
  /// @param address to listen at
  /// @param named whether the operator has named the host, rather than left it to that of clients
  record NeighbourListen(HostPort address, boolean named) {
    static final String SETTING = "neighbour.listen";
    private static final String OFF = "off";

    /// Addresses that stand for all of a machine's: no other machine reaches it there.
    private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::");

    /// @param text the setting
    /// @param clients where the agent listens to clients
    /// @return empty if it asks and answers no neighbours
    static Optional<NeighbourListen> of(String text, HostPort clients) {
      if (text.equals(OFF)) {
        return Optional.empty();
      }
      if (text.isEmpty()) {
        return Optional.of(new NeighbourListen(new HostPort(clients.host(), 0), false));
      }
      HostPort address = one(SETTING, text);
      return Optional.of(new NeighbourListen(address, !ALL_ADDRESSES.contains(address.host())));
    }

    /// Where neighbours reach it.
    ///
    /// @param port the one it listens at
    /// @param clients where clients reach it
    Address reached(int port, HostPort clients) {
      return new Address(named ? address.host() : clients.host(), port);
    }
  }
}
