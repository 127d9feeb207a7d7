package io.weft.protocol.frame;

import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/// A response as the bytes that go out: length, header, body.
///
/// ```
/// Frame  => Length:int32 Header Body
/// Header => CorrelationId:int32 [Tags]
/// ```
public final class ResponseFrame {
  private ResponseFrame() {}

  /// Record bytes are not copied: the answer gathers them when it is written.
  ///
  /// @param body the request; its version is the response's (not always the header's: see
  ///   [FrameParser])
  public static Send of(RequestHeader header, AbstractRequest body, AbstractResponse response) {
    return response.toSend(header.toResponseHeader(), body.version());
  }
}
