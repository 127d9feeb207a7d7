package io.weft.agent.network;

import java.net.InetAddress;

/// What handlers may know of a connection.
///
/// @param id unique among this agent's connections since its start
/// @param address the peer's
/// @param localPort the listener's port
public record ClientConnection(long id, InetAddress address, int localPort) {}
