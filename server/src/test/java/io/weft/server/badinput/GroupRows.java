package io.weft.server.badinput;

import io.weft.server.badinput.ClassicGroup.Place;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Requests of classic groups. The topic `plain` exists.
final class GroupRows {
  private static final String UNKNOWN_MEMBER = "UNKNOWN_MEMBER_ID(25)";
  private static final String OLD_GENERATION = "ILLEGAL_GENERATION(22)";
  private static final String UNKNOWN_TOPIC = "UNKNOWN_TOPIC_OR_PARTITION(3)";
  private static final String OK = "NONE(0)";

  private GroupRows() {}

  static List<Row> all() {
    return Stream.of(joins(), series(), offsets(), deletions()).flatMap(List::stream).toList();
  }

  private interface Members {
    String ask(ClassicGroup group) throws Exception;
  }

  private interface Outsiders {
    String ask(Offsets offsets) throws Exception;
  }

  private static String in(Target target, String group, Members members) throws Exception {
    return target.talk(client -> members.ask(new ClassicGroup(client, group)));
  }

  private static String of(Target target, String group, Outsiders outsiders) throws Exception {
    return target.talk(client -> outsiders.ask(new Offsets(client, group)));
  }

  private static List<Row> joins() {
    return List.of(
        Row.same(
            "join ''",
            "INVALID_GROUP_ID(24), -1, ''",
            t -> in(t, "", group -> said(group.join("")))),
        Row.same(
            "join for a session of 1 ms",
            "INVALID_SESSION_TIMEOUT(26), -1, ''",
            t -> in(t, "g5", group -> said(group.joinFor("", 1)))),
        Row.same(
            "join for a session of a day",
            "INVALID_SESSION_TIMEOUT(26), -1, ''",
            t -> in(t, "g6", group -> said(group.joinFor("", 86_400_000)))),
        Row.same(
            "join without an id, version 5",
            "MEMBER_ID_REQUIRED(79)",
            t -> in(t, "g7", group -> Target.name(group.joinInTwoSteps("").errorCode()))),
        Row.same(
            "join as an unknown member",
            UNKNOWN_MEMBER + ", -1, 'bogus'",
            t -> in(t, "g8", group -> said(group.join("bogus")))),
        Row.same("sync of an unknown group", UNKNOWN_MEMBER, t -> in(t, "g9", g -> g.sync(1, "x"))),
        Row.same(
            "heartbeat, unknown group",
            UNKNOWN_MEMBER,
            t -> in(t, "g11", g -> g.heartbeat(1, "x"))),
        Row.same("leave an unknown group", UNKNOWN_MEMBER, t -> in(t, "g14", g -> g.leave("x"))),
        Row.same(
            "describe an unknown group, before and after KIP-1043",
            "[NONE(0) Dead, GROUP_ID_NOT_FOUND(69) Dead]",
            t -> List.of(described(t, "g15", 4), described(t, "g15", 6)).toString()));
  }

  private static List<Row> series() {
    return List.of(
        Row.same(
            "series of a group",
            List.of(
                    "join NONE(0)",
                    "heartbeat while it completes NONE(0)",
                    "commit while it completes REBALANCE_IN_PROGRESS(27)",
                    "sync, wrong generation " + OLD_GENERATION,
                    "sync, unknown member " + UNKNOWN_MEMBER,
                    "sync NONE(0)",
                    "heartbeat NONE(0)",
                    "heartbeat, old generation " + OLD_GENERATION,
                    "heartbeat, unknown member " + UNKNOWN_MEMBER,
                    "heartbeat, unknown instance " + UNKNOWN_MEMBER,
                    "commit NONE(0)",
                    "commit, old generation " + OLD_GENERATION,
                    "commit, unknown member " + UNKNOWN_MEMBER,
                    "commit from outside " + UNKNOWN_MEMBER,
                    "commit, unknown topic " + UNKNOWN_TOPIC,
                    "commit, partition 99 " + UNKNOWN_TOPIC,
                    "commit, 5000 characters OFFSET_METADATA_TOO_LARGE(12)",
                    "commit, offset -5 NONE(0)")
                .toString(),
            t -> in(t, "g10", GroupRows::member)),
        Row.same(
            "series of a static member that comes again",
            "[join NONE(0), again NONE(0) other id, old heartbeat FENCED_INSTANCE_ID(82), "
                + "old join FENCED_INSTANCE_ID(82)]",
            t -> in(t, "g16", GroupRows::staticMember)),
        Row.same(
            "join with another protocol",
            "[join NONE(0), other INCONSISTENT_GROUP_PROTOCOL(23)]",
            t ->
                in(
                    t,
                    "g17",
                    group ->
                        List.of(
                                "join " + Target.name(group.join("", "range").errorCode()),
                                "other " + Target.name(group.join("", "sticky").errorCode()))
                            .toString())));
  }

