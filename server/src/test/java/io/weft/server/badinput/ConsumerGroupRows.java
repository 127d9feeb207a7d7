package io.weft.server.badinput;

import io.weft.server.process.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Requests of groups with member epochs (KIP-848). The topic `plain` exists.
final class ConsumerGroupRows {
  private static final String BAD_REQUEST = "INVALID_REQUEST(42)";

  private ConsumerGroupRows() {}

  /// One member: what it says of itself in its next heartbeat.
  private record Member(RawClient client, String group) {
    ConsumerGroupHeartbeatRequestData joining(String id) {
      return new ConsumerGroupHeartbeatRequestData()
          .setGroupId(group)
          .setMemberId(id)
          .setMemberEpoch(0)
          .setRebalanceTimeoutMs(60_000)
          .setSubscribedTopicNames(List.of("plain"))
          .setTopicPartitions(List.of());
    }

    ConsumerGroupHeartbeatRequestData staying(String id, int epoch) {
      return new ConsumerGroupHeartbeatRequestData()
          .setGroupId(group)
          .setMemberId(id)
          .setMemberEpoch(epoch);
    }

    ConsumerGroupHeartbeatResponseData send(ConsumerGroupHeartbeatRequestData request)
        throws IOException {
      return (ConsumerGroupHeartbeatResponseData)
          client.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, (short) 1, request).data();
    }

