package io.weft.server.badinput;

import io.weft.server.badinput.Transactor.Ended;
import io.weft.server.badinput.Transactor.Identity;
import io.weft.server.clients.Deadline;
import io.weft.server.process.RawClient;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/// Series of transactions, each on a topic of its own; with the first version of the protocol
/// unless they say otherwise.
final class TransactionRows {
  private static final String OK = "NONE(0)";
  private static final String BAD_STATE = "INVALID_TXN_STATE(48)";
  private static final String BAD_ID = "INVALID_PRODUCER_ID_MAPPING(49)";
  private static final String OLD_EPOCH = "INVALID_PRODUCER_EPOCH(47)";

  /// How often the ends of a partition are asked for until there is no open transaction.
  private static final int FETCHES_MAX = 1_000;

  private TransactionRows() {}

  static List<Row> all() {
    return Stream.of(first(), names(), groups(), second()).flatMap(List::stream).toList();
  }

  private interface Series {
    void play(Transactor transactor, List<String> said) throws Exception;
  }

  /// Names the topic, the group and the transactional id like the row.
  private static String play(Target target, String name, Series series) throws Exception {
    createTopic(target, name);
    return target.talk(
        client -> {
          List<String> said = new ArrayList<>();
          series.play(new Transactor(client, name), said);
          return String.join("; ", said);
        });
  }

  /// Returns when the one that is asked has heard of it.
  private static void createTopic(Target target, String name) throws Exception {
    target.createTopic(name, 1, Map.of());
    target.talk(
        client -> {
          String ends = ends(client, name);
          for (int i = 0; i < FETCHES_MAX && !ends.equals("hw 0, lso 0"); i++) {
            ends = ends(client, name);
          }
          return ends;
        });
  }

  private static List<Row> first() {
    return List.of(
        Row.same(
            "transactional, by a producer nobody knows",
            BAD_ID,
            t ->
                play(
                    t,
                    "p42",
                    (x, said) -> said.add(x.produce(new Identity(4_711, (short) 0), 0, "p42")))),
        series(),
        Row.same(
            "a second instance aborts what the first had begun",
            "produce NONE(0); hw 1, lso 0; init NONE(0); hw 2, lso 2; first commits "
                + OLD_EPOCH
                + "; first produces "
                + OLD_EPOCH,
            t -> play(t, "x8", TransactionRows::secondInstance)),
        Row.same(
            "to go on as somebody (KIP-360)",
            "same NONE(0), epoch 1; again NONE(0), epoch 1; with another id "
                + OLD_EPOCH
                + "; with an older epoch "
                + OLD_EPOCH,
            t -> play(t, "x9", TransactionRows::goesOn)),
        Row.differs(
            "KAFKA-17754: a late copy of a commit ends the next transaction",
            "add NONE(0); produce NONE(0); commit NONE(0); add NONE(0); produce NONE(0); "
                + "late commit NONE(0); hw 4, lso 4; produce "
                + BAD_STATE
                + "; abort "
                + BAD_STATE,
            "add NONE(0); produce NONE(0); commit NONE(0); add NONE(0); produce NONE(0); "
                + "late commit connection closed; hw 3, lso 2; produce NONE(0); abort NONE(0)",
            t -> lateCommit(t, "x6")));
  }

  private static Row series() {
    return Row.same(
        "series of a transaction",
        String.join(
            "; ",
            "init NONE(0), epoch 0",
            "end before it began INVALID_TXN_STATE(48)",
            "add an unknown topic UNKNOWN_TOPIC_OR_PARTITION(3)",
            "add, wrong id " + BAD_ID,
            "add, wrong epoch " + OLD_EPOCH,
            "add, unknown transactional id " + BAD_ID,
            "produce without adding " + BAD_STATE,
            "add NONE(0)",
            "produce NONE(0)",
            "produce plainly meanwhile " + BAD_STATE,
            "hw 1, lso 0",
            "commit NONE(0)",
            "hw 2, lso 2",
            "commit again NONE(0)",
            "abort after commit INVALID_TXN_STATE(48)",
            "init again NONE(0), same id, epoch 1",
            "zombie adds " + OLD_EPOCH,
            "zombie produces " + OLD_EPOCH,
            "zombie commits " + OLD_EPOCH,
            "offset of a group never added " + BAD_STATE,
            "commit, wrong id " + BAD_ID,
            "commit, transactional id '' INVALID_REQUEST(42)"),
        t -> play(t, "x5", TransactionRows::transaction));
  }

