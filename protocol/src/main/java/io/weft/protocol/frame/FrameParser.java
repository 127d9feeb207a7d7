package io.weft.protocol.frame;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.RequestHeader;

/// Turns the bytes of a frame into a request. Immutable, thread-safe.
///
/// ```
/// Frame  => Length:int32 Header Body               (Length counts what follows it)
/// Header => ApiKey:int16 ApiVersion:int16 CorrelationId:int32 ClientId:nullable-string [Tags]
/// ```
///
/// Bytes after the body are ignored, as in Kafka: the length has said where the next frame begins.
public final class FrameParser {
  /// The longest frame of any API but Produce. A produce request is mostly record bytes and is
  /// taken as it lies; every other one turns into many small objects, some twenty times its size.
  public static final int CONTROL_FRAME_BYTES_MAX = 16 << 20;

  private static final int KEY_AND_VERSION_BYTES = 4;

  private final OfferedApis offered;

  public FrameParser(OfferedApis offered) {
    this.offered = offered;
  }

  /// The longest that a frame may be whose body begins like this.
  ///
  /// @param start at least the first two bytes after the length
  public static int bytesMax(ByteBuffer start) {
    return areRecords(start) ? Integer.MAX_VALUE : CONTROL_FRAME_BYTES_MAX;
  }

  /// Whether a frame whose body begins like this is mostly records, which its request takes as they
  /// lie. Everything else in a request is copied out of the frame when it is parsed.
  ///
  /// @param start at least the first two bytes after the length
  public static boolean areRecords(ByteBuffer start) {
    return start.getShort(start.position()) == ApiKeys.PRODUCE.id;
  }

  /// Never throws for what the bytes say.
  ///
  /// @param frame what follows the length; kept by record bytes of the request
  public RequestFrame parse(ByteBuffer frame) {
    if (frame.remaining() < KEY_AND_VERSION_BYTES) {
      return new RequestFrame.Refused("no room for a header");
    }
    short id = frame.getShort(frame.position());
    short version = frame.getShort(frame.position() + Short.BYTES);
    if (!ApiKeys.hasId(id) || !offered.offers(ApiKeys.forId(id))) {
      return new RequestFrame.Refused("API key " + id + " is not offered");
    }
    ApiKeys key = ApiKeys.forId(id);
    if (key != ApiKeys.API_VERSIONS && !offered.accepts(key, version)) {
      return new RequestFrame.Refused(key.name + " version " + version + " is not offered");
    }
    try {
      RequestHeader header = RequestHeader.parse(frame);
      return new RequestFrame.Understood(header, body(key, version, frame));
    } catch (ApiException e) {
      // The header's own parser wraps whatever it meets.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new RequestFrame.Refused(key.name + " version " + version + ": " + cause);
    } catch (RuntimeException | OutOfMemoryError e) {
      return new RequestFrame.Refused(key.name + " version " + version + ": " + e);
    }
  }

  /// A client cannot know which versions of ApiVersions there are before it has asked: one that is
  /// too new is taken as version 0 and answered with an error it understands (KIP-35, KIP-511).
  private AbstractRequest body(ApiKeys key, short version, ByteBuffer frame) {
    if (key == ApiKeys.API_VERSIONS && !offered.accepts(key, version)) {
      return new ApiVersionsRequest(new ApiVersionsRequestData(), (short) 0, version);
    }
    return AbstractRequest.parseRequest(key, version, new ByteBufferAccessor(frame)).request;
  }
}
