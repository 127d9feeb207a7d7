package io.weft.agent.network;

import java.net.InetAddress;

/// What handlers may know of a connection.
///
/// @param id unique among this agent's connections since its start
/// @param address the peer's
/// @param peerPort the peer's; 0 if it is not known
/// @param localPort the listener's port
/// @param software what the client says it is
public record ClientConnection(
    long id, InetAddress address, int peerPort, int localPort, ClientSoftware software) {
  public ClientConnection(long id, InetAddress address, int localPort) {
    this(id, address, 0, localPort, new ClientSoftware());
  }
}
