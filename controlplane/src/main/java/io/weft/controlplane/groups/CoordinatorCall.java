package io.weft.controlplane.groups;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.groups.limit.GroupLimits;
import io.weft.model.OpaqueBytes;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/// One request to the coordinator, parsed.
///
/// @param reply where its answer goes
record CoordinatorCall(
    ApiKeys api, AbstractRequest body, CoordinatorClient client, GroupReply reply) {
  /// @throws ControlPlaneException.Rejected if these are no request's bytes
  static CoordinatorCall of(GroupRequest request, GroupReply reply) {
    if (!ApiKeys.hasId(request.apiKey())) {
      throw new ControlPlaneException.Rejected("no API %d".formatted(request.apiKey()));
    }
    ApiKeys api = ApiKeys.forId(request.apiKey());
    if (request.version() < api.oldestVersion() || request.version() > api.latestVersion(true)) {
      throw new ControlPlaneException.Rejected(
          "no version %d of %s".formatted(request.version(), api));
    }
    ByteBufferAccessor bytes = new ByteBufferAccessor(ByteBuffer.wrap(request.body().array()));
    AbstractRequest body;
    try {
      body = AbstractRequest.parseRequest(api, request.version(), bytes).request;
    } catch (RuntimeException e) {
      // Whatever the parser met, these were no request's bytes.
      throw new ControlPlaneException.Rejected("no %s request: %s".formatted(api, e.getMessage()));
    }
    return new CoordinatorCall(api, body, CoordinatorClient.of(request), reply);
  }

  /// @param type that of the API
  <B extends AbstractRequest> B body(Class<B> type) {
    return type.cast(body);
  }

  /// @throws InvalidRequestException if the response does not fit into the version's fields, or is
  ///   longer than [GroupLimits#RESPONSE_BYTES_MAX]
  OpaqueBytes bytes(AbstractResponse response) {
    ObjectSerializationCache cache = new ObjectSerializationCache();
    int size = size(response, cache);
    if (size < 0 || size > GroupLimits.RESPONSE_BYTES_MAX) {
      throw new InvalidRequestException(
          "The answer would be longer than %d bytes; ask for less."
              .formatted(GroupLimits.RESPONSE_BYTES_MAX));
    }
    ByteBufferAccessor bytes = new ByteBufferAccessor(ByteBuffer.allocate(size));
    response.data().write(bytes, cache, body.version());
    return OpaqueBytes.of(bytes.buffer().array());
  }

  private int size(AbstractResponse response, ObjectSerializationCache cache) {
    try {
      return response.data().size(cache, body.version());
    } catch (RuntimeException e) {
      // What the client itself named has no room in the response's field.
      throw new InvalidRequestException(
          "The answer does not fit into the response: " + e.getMessage());
    }
  }

  /// The response to a request that is refused as a whole.
  AbstractResponse refusal(RuntimeException why) {
    return body.getErrorResponse(0, Refusals.of(why).exception());
  }
}