  private static void transaction(Transactor x, List<String> said) throws Exception {
    InitProducerIdResponseData init = x.init();
    Identity me = Transactor.identity(init);
    Transactor nameless = new Transactor(x.client(), "");
    said.add("init %s, epoch %d".formatted(Target.name(init.errorCode()), me.epoch()));
    said.add("end before it began " + x.end(me, true));
    said.add("add an unknown topic " + x.addPartition(me, "nope"));
    said.add("add, wrong id " + x.addPartition(me.withId(me.id() + 999), "x5"));
    said.add("add, wrong epoch " + x.addPartition(me.withEpoch(9), "x5"));
    said.add(
        "add, unknown transactional id "
            + new Transactor(x.client(), "x5-nobody").addPartition(me, "x5"));
    said.add("produce without adding " + x.produce(me, 0, "x5"));
    said.add("add " + x.addPartition(me, "x5"));
    said.add("produce " + x.produce(me, 0, "x5"));
    said.add("produce plainly meanwhile " + x.producePlainly(me, 1, "x5"));
    said.add(ends(x.client(), "x5"));
    said.add("commit " + x.end(me, true));
    said.add(endsOnceStable(x.client(), "x5"));
    said.add("commit again " + x.end(me, true));
    said.add("abort after commit " + x.end(me, false));
    InitProducerIdResponseData again = x.init();
    Identity next = Transactor.identity(again);
    said.add(
        "init again %s, %s id, epoch %d"
            .formatted(
                Target.name(again.errorCode()),
                next.id() == me.id() ? "same" : "other",
                next.epoch()));
    said.add("zombie adds " + x.addPartition(me, "x5"));
    said.add("zombie produces " + x.produce(me, 1, "x5"));
    said.add("zombie commits " + x.end(me, true));
    said.add("offset of a group never added " + x.commitOffset(next, "x5", 1));
    said.add("commit, wrong id " + x.end(next.withId(me.id() + 999), true));
    said.add("commit, transactional id '' " + nameless.end(next, true));
  }

  private static void underAnotherId(Transactor x, List<String> said) throws Exception {
    Identity me = Transactor.identity(x.init());
    Transactor other = new Transactor(x.client(), "x17-other");
    other.init();
    Transactor nobody = new Transactor(x.client(), "x17-nobody");
    x.addPartition(me, "x17");
    said.add("another's " + other.produce(me, 0, "x17"));
    said.add("nobody's " + nobody.produce(me, 0, "x17"));
    said.add("its own " + x.produce(me, 0, "x17"));
    said.add("commit " + x.end(me, true));
    endsOnceStable(x.client(), "x17");
    said.add("another's, TV2 " + other.produceSince2(me, 1, "x17"));
    said.add("nobody's, TV2 " + nobody.produceSince2(me, 1, "x17"));
  }

  private static void secondInstance(Transactor x, List<String> said) throws Exception {
    Identity first = Transactor.identity(x.init());
    x.addPartition(first, "x8");
    said.add("produce " + x.produce(first, 0, "x8"));
    said.add(ends(x.client(), "x8"));
    said.add("init " + Target.name(x.init().errorCode()));
    said.add(endsOnceStable(x.client(), "x8"));
    said.add("first commits " + x.end(first, true));
    said.add("first produces " + x.produce(first, 1, "x8"));
  }

  private static void goesOn(Transactor x, List<String> said) throws Exception {
    Identity first = Transactor.identity(x.init());
    InitProducerIdResponseData same = x.initAs(first);
    said.add("same %s, epoch %d".formatted(Target.name(same.errorCode()), same.producerEpoch()));
    InitProducerIdResponseData again = x.initAs(first);
    said.add("again %s, epoch %d".formatted(Target.name(again.errorCode()), again.producerEpoch()));
    said.add(
        "with another id " + Target.name(x.initAs(first.withId(first.id() + 999)).errorCode()));
    x.init();
    said.add("with an older epoch " + Target.name(x.initAs(first).errorCode()));
  }

  /// A copy of the commit comes on its own, older connection when the next transaction has begun.
  private static String lateCommit(Target target, String name) throws Exception {
    createTopic(target, name);
    try (RawClient old = target.connect();
        RawClient current = target.connect()) {
      Transactor before = new Transactor(old, name);
      Transactor x = new Transactor(current, name);
      List<String> said = new ArrayList<>();
      Identity me = Transactor.identity(before.init());
      said.add("add " + before.addPartition(me, name));
      said.add("produce " + before.produce(me, 0, name));
      said.add("commit " + x.end(me, true));
      said.add("add " + x.addPartition(me, name));
      said.add("produce " + x.produce(me, 1, name));
      said.add("late commit " + endedOrClosed(before, me));
      said.add(endsOnceStable(current, name));
      said.add("produce " + x.produce(me, 2, name));
      said.add("abort " + x.end(me, false));
      return String.join("; ", said);
    }
  }