  private static String member(ClassicGroup group) throws Exception {
    JoinGroupResponseData joined = group.join("");
    String me = joined.memberId();
    int now = joined.generationId();
    List<String> said = new ArrayList<>();
    said.add("join " + Target.name(joined.errorCode()));
    said.add("heartbeat while it completes " + group.heartbeat(now, me));
    said.add("commit while it completes " + group.commit(now, me, Place.at(1)));
    said.add("sync, wrong generation " + group.sync(now + 5, me));
    said.add("sync, unknown member " + group.sync(now, "bogus"));
    said.add("sync " + group.sync(now, me));
    said.add("heartbeat " + group.heartbeat(now, me));
    said.add("heartbeat, old generation " + group.heartbeat(now - 1, me));
    said.add("heartbeat, unknown member " + group.heartbeat(now, "bogus"));
    said.add("heartbeat, unknown instance " + group.heartbeat(now, me, "bogus"));
    said.add("commit " + group.commit(now, me, Place.at(1)));
    said.add("commit, old generation " + group.commit(now - 1, me, Place.at(1)));
    said.add("commit, unknown member " + group.commit(now, "bogus", Place.at(1)));
    said.add("commit from outside " + group.commit(-1, "", Place.at(1)));
    said.add("commit, unknown topic " + group.commit(now, me, new Place("nope", 0, 1, "")));
    said.add("commit, partition 99 " + group.commit(now, me, new Place("plain", 99, 1, "")));
    String long5000 = "m".repeat(5_000);
    said.add(
        "commit, 5000 characters " + group.commit(now, me, new Place("plain", 0, 1, long5000)));
    said.add("commit, offset -5 " + group.commit(now, me, Place.at(-5)));
    return said.toString();
  }

  private static String staticMember(ClassicGroup group) throws Exception {
    JoinGroupResponseData first = group.joinAs("one", "");
    String synced = group.sync(first.generationId(), first.memberId());
    JoinGroupResponseData again = group.joinAs("one", "");
    List<String> said = new ArrayList<>();
    said.add("join " + (synced.equals(OK) ? Target.name(first.errorCode()) : synced));
    said.add(
        "again "
            + Target.name(again.errorCode())
            + (again.memberId().equals(first.memberId()) ? " same id" : " other id"));
    said.add("old heartbeat " + group.heartbeat(first.generationId(), first.memberId(), "one"));
    said.add("old join " + Target.name(group.joinAs("one", first.memberId()).errorCode()));
    return said.toString();
  }

