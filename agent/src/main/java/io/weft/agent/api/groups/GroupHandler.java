package io.weft.agent.api.groups;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.OutageAnswers;
import io.weft.agent.network.Answer;
import io.weft.agent.network.DeferredAnswer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.GroupRequest.Client;
import io.weft.controlplane.api.Groups;
import io.weft.model.OpaqueBytes;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.JoinGroupRequest;

/// Passes one API on to the group coordinator. Thread-safe.
final class GroupHandler implements ApiHandler {
  /// Everybody, until connections are authenticated.
  private static final String ANYBODY = "User:ANONYMOUS";

  private static final long WAIT_MS = 30_000;

  /// Characters of a client's id that the coordinator sees.
  private static final int CLIENT_ID_MAX = 1_000;

  /// Beyond a member's own time limits: the coordinator's answer comes with the last of them.
  private static final long MARGIN_MS = 10_000;

  private final ApiKeys api;
  private final Groups groups;

  GroupHandler(ApiKeys api, Groups groups) {
    this.api = api;
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return api;
  }

  @Override
  public Answer handle(Request request) {
    try {
      return new Answer.Later(deferred(request));
    } catch (InvalidRequestException e) {
      return OutageAnswers.of(request, e);
    }
  }

  /// @throws InvalidRequestException if what was read cannot be passed on
  DeferredAnswer deferred(Request request) {
    short version = request.header().apiVersion();
    GroupRequest passed =
        new GroupRequest(api.id, version, client(request), waitMs(request), body(request, version));
    return new DeferredCoordination(request, passed, groups);
  }

  private static OpaqueBytes body(Request request, short version) {
    try {
      return OpaqueBytes.of(
          MessageUtil.byteBufferToArray(
              MessageUtil.toByteBufferAccessor(request.body().data(), version).buffer()));
    } catch (RuntimeException e) {
      // A name that was no UTF-8 has become longer than a name may be; or tags without order.
      throw new InvalidRequestException("It cannot be passed on: " + e.getMessage());
    }
  }

  private static Client client(Request request) {
    return new Client(
        shortened(Optional.ofNullable(request.header().clientId()).orElse("")),
        request.client().address().getHostAddress(),
        ANYBODY);
  }

  /// Kafka makes member ids of it, which have to fit into its records.
  private static String shortened(String clientId) {
    return clientId.length() <= CLIENT_ID_MAX ? clientId : clientId.substring(0, CLIENT_ID_MAX);
  }

  /// How long a member may have to wait for the others.
  private long waitMs(Request request) {
    if (request.body() instanceof JoinGroupRequest join) {
      JoinGroupRequestData data = join.data();
      long limitMs = Math.max(data.rebalanceTimeoutMs(), data.sessionTimeoutMs());
      return Math.clamp(limitMs + MARGIN_MS, WAIT_MS, GroupRequest.WAIT_MS_MAX);
    }
    return api == ApiKeys.SYNC_GROUP ? GroupRequest.WAIT_MS_MAX : WAIT_MS;
  }
}
