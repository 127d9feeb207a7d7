package io.weft.server.address;

import io.weft.controlplane.api.Membership.Advertised;
import io.weft.model.ListenerName;
import io.weft.rpc.HostPort;
import java.util.Optional;

/// One of the addresses at which an agent listens to clients.
///
/// @param advertise where they reach it, if that is not where it listens
public record ClientListener(ListenerName name, HostPort listen, Optional<HostPort> advertise) {
  /// @param port the one it listens at
  public Advertised advertised(int port) {
    HostPort reached = advertise.orElseGet(() -> new HostPort(listen.host(), port));
    return new Advertised(name, reached.host(), reached.port());
  }
}