    String say(ConsumerGroupHeartbeatRequestData request) throws IOException {
      return Target.name(send(request).errorCode());
    }
  }

  private interface Saying {
    String by(Member member) throws Exception;
  }

  private static String in(Target target, String group, Saying saying) throws Exception {
    return target.talk(client -> saying.by(new Member(client, group)));
  }

  private static String id() {
    return Uuid.randomUuid().toString();
  }

  static List<Row> all() {
    List<Row> rows = new ArrayList<>(malformed());
    rows.addAll(unknown());
    rows.addAll(series());
    return rows;
  }

  private static List<Row> malformed() {
    return List.of(
        Row.same("heartbeat to group ''", BAD_REQUEST, t -> in(t, "", m -> m.say(m.joining(id())))),
        Row.same(
            "join without an id, version 1",
            BAD_REQUEST,
            t -> in(t, "h2", m -> m.say(m.joining("")))),
        Row.same(
            "join with partitions already",
            BAD_REQUEST,
            t ->
                in(
                    t,
                    "h3",
                    m ->
                        m.say(
                            m.joining(id())
                                .setTopicPartitions(
                                    List.of(
                                        new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                                            .setTopicId(Uuid.randomUuid())
                                            .setPartitions(List.of(0))))))),
        Row.same(
            "join without a rebalance timeout",
            BAD_REQUEST,
            t -> in(t, "h4", m -> m.say(m.joining(id()).setRebalanceTimeoutMs(-1)))),
        Row.same(
            "join without a subscription",
            BAD_REQUEST,
            t -> in(t, "h5", m -> m.say(m.joining(id()).setSubscribedTopicNames(null)))),
        Row.same(
            "join with instance id ''",
            BAD_REQUEST,
            t -> in(t, "h6", m -> m.say(m.joining(id()).setInstanceId("")))),
        Row.same("epoch -5", BAD_REQUEST, t -> in(t, "h7", m -> m.say(m.staying(id(), -5)))));
  }

  private static List<Row> unknown() {
    return List.of(
        Row.same(
            "an assignor nobody knows",
            "UNSUPPORTED_ASSIGNOR(112)",
            t -> in(t, "h8", m -> m.say(m.joining(id()).setServerAssignor("nope")))),
        Row.same(
            "an invalid regular expression",
            "INVALID_REGULAR_EXPRESSION(128)",
            t ->
                in(
                    t,
                    "h9",
                    m ->
                        m.say(
                            m.joining(id())
                                .setSubscribedTopicNames(null)
                                .setSubscribedTopicRegex("[")))),
        Row.same(
            "epoch 5, unknown group",
            "GROUP_ID_NOT_FOUND(69)",
            t -> in(t, "h10", m -> m.say(m.staying(id(), 5)))),
        Row.same(
            "describe an unknown group",
            "GROUP_ID_NOT_FOUND(69)",
            t -> in(t, "h11", ConsumerGroupRows::described)));
  }

  private static List<Row> series() {
    return List.of(
        Row.same(
            "series of a member",
            "[join NONE(0), heartbeat NONE(0), epoch ahead FENCED_MEMBER_EPOCH(110), "
                + "unknown member UNKNOWN_MEMBER_ID(25), commit NONE(0), "
                + "commit, epoch ahead STALE_MEMBER_EPOCH(113), "
                + "commit, unknown member UNKNOWN_MEMBER_ID(25), "
                + "commit from outside UNKNOWN_MEMBER_ID(25), "
                + "offsets NONE(0), 3, offsets, epoch ahead STALE_MEMBER_EPOCH(113), "
                + "offsets, unknown member UNKNOWN_MEMBER_ID(25), "
                + "delete group NON_EMPTY_GROUP(68), "
                + "delete offsets partition GROUP_SUBSCRIBED_TO_TOPIC(86), "
                + "leave NONE(0), after leaving UNKNOWN_MEMBER_ID(25), delete group NONE(0)]",
            t -> in(t, "h12", ConsumerGroupRows::member)),
        Row.same(
            "series of static members",
            "[join NONE(0), same instance UNRELEASED_INSTANCE_ID(111), "
                + "other instance of the member FENCED_INSTANCE_ID(82), "
                + "unknown instance UNKNOWN_MEMBER_ID(25), leaves for a while NONE(0), "
                + "same instance NONE(0), old one FENCED_INSTANCE_ID(82)]",
            t -> in(t, "h13", ConsumerGroupRows::staticMember)),
        Row.same(
            "a consumer joins a classic group whose members cannot move",
            "GROUP_ID_NOT_FOUND(69)",
            t ->
                in(
                    t,
                    "h14",
                    m -> {
                      new ClassicGroup(m.client(), "h14").join("");
                      return m.say(m.joining(id()));
                    })),
        Row.differs(
            "a classic member that says nothing readable joins a group of consumers",
            "UNKNOWN_SERVER_ERROR(-1)",
            "INCONSISTENT_GROUP_PROTOCOL(23)",
            t ->
                in(
                    t,
                    "h15",
                    m -> {
                      m.send(m.joining(id()));
                      return Target.name(new ClassicGroup(m.client(), "h15").join("").errorCode());
                    })));
  }

  private static String member(Member member) throws Exception {
    ClassicGroup classic = new ClassicGroup(member.client(), member.group());
    Offsets offsets = new Offsets(member.client(), member.group());
    String me = id();
    List<String> said = new ArrayList<>();
    ConsumerGroupHeartbeatResponseData joined = member.send(member.joining(me));
    int now = joined.memberEpoch();
    said.add("join " + Target.name(joined.errorCode()));
    said.add("heartbeat " + member.say(member.staying(me, now)));
    said.add("epoch ahead " + member.say(member.staying(me, now + 5)));
    said.add("unknown member " + member.say(member.staying(id(), now)));
    ClassicGroup.Place third = ClassicGroup.Place.at(3);
    said.add("commit " + classic.commitAs(me, now, third));
    said.add("commit, epoch ahead " + classic.commitAs(me, now + 5, third));
    said.add("commit, unknown member " + classic.commitAs(id(), now, third));
    said.add("commit from outside " + classic.commit(-1, "", third));
    said.add("offsets " + offsets.fetchAs(me, now));
    said.add("offsets, epoch ahead " + offsets.fetchAs(me, now + 5));
    said.add("offsets, unknown member " + offsets.fetchAs(id(), now));
    said.add("delete group " + offsets.deleteGroup());
    said.add("delete offsets " + offsets.delete("plain"));
    said.add("leave " + member.say(member.staying(me, -1)));
    said.add("after leaving " + member.say(member.staying(me, now)));
    said.add("delete group " + offsets.deleteGroup());
    return said.toString();
  }

  private static String staticMember(Member member) throws Exception {
    String first = id();
    String second = id();
    List<String> said = new ArrayList<>();
    ConsumerGroupHeartbeatResponseData joined =
        member.send(member.joining(first).setInstanceId("one"));
    int now = joined.memberEpoch();
    said.add("join " + Target.name(joined.errorCode()));
    said.add("same instance " + member.say(member.joining(second).setInstanceId("one")));
    said.add(
        "other instance of the member "
            + member.say(member.staying(second, now).setInstanceId("one")));
    said.add("unknown instance " + member.say(member.staying(first, now).setInstanceId("two")));
    said.add("leaves for a while " + member.say(member.staying(first, -2).setInstanceId("one")));
    said.add("same instance " + member.say(member.joining(second).setInstanceId("one")));
    said.add("old one " + member.say(member.staying(first, now).setInstanceId("one")));
    return said.toString();
  }

  private static String described(Member member) throws IOException {
    ConsumerGroupDescribeResponseData response =
        (ConsumerGroupDescribeResponseData)
            member
                .client()
                .ask(
                    ApiKeys.CONSUMER_GROUP_DESCRIBE,
                    (short) 1,
                    new ConsumerGroupDescribeRequestData().setGroupIds(List.of(member.group())))
                .data();
    return Target.name(response.groups().getFirst().errorCode());
  }
}
