package io.weft.agent.network;

import io.weft.agent.memory.ByteBudget;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;

/// One request of a client.
///
/// @param body parsed by kafka-clients; record bytes in it are slices of the frame, which may lie
///   in memory that is used again once `bytes` is released
/// @param client who sent it
/// @param bytes the frame's share of the byte budget, and its memory: given back when the answer
///   has been sent, unless somebody retains it for longer
/// @param owed what its answer may hold, and whether anybody still waits for it
public record Request(
    RequestHeader header,
    AbstractRequest body,
    ClientConnection client,
    ByteBudget.Share bytes,
    OwedAnswer owed) {
  /// One whose answer is not counted, and always waited for.
  public Request(
      RequestHeader header, AbstractRequest body, ClientConnection client, ByteBudget.Share bytes) {
    this(header, body, client, bytes, OwedAnswer.uncounted());
  }
}
