package io.weft.controlplane.groups;

import io.weft.controlplane.groups.limit.GroupLimits;
import java.util.function.Consumer;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;

/// JoinGroup, SyncGroup, Heartbeat and LeaveGroup: what Kafka's service checks around its shard.
///
/// The first two may be answered in a later step, by whatever completes the rebalance.
final class ClassicApis {
  private final Shard shard;
  private final GroupCoordinatorConfig settings;

  ClassicApis(Shard shard, GroupCoordinatorConfig settings) {
    this.shard = shard;
    this.settings = settings;
  }

  void join(CoordinatorCall call, Consumer<AbstractResponse> answer) {
    JoinGroupRequestData request = call.body(JoinGroupRequest.class).data();
    Consumer<JoinGroupResponseData> joined =
        data -> answer.accept(new JoinGroupResponse(data, call.body().version()));
    Errors fault = faultOf(request);
    if (fault != Errors.NONE) {
      joined.accept(
          new JoinGroupResponseData().setMemberId(request.memberId()).setErrorCode(fault.code()));
      return;
    }
    DeferredResponse<JoinGroupResponseData> deferred = new DeferredResponse<>(joined);
    // There is no plug-in for topology descriptions whose work would have to be undone first.
    boolean topologyHandled = true;
    shard.decide(
        () ->
            shard.coordinator().classicGroupJoin(call.client(), request, deferred, topologyHandled),
        error -> {
          deferred.complete(new JoinGroupResponseData().setErrorCode(error.error().code()));
          return false;
        });
  }

  private Errors faultOf(JoinGroupRequestData request) {
    if (request.groupId().isEmpty()) {
      return Errors.INVALID_GROUP_ID;
    }
    if (request.groupInstanceId() != null
        && request.groupInstanceId().length() > GroupLimits.INSTANCE_ID_CHARS_MAX) {
      return Errors.INVALID_REQUEST;
    }
    boolean lawful =
        request.sessionTimeoutMs() >= settings.classicGroupMinSessionTimeoutMs()
            && request.sessionTimeoutMs() <= settings.classicGroupMaxSessionTimeoutMs();
    return lawful ? Errors.NONE : Errors.INVALID_SESSION_TIMEOUT;
  }

  void sync(CoordinatorCall call, Consumer<AbstractResponse> answer) {
    SyncGroupRequest body = call.body(SyncGroupRequest.class);
    SyncGroupRequestData request = body.data();
    DeferredResponse<SyncGroupResponseData> deferred =
        new DeferredResponse<>(data -> answer.accept(new SyncGroupResponse(data)));
    if (!body.areMandatoryProtocolTypeAndNamePresent()) {
      deferred.complete(synced(Errors.INCONSISTENT_GROUP_PROTOCOL));
    } else if (request.groupId().isEmpty()) {
      deferred.complete(synced(Errors.INVALID_GROUP_ID));
    } else {
      shard.decide(
          () -> shard.coordinator().classicGroupSync(call.client(), request, deferred),
          error -> {
            deferred.complete(synced(error.error()));
            return null;
          });
    }
  }

  private static SyncGroupResponseData synced(Errors error) {
    return new SyncGroupResponseData().setErrorCode(error.code());
  }

  AbstractResponse heartbeat(CoordinatorCall call) {
    HeartbeatRequest body = call.body(HeartbeatRequest.class);
    if (body.data().groupId().isEmpty()) {
      return new HeartbeatResponse(beaten(new ApiError(Errors.INVALID_GROUP_ID)));
    }
    return new HeartbeatResponse(
        shard.decide(
            () -> shard.coordinator().classicGroupHeartbeat(call.client(), body.data()),
            ClassicApis::beaten));
  }

  private static HeartbeatResponseData beaten(ApiError error) {
    return new HeartbeatResponseData().setErrorCode(error.error().code());
  }

  AbstractResponse leave(CoordinatorCall call) {
    LeaveGroupRequest body = call.body(LeaveGroupRequest.class);
    LeaveGroupRequestData request = body.normalizedData();
    LeaveGroupResponseData left =
        request.groupId().isEmpty()
            ? new LeaveGroupResponseData().setErrorCode(Errors.INVALID_GROUP_ID.code())
            : shard.decide(
                () -> shard.coordinator().classicGroupLeave(call.client(), request),
                error -> notLeft(request, error));
    return new LeaveGroupResponse(left, body.version());
  }

  /// Where there is no such group, it is each member that is not known.
  private static LeaveGroupResponseData notLeft(LeaveGroupRequestData request, ApiError error) {
    if (error.error() != Errors.UNKNOWN_MEMBER_ID) {
      return new LeaveGroupResponseData().setErrorCode(error.error().code());
    }
    return new LeaveGroupResponseData()
        .setMembers(
            request.members().stream()
                .map(
                    member ->
                        new MemberResponse()
                            .setMemberId(member.memberId())
                            .setGroupInstanceId(member.groupInstanceId())
                            .setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()))
                .toList());
  }
}
