package io.weft.simulation.client;

import io.weft.history.Action;
import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.fault.Sight;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;

/// A member of a classic group, which shares the partitions of one topic with the others. It is
/// used by one thread of its world, and has another one for its heartbeats.
final class GroupMember {
  private static final String PROTOCOL = "shares";
  private static final int SESSION_MS = 6_000;
  private static final int REBALANCE_MS = 7_000;
  private static final int HEARTBEAT_MS = 1_500;
  private static final int BACKOFF_MS = 200;

  /// A join is answered when all have joined: nothing else may wait behind it.
  private final Caller joining;

  private final Caller beating;
  private final GroupOffsets offsets;
  private final Notes notes;
  private final List<TopicPartition> all;
  private Standing standing = new Standing("", -1);
  private Standing joinedAs = standing;
  private List<TopicPartition> mine = List.of();
  private boolean joined;
  private boolean left;

  GroupMember(Cluster cluster, Notes notes, List<TopicPartition> all) {
    this.notes = notes;
    this.all = all;
    this.joining = new Caller(cluster, "member");
    this.beating = new Caller(cluster, "member-beating");
    this.offsets = new GroupOffsets(cluster, notes, all);
    cluster.world().start("heartbeats", this::beat);
  }

  /// What a member says of itself.
  record Standing(String memberId, int generation) {}

  /// As it joined when it was told where to go on, whatever became of that since: the group is to
  /// find out, and takes offsets of somebody who is no member from anybody.
  Standing standing() {
    return joinedAs;
  }

  /// Joins until it has joined, if it must.
  ///
  /// @return where it goes on, if its partitions are others now; else empty
  Optional<Map<TopicPartition, Long>> join() throws InterruptedException {
    if (joined) {
      return Optional.empty();
    }
    while (!joinOnce()) {
      joining.world().sleepMs(1 + joining.weather().upTo(BACKOFF_MS));
    }
    joinedAs = standing;
    Map<TopicPartition, Long> places = new LinkedHashMap<>();
    for (Action.Place place : offsets.ask()) {
      for (TopicPartition partition : mine) {
        if (partition.toString().equals(place.key())) {
          places.put(partition, Math.max(0, place.offset()));
        }
      }
    }
    joining.weather().saw(Sight.GROUP_REBALANCED);
    return Optional.of(places);
  }

  /// What it knows of its membership is no longer true.
  void rejoin() {
    joined = false;
  }

  void leave() throws InterruptedException {
    left = true;
    try {
      joining.ask(
          new LeaveGroupRequest.Builder(
                  GroupOffsets.GROUP,
                  List.of(new MemberIdentity().setMemberId(standing.memberId())))
              .build((short) 4));
    } catch (ClientLink.Lost e) {
      // It will be missed.
    }
  }

  /// It is no longer heard of.
  void vanish() {
    left = true;
  }

  private boolean joinOnce() throws InterruptedException {
    try {
      JoinGroupResponseData answer =
          ((JoinGroupResponse) joining.ask(new JoinGroupRequest(joinData(), (short) 9))).data();
      Errors error = Errors.forCode(answer.errorCode());
      notes.saw(error.code());
      switch (error) {
        case NONE -> {
          standing = new Standing(answer.memberId(), answer.generationId());
          joined = sync(answer);
          return joined;
        }
        case MEMBER_ID_REQUIRED -> standing = new Standing(answer.memberId(), -1);
        case UNKNOWN_MEMBER_ID -> standing = new Standing("", -1);
        default -> transience("join", error);
      }
    } catch (ClientLink.Lost e) {
      // Again.
    }
    return false;
  }

  private JoinGroupRequestData joinData() {
    JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
    protocols.add(new JoinGroupRequestProtocol().setName(PROTOCOL).setMetadata(new byte[] {1}));
    return new JoinGroupRequestData()
        .setGroupId(GroupOffsets.GROUP)
        .setSessionTimeoutMs(SESSION_MS)
        .setRebalanceTimeoutMs(REBALANCE_MS)
        .setMemberId(standing.memberId())
        .setProtocolType("consumer")
        .setProtocols(protocols);
  }

  private boolean sync(JoinGroupResponseData group) throws InterruptedException {
    SyncGroupRequestData data =
        new SyncGroupRequestData()
            .setGroupId(GroupOffsets.GROUP)
            .setGenerationId(group.generationId())
            .setMemberId(group.memberId())
            .setProtocolType("consumer")
            .setProtocolName(PROTOCOL)
            .setAssignments(shares(group));
    SyncGroupResponseData answer =
        ((SyncGroupResponse) joining.ask(new SyncGroupRequest.Builder(data).build((short) 5)))
            .data();
    Errors error = Errors.forCode(answer.errorCode());
    notes.saw(error.code());
    if (error == Errors.NONE) {
      String text = new String(answer.assignment(), StandardCharsets.UTF_8);
      mine = all.stream().filter(one -> text.contains(" " + one + " ")).toList();
      return true;
    }
    if (error == Errors.UNKNOWN_MEMBER_ID) {
      standing = new Standing("", -1);
    } else if (error != Errors.ILLEGAL_GENERATION && error != Errors.REBALANCE_IN_PROGRESS) {
      transience("sync", error);
    }
    return false;
  }

  /// As the group's leader: its partitions, one after the other, to its members; else nothing.
  private List<SyncGroupRequestAssignment> shares(JoinGroupResponseData group) {
    List<SyncGroupRequestAssignment> shares = new ArrayList<>();
    if (!group.leader().equals(group.memberId())) {
      return shares;
    }
    List<String> members =
        group.members().stream().map(JoinGroupResponseMember::memberId).sorted().toList();
    for (int i = 0; i < members.size(); i++) {
      StringBuilder text = new StringBuilder(" ");
      for (int j = i; j < all.size(); j += members.size()) {
        text.append(all.get(j)).append(' ');
      }
      shares.add(
          new SyncGroupRequestAssignment()
              .setMemberId(members.get(i))
              .setAssignment(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
    return shares;
  }

  private void beat() {
    try {
      while (!left) {
        beating.world().sleepMs(HEARTBEAT_MS);
        if (joined) {
          beatOnce(standing);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void beatOnce(Standing said) throws InterruptedException {
    HeartbeatRequestData data =
        new HeartbeatRequestData()
            .setGroupId(GroupOffsets.GROUP)
            .setGenerationId(said.generation())
            .setMemberId(said.memberId());
    try {
      Errors error =
          ((HeartbeatResponse) beating.ask(new HeartbeatRequest.Builder(data).build((short) 4)))
              .error();
      notes.saw(error.code());
      if (!said.equals(standing)) {
        return; // of a standing that is over
      }
      switch (error) {
        case NONE -> {}
        case REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION -> rejoin();
        case UNKNOWN_MEMBER_ID -> {
          beating.weather().saw(Sight.MEMBER_EXPIRED);
          standing = new Standing("", -1);
          rejoin();
        }
        default -> transience("heartbeat", error);
      }
    } catch (ClientLink.Lost e) {
      // The next one may come through.
    }
  }

  private void transience(String what, Errors error) {
    switch (error) {
      case COORDINATOR_LOAD_IN_PROGRESS,
          COORDINATOR_NOT_AVAILABLE,
          NOT_COORDINATOR,
          REBALANCE_IN_PROGRESS,
          REQUEST_TIMED_OUT -> {
        joining.leave();
        beating.leave();
      }
      default -> notes.complain("a %s was answered %s", what, error);
    }
  }
}
