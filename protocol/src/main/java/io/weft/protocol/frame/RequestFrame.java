package io.weft.protocol.frame;

import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;

/// What a frame turned out to be.
public sealed interface RequestFrame {
  /// @param body record bytes in it are slices of the frame
  record Understood(RequestHeader header, AbstractRequest body) implements RequestFrame {}

  /// Nothing can be answered: Kafka closes the connection, and so do we.
  record Refused(String reason) implements RequestFrame {}
}
