package io.weft.agent.network;

/// Answers requests. Called on the connection's reader thread, one request at a time per
/// connection: it may block (the connection then reads nothing, as a Kafka broker does), or answer
/// [Answer.Later] and let the connection go on reading.
public interface RequestHandler {
  Answer handle(Request request) throws InterruptedException;

  /// A connection has ended: no more requests come on it. Called once, on a thread that may block.
  default void connectionEnded(ClientConnection client) {}
}