  private static String endedOrClosed(Transactor x, Identity me) throws IOException {
    try {
      return x.end(me, true);
    } catch (EOFException closed) {
      return "connection closed";
    }
  }

  /// Transactional ids in Produce requests.
  private static List<Row> names() {
    return List.of(
        Row.same(
            "a producer's batches under another transactional id than its own",
            "another's "
                + BAD_ID
                + "; nobody's "
                + BAD_ID
                + "; its own NONE(0); commit NONE(0); another's, TV2 "
                + BAD_ID
                + "; nobody's, TV2 "
                + BAD_ID,
            t -> play(t, "x17", TransactionRows::underAnotherId)),
        Row.differs(
            "under another transactional id, where the transaction has records already",
            "its own NONE(0); another's NONE(0)",
            "its own NONE(0); another's " + BAD_ID,
            t ->
                play(
                    t,
                    "x18",
                    (x, said) -> {
                      Identity me = Transactor.identity(x.init());
                      x.addPartition(me, "x18");
                      said.add("its own " + x.produce(me, 0, "x18"));
                      Transactor other = new Transactor(x.client(), "x18-other");
                      said.add("another's " + other.produce(me, 1, "x18"));
                      x.end(me, false);
                    })));
  }

  private static List<Row> groups() {
    return List.of(
        Row.same(
            "offsets of a group in a transaction",
            "add group NONE(0); commit offset NONE(0); offsets NONE(0), -1; "
                + "stable UNSTABLE_OFFSET_COMMIT(88), -1; commit NONE(0); stable NONE(0), 7",
            t -> play(t, "x10", (x, said) -> offsets(x, said, true))),
        Row.same(
            "offsets of a group in a transaction that is aborted",
            "add group NONE(0); commit offset NONE(0); offsets NONE(0), -1; "
                + "stable UNSTABLE_OFFSET_COMMIT(88), -1; abort NONE(0); stable NONE(0), -1",
            t -> play(t, "x11", (x, said) -> offsets(x, said, false))),
        Row.same(
            "offsets by a member the group does not know",
            "unknown member UNKNOWN_MEMBER_ID(25); unknown generation ILLEGAL_GENERATION(22); "
                + "group '' NONE(0)",
            t -> play(t, "x12", TransactionRows::strangers)));
  }

  private static void offsets(Transactor x, List<String> said, boolean commit) throws Exception {
    String group = x.transactionalId();
    Offsets offsets = new Offsets(x.client(), group);
    Identity me = Transactor.identity(x.init());
    said.add("add group " + x.addGroup(me, group));
    said.add("commit offset " + x.commitOffset(me, group, 7));
    said.add("offsets " + offsets.fetch());
    said.add("stable " + offsets.fetch(true));
    said.add((commit ? "commit " : "abort ") + x.end(me, commit));
    // The end of a transaction reaches Kafka's groups a moment after its answer.
    String stable = offsets.fetch(true);
    Deadline deadline = Deadline.usual();
    while (stable.startsWith("UNSTABLE") && !deadline.isOver()) {
      stable = offsets.fetch(true);
    }
    said.add("stable " + stable);
  }

  private static void strangers(Transactor x, List<String> said) throws Exception {
    String group = x.transactionalId();
    Identity me = Transactor.identity(x.init());
    ClassicGroup classic = new ClassicGroup(x.client(), group);
    var joined = classic.join("");
    classic.sync(joined.generationId(), joined.memberId());
    x.addGroup(me, group);
    said.add("unknown member " + x.commitOffsetAs(me, group, "bogus", joined.generationId()));
    said.add(
        "unknown generation "
            + x.commitOffsetAs(me, group, joined.memberId(), joined.generationId() + 5));
    said.add("group '' " + x.addGroup(me, ""));
    x.end(me, false);
  }

