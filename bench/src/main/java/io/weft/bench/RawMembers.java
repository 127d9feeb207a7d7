package io.weft.bench;

import io.weft.environment.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;

/// Members of groups that only say that they are alive. Owned by one thread.
final class RawMembers {
  private static final int SESSION_MS = 30_000;

  /// Rounds of heartbeats until everybody has what it is to have.
  private static final int ROUNDS_MAX = 1_000;

  private static final long COORDINATOR_MS_MAX = 60_000;
  private static final long COORDINATOR_PAUSE_MS = 100;

  private RawMembers() {}

  /// A member of a consumer group (KIP-848), with what it was last told.
  static final class Member {
    final String groupId;
    final String memberId;
    private final String topic;
    private int epoch;
    private Optional<ConsumerGroupHeartbeatResponseData.Assignment> assignment = Optional.empty();

    Member(String groupId, String memberId, String topic) {
      this.groupId = groupId;
      this.memberId = memberId;
      this.topic = topic;
    }

    int epoch() {
      return epoch;
    }

    /// What it has; empty before it was told.
    Optional<ConsumerGroupHeartbeatResponseData.Assignment> assignment() {
      return assignment;
    }

    AbstractRequest beat() {
      ConsumerGroupHeartbeatRequestData data = data();
      if (epoch == 0) {
        data.setSubscribedTopicNames(List.of(topic))
            .setRebalanceTimeoutMs(SESSION_MS)
            .setTopicPartitions(List.of());
      }
      return new ConsumerGroupHeartbeatRequest.Builder(data).build();
    }

    private AbstractRequest acknowledgement() {
      List<ConsumerGroupHeartbeatRequestData.TopicPartitions> owned = new ArrayList<>();
      assignment.ifPresent(
          given ->
              given
                  .topicPartitions()
                  .forEach(
                      topicPartitions ->
                          owned.add(
                              new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                                  .setTopicId(topicPartitions.topicId())
                                  .setPartitions(topicPartitions.partitions()))));
      return new ConsumerGroupHeartbeatRequest.Builder(data().setTopicPartitions(owned)).build();
    }

    private ConsumerGroupHeartbeatRequestData data() {
      return new ConsumerGroupHeartbeatRequestData()
          .setGroupId(groupId)
          .setMemberId(memberId)
          .setMemberEpoch(epoch);
    }

    /// @return whether anything is new to it
    private boolean hear(ConsumerGroupHeartbeatResponseData answer) {
      if (answer.errorCode() != Errors.NONE.code()) {
        throw new KafkaException(
            "%s of %s: %s".formatted(memberId, groupId, Errors.forCode(answer.errorCode())));
      }
      boolean news = answer.memberEpoch() != epoch || answer.assignment() != null;
      epoch = answer.memberEpoch();
      if (answer.assignment() != null) {
        assignment = Optional.of(answer.assignment());
      }
      return news;
    }
  }

  /// Waits until the server leads groups: a new Kafka first makes the topic it keeps them in, and
  /// loads each partition of it.
  ///
  /// @throws KafkaException if it does not within a minute
  static void awaitCoordinator(RawLink link, Environment environment) throws InterruptedException {
    long deadlineMs = environment.clock().monotonicMs() + COORDINATOR_MS_MAX;
    List<String> groups = IntStream.range(0, 200).mapToObj(i -> "await-" + i).toList();
    FindCoordinatorRequestData find =
        new FindCoordinatorRequestData()
            .setKeyType(FindCoordinatorRequest.CoordinatorType.GROUP.id())
            .setCoordinatorKeys(groups);
    ListGroupsRequestData list = new ListGroupsRequestData();
    while (true) {
      FindCoordinatorResponse found =
          link.ask(new FindCoordinatorRequest.Builder(find).build(), FindCoordinatorResponse.class);
      // Listing is refused as long as one of the partitions is being loaded.
      ListGroupsResponse listed =
          link.ask(new ListGroupsRequest.Builder(list).build(), ListGroupsResponse.class);
      if (found.errorCounts().keySet().equals(Set.of(Errors.NONE))
          && listed.data().errorCode() == Errors.NONE.code()) {
        return;
      }
      if (environment.clock().monotonicMs() > deadlineMs) {
        throw new KafkaException("nobody leads the groups: " + found.errorCounts());
      }
      environment.tasks().sleepMs(COORDINATOR_PAUSE_MS);
    }
  }

  /// Has everybody join, and beats until nobody hears anything new.
  static void settle(RawLink link, List<Member> members) {
    for (Member member : members) {
      member.hear(beat(link, member.beat()));
    }
    int quiet = 0;
    for (int round = 0; quiet < 3; round++) {
      if (round == ROUNDS_MAX) {
        throw new KafkaException("the groups do not come to rest");
      }
      boolean news = false;
      for (Member member : members) {
        news |= member.hear(beat(link, member.acknowledgement()));
        news |= member.assignment().isEmpty();
      }
      quiet = news ? 0 : quiet + 1;
    }
  }

  static ConsumerGroupHeartbeatResponseData beat(RawLink link, AbstractRequest request) {
    return link.ask(request, ConsumerGroupHeartbeatResponse.class).data();
  }

  /// Joins a classic group as its only member.
  ///
  /// @return its heartbeat
  static AbstractRequest joinAlone(RawLink link, String groupId) {
    JoinGroupResponseData joined = join(link, groupId, "");
    if (joined.errorCode() == Errors.MEMBER_ID_REQUIRED.code()) {
      joined = join(link, groupId, joined.memberId());
    }
    expectNone(groupId, joined.errorCode());
    SyncGroupRequestData sync =
        new SyncGroupRequestData()
            .setGroupId(groupId)
            .setGenerationId(joined.generationId())
            .setMemberId(joined.memberId())
            .setProtocolType("consumer")
            .setProtocolName("range")
            .setAssignments(
                List.of(
                    new SyncGroupRequestAssignment()
                        .setMemberId(joined.memberId())
                        .setAssignment(new byte[0])));
    SyncGroupResponse synced =
        link.ask(new SyncGroupRequest.Builder(sync).build(), SyncGroupResponse.class);
    expectNone(groupId, synced.data().errorCode());
    return new HeartbeatRequest.Builder(
            new HeartbeatRequestData()
                .setGroupId(groupId)
                .setGenerationId(joined.generationId())
                .setMemberId(joined.memberId()))
        .build();
  }

  private static JoinGroupResponseData join(RawLink link, String groupId, String memberId) {
    JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
    protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[0]));
    JoinGroupRequestData data =
        new JoinGroupRequestData()
            .setGroupId(groupId)
            .setMemberId(memberId)
            .setSessionTimeoutMs(SESSION_MS)
            .setRebalanceTimeoutMs(SESSION_MS)
            .setProtocolType("consumer")
            .setProtocols(protocols);
    return link.ask(new JoinGroupRequest.Builder(data).build(), JoinGroupResponse.class).data();
  }

  private static void expectNone(String groupId, short code) {
    if (code != Errors.NONE.code()) {
      throw new KafkaException(groupId + ": " + Errors.forCode(code));
    }
  }
}
