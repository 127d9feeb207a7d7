package io.weft.agent.network;

import io.weft.model.ListenerName;
import java.net.InetAddress;

/// What handlers may know of a connection.
///
/// @param id unique among this agent's connections since its start
/// @param address the peer's
/// @param peerPort the peer's; 0 if it is not known
/// @param localPort the listener's port
/// @param listener the name of the one of this agent's addresses that the client came in by
/// @param software what the client says it is
public record ClientConnection(
    long id,
    InetAddress address,
    int peerPort,
    int localPort,
    ListenerName listener,
    ClientSoftware software) {
  /// One that came in by the plain listener.
  public ClientConnection(long id, InetAddress address, int localPort) {
    this(id, address, 0, localPort, ListenerName.PLAINTEXT, new ClientSoftware());
  }
}
