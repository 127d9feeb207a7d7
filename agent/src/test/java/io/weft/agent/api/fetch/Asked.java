package io.weft.agent.api.fetch;

import io.weft.agent.memory.ByteBudget;
import io.weft.agent.network.Answer;
import io.weft.agent.network.ClientConnection;
import io.weft.agent.network.Request;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/// Requests as they come off the wire, and answers as the client reads them.
final class Asked {
  private Asked() {}

  /// Through bytes, so that what a version does not say is not said.
  static Request request(ApiKeys key, AbstractRequest built) throws InterruptedException {
    ByteBuffer bytes = MessageUtil.toByteBufferAccessor(built.data(), built.version()).buffer();
    AbstractRequest parsed =
        AbstractRequest.parseRequest(key, built.version(), new ByteBufferAccessor(bytes)).request;
    return new Request(
        new RequestHeader(key, built.version(), "client", 1),
        parsed,
        new ClientConnection(1, InetAddress.getLoopbackAddress(), 9092),
        new ByteBudget(1_000_000).acquire(100));
  }

  static <R extends AbstractResponse> R response(Answer answer, Class<R> type) {
    return type.cast(((Answer.Ready) answer).response());
  }
}