  private static List<Row> offsets() {
    return List.of(
        Row.same(
            "commit, unknown group, generation 5",
            OLD_GENERATION,
            t -> in(t, "g12", group -> group.commit(5, "x", Place.at(1)))),
        Row.same(
            "commit from outside, new group",
            OK,
            t -> in(t, "g13", group -> group.commit(-1, "", Place.at(1)))),
        Row.same("commit to group ''", OK, t -> in(t, "", g -> g.commit(-1, "", Place.at(1)))),
        Row.same("offsets, unknown group", OK + ", -1", t -> of(t, "g19", Offsets::fetch)),
        Row.same(
            "offsets, unknown group, as a member with an epoch",
            OK + ", -1",
            t -> of(t, "g20", offsets -> offsets.fetchAs("bogus", 3))),
        Row.same(
            "offsets, unknown group, version 9 from outside",
            OK + ", -1",
            t -> of(t, "g21", offsets -> offsets.fetchAs(null, -1))),
        Row.same(
            "offsets that were committed as -5",
            OK + ", -5",
            t -> {
              in(t, "g22", group -> group.commit(-1, "", Place.at(-5)));
              return of(t, "g22", Offsets::fetch);
            }));
  }

  private static List<Row> deletions() {
    return List.of(
        Row.same(
            "delete an unknown group",
            "GROUP_ID_NOT_FOUND(69)",
            t -> of(t, "g23", Offsets::deleteGroup)),
        Row.same("delete group '', which has an offset", OK, t -> of(t, "", Offsets::deleteGroup)),
        Row.same(
            "delete a group with members, then without",
            "[NON_EMPTY_GROUP(68), leave NONE(0), NONE(0), then GROUP_ID_NOT_FOUND(69)]",
            GroupRows::deleteGroup),
        Row.same(
            "delete offsets, unknown group",
            "GROUP_ID_NOT_FOUND(69)",
            t -> of(t, "g26", offsets -> offsets.delete("plain"))),
        Row.same(
            "delete offsets of a topic nobody knows",
            "partition UNKNOWN_TOPIC_OR_PARTITION(3)",
            t -> {
              in(t, "g27", group -> group.commit(-1, "", Place.at(1)));
              return of(t, "g27", offsets -> offsets.delete("nope"));
            }),
        Row.same(
            "delete offsets of what is subscribed, and of what is not",
            "[partition GROUP_SUBSCRIBED_TO_TOPIC(86), partition NONE(0)]",
            GroupRows::deleteOffsets));
  }

  private static String deleteGroup(Target target) throws Exception {
    return target.talk(
        client -> {
          ClassicGroup group = new ClassicGroup(client, "g25");
          Offsets offsets = new Offsets(client, "g25");
          JoinGroupResponseData joined = group.join("");
          group.sync(joined.generationId(), joined.memberId());
          return List.of(
                  offsets.deleteGroup(),
                  "leave " + group.leave(joined.memberId()),
                  offsets.deleteGroup(),
                  "then " + offsets.deleteGroup())
              .toString();
        });
  }

  private static String deleteOffsets(Target target) throws Exception {
    return target.talk(
        client -> {
          ClassicGroup group = new ClassicGroup(client, "g28");
          Offsets offsets = new Offsets(client, "g28");
          ByteBuffer subscription =
              ConsumerProtocol.serializeSubscription(
                  new ConsumerPartitionAssignor.Subscription(List.of("plain")));
          byte[] metadata = new byte[subscription.remaining()];
          subscription.get(metadata);
          JoinGroupResponseData joined = group.joinSubscribed(metadata);
          group.sync(joined.generationId(), joined.memberId());
          return List.of(offsets.delete("plain"), offsets.delete("filled")).toString();
        });
  }

  private static String said(JoinGroupResponseData joined) {
    return "%s, %d, '%s'"
        .formatted(Target.name(joined.errorCode()), joined.generationId(), joined.memberId());
  }

  private static String described(Target target, String group, int version) throws Exception {
    return target.talk(
        client -> {
          var answer =
              ((DescribeGroupsResponseData)
                      client
                          .ask(
                              ApiKeys.DESCRIBE_GROUPS,
                              (short) version,
                              new DescribeGroupsRequestData().setGroups(List.of(group)))
                          .data())
                  .groups()
                  .getFirst();
          return Target.name(answer.errorCode()) + " " + answer.groupState();
        });
  }
}
