package io.weft.controlplane.groups;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.GroupRequest;
import io.weft.model.OpaqueBytes;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/// One request to the coordinator, understood.
///
/// @param reply where its answer goes
record Ask(ApiKeys api, AbstractRequest body, Asker asker, GroupReply reply) {
  /// @throws ControlPlaneException.Rejected if these are no request's bytes
  static Ask of(GroupRequest request, GroupReply reply) {
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
    return new Ask(api, body, Asker.of(request), reply);
  }

  /// @param type that of the API
  <B extends AbstractRequest> B body(Class<B> type) {
    return type.cast(body);
  }

  OpaqueBytes bytes(AbstractResponse response) {
    return OpaqueBytes.of(
        MessageUtil.byteBufferToArray(
            MessageUtil.toByteBufferAccessor(response.data(), body.version()).buffer()));
  }
}