  private static List<Row> second() {
    return List.of(
        Row.same(
            "TV2: a late copy of a commit",
            "produce NONE(0); commit NONE(0), epoch 1; again NONE(0), epoch 1; produce NONE(0);"
                + " late commit PRODUCER_FENCED(90); hw 3, lso 2; produce NONE(0); abort NONE(0),"
                + " epoch 2",
            t -> play(t, "x7", TransactionRows::lateCommitSince2)),
        Row.same(
            "TV2: commit or abort of nothing",
            "commit INVALID_TXN_STATE(48); abort NONE(0), epoch 1; abort again NONE(0), epoch 1",
            t -> play(t, "x13", TransactionRows::endsNothing)),
        Row.same(
            "TV2: a producer nobody knows",
            "produce " + BAD_ID + "; commit " + BAD_ID,
            t ->
                play(
                    t,
                    "x14",
                    (x, said) -> {
                      Identity nobody = new Identity(4_711, (short) 0);
                      said.add("produce " + x.produceSince2(nobody, 0, "x14"));
                      said.add("commit " + x.endSince2(nobody, true).error());
                    })),
        Row.same(
            "TV2: the epoch before",
            "produce NONE(0); commit NONE(0); hw 2, lso 2; old one produces "
                + OLD_EPOCH
                + "; old one commits an offset "
                + OLD_EPOCH
                + "; produce NONE(0)",
            t -> play(t, "x15", TransactionRows::oldEpoch)),
        Row.same(
            "TV2: offsets of a group that was not added",
            "commit offset NONE(0); stable UNSTABLE_OFFSET_COMMIT(88), -1; commit NONE(0), epoch 1",
            t -> play(t, "x16", TransactionRows::unaddedGroup)));
  }

  private static String ended(Ended ended) {
    return ended.error().equals(OK)
        ? "%s, epoch %d".formatted(ended.error(), ended.next().epoch())
        : ended.error();
  }

  private static void lateCommitSince2(Transactor x, List<String> said) throws Exception {
    Identity me = Transactor.identity(x.init());
    said.add("produce " + x.produceSince2(me, 0, "x7"));
    Ended commit = x.endSince2(me, true);
    said.add("commit " + ended(commit));
    said.add("again " + ended(x.endSince2(me, true)));
    Identity next = commit.next();
    said.add("produce " + x.produceSince2(next, 0, "x7"));
    said.add("late commit " + ended(x.endSince2(me, true)));
    said.add(ends(x.client(), "x7"));
    said.add("produce " + x.produceSince2(next, 1, "x7"));
    said.add("abort " + ended(x.endSince2(next, false)));
  }

  private static void endsNothing(Transactor x, List<String> said) throws Exception {
    Identity me = Transactor.identity(x.init());
    said.add("commit " + ended(x.endSince2(me, true)));
    said.add("abort " + ended(x.endSince2(me, false)));
    said.add("abort again " + ended(x.endSince2(me, false)));
  }

  private static void oldEpoch(Transactor x, List<String> said) throws Exception {
    Identity me = Transactor.identity(x.init());
    said.add("produce " + x.produceSince2(me, 0, "x15"));
    Ended commit = x.endSince2(me, true);
    said.add("commit %s; %s".formatted(commit.error(), endsOnceStable(x.client(), "x15")));
    said.add("old one produces " + x.produceSince2(me, 1, "x15"));
    said.add("old one commits an offset " + x.commitOffsetSince2(me, "x15", 1));
    said.add("produce " + x.produceSince2(commit.next(), 0, "x15"));
    x.endSince2(commit.next(), false);
  }

  private static void unaddedGroup(Transactor x, List<String> said) throws Exception {
    Identity me = Transactor.identity(x.init());
    said.add("commit offset " + x.commitOffsetSince2(me, "x16", 5));
    said.add("stable " + new Offsets(x.client(), "x16").fetch(true));
    said.add("commit " + ended(x.endSince2(me, true)));
  }

  /// Kafka writes a transaction's markers a moment after it has answered that it ended.
  private static String endsOnceStable(RawClient client, String topic) throws Exception {
    String ends = ends(client, topic);
    for (int i = 0; i < FETCHES_MAX && !isStable(ends); i++) {
      ends = ends(client, topic);
    }
    return ends;
  }

  private static boolean isStable(String ends) {
    return ends.matches("hw (\\d+), lso \\1");
  }

  private static String ends(RawClient client, String topic) throws Exception {
    FetchRequestData request =
        new FetchRequestData()
            .setReplicaId(-1)
            .setMaxBytes(1 << 20)
            .setSessionEpoch(-1)
            .setTopics(
                List.of(
                    new FetchTopic()
                        .setTopic(topic)
                        .setPartitions(
                            List.of(
                                new FetchPartition()
                                    .setPartition(0)
                                    .setFetchOffset(0)
                                    .setCurrentLeaderEpoch(-1)
                                    .setLogStartOffset(-1)
                                    .setPartitionMaxBytes(1 << 20)))));
    FetchResponse response = (FetchResponse) client.ask(new FetchRequest(request, (short) 11));
    var partition = response.data().responses().getFirst().partitions().getFirst();
    return "hw %d, lso %d".formatted(partition.highWatermark(), partition.lastStableOffset());
  }
}
