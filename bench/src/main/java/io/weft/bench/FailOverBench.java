package io.weft.bench;

import io.weft.environment.Environment;
import io.weft.server.settings.Settings;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/// Many members and open transactions while the coordinator is taken away (by another process, once
/// "ready" is printed): how long until there is an answer again, and whether all members and
/// producers still have what they had. Owned by one thread.
final class FailOverBench {
  private static final int ANSWER_MS = 30_000;
  private static final int MEMBERS_PER_GROUP = 100;
  private static final int TRANSACTION_MS = 600_000;
  private static final long PAUSE_MS = 5;
  private static final long OUTAGE_MS_MAX = 120_000;

  /// Silent members are thrown out after their session; the wait for the outage must be shorter.
  private static final long WAIT_MS_MAX = 30_000;

  private final Settings settings;
  private final Environment environment;
  private final RawLink link;
  private final List<RawMembers.Member> members = new ArrayList<>();
  private final List<EndTxnRequestData> transactions = new ArrayList<>();

  private FailOverBench(Settings settings, Environment environment, RawLink link) {
    this.settings = settings;
    this.environment = environment;
    this.link = link;
  }

  static void run(Settings settings, Environment environment, PrintWriter out)
      throws InterruptedException {
    BenchTopic.create(settings);
    try (RawLink link =
        new RawLink(settings.text("bootstrap.servers"), settings.text("client.id"), ANSWER_MS)) {
      new FailOverBench(settings, environment, link).measure(out);
    }
  }

  private void measure(PrintWriter out) throws InterruptedException {
    join();
    beginTransactions();
    out.println("ready");
    out.flush();
    long goneMs = awaitGone();
    long firstMs = awaitBack() - goneMs;
    int kept = countKept();
    long allMs = environment.clock().monotonicMs() - goneMs;
    int committed = endTransactions();
    out.printf(
        Locale.ROOT,
        "fail-over first_answer_ms=%d all_members_ms=%d members=%d kept=%d transactions=%d"
            + " committed=%d%n",
        firstMs,
        allMs,
        members.size(),
        kept,
        transactions.size(),
        committed);
  }

  private void join() {
    String prefix = settings.text("topic") + "-" + environment.clock().wallMs();
    for (int i = 0; i < settings.number("members"); i++) {
      String group = prefix + "-" + i / MEMBERS_PER_GROUP;
      members.add(new RawMembers.Member(group, "member-" + i, settings.text("topic")));
    }
    RawMembers.settle(link, members);
    for (int i = 0; i < members.size(); i++) {
      commit(members.get(i), i);
    }
  }

  /// Each member commits an offset of its own, on a partition of its own number.
  private void commit(RawMembers.Member member, int offset) {
    OffsetCommitRequestPartition partition =
        new OffsetCommitRequestPartition()
            .setPartitionIndex(offset % MEMBERS_PER_GROUP)
            .setCommittedOffset(offset)
            .setCommittedMetadata("");
    OffsetCommitRequestData data =
        new OffsetCommitRequestData()
            .setGroupId(member.groupId)
            .setMemberId(member.memberId)
            .setGenerationIdOrMemberEpoch(member.epoch())
            .setTopics(
                List.of(
                    new OffsetCommitRequestTopic()
                        .setName(settings.text("topic"))
                        .setPartitions(List.of(partition))));
    OffsetCommitResponse answer =
        link.ask(
            OffsetCommitRequest.Builder.forTopicNames(data).build(), OffsetCommitResponse.class);
    expectNone("commit", answer.data().topics().getFirst().partitions().getFirst().errorCode());
  }

  private void beginTransactions() {
    for (int i = 0; i < settings.number("transactions"); i++) {
      String id = settings.text("topic") + "-transaction-" + i;
      InitProducerIdRequestData init =
          new InitProducerIdRequestData()
              .setTransactionalId(id)
              .setTransactionTimeoutMs(TRANSACTION_MS);
      InitProducerIdResponse given =
          link.ask(
              new InitProducerIdRequest.Builder(init).build((short) 4),
              InitProducerIdResponse.class);
      expectNone("InitProducerId", given.data().errorCode());
      TopicPartition partition = new TopicPartition(settings.text("topic"), i % MEMBERS_PER_GROUP);
      AddPartitionsToTxnResponse added =
          link.ask(
              AddPartitionsToTxnRequest.Builder.forClient(
                      id,
                      given.data().producerId(),
                      given.data().producerEpoch(),
                      List.of(partition))
                  .build((short) 3),
              AddPartitionsToTxnResponse.class);
      if (!added.errorCounts().keySet().equals(Set.of(Errors.NONE))) {
        throw new KafkaException("AddPartitionsToTxn: " + added.errorCounts());
      }
      transactions.add(
          new EndTxnRequestData()
              .setTransactionalId(id)
              .setProducerId(given.data().producerId())
              .setProducerEpoch(given.data().producerEpoch())
              .setCommitted(true));
    }
  }

  /// @return when the last good answer before the outage came
  private long awaitGone() throws InterruptedException {
    long deadlineMs = environment.clock().monotonicMs() + WAIT_MS_MAX;
    long lastMs = environment.clock().monotonicMs();
    while (isAnswered()) {
      lastMs = environment.clock().monotonicMs();
      if (lastMs > deadlineMs) {
        throw new KafkaException("the coordinator did not go away");
      }
      environment.tasks().sleepMs(PAUSE_MS);
    }
    return lastMs;
  }

  private long awaitBack() throws InterruptedException {
    long deadlineMs = environment.clock().monotonicMs() + OUTAGE_MS_MAX;
    while (!isAnswered()) {
      if (environment.clock().monotonicMs() > deadlineMs) {
        throw new KafkaException("the coordinator did not come back");
      }
      environment.tasks().sleepMs(PAUSE_MS);
    }
    return environment.clock().monotonicMs();
  }

  private boolean isAnswered() {
    try {
      short code = RawMembers.beat(link, members.getFirst().beat()).errorCode();
      return code == Errors.NONE.code();
    } catch (UncheckedIOException e) {
      throw new KafkaException("the agent itself went away", e);
    }
  }

  /// How many members are still members with the same epoch, and find their committed offset.
  private int countKept() {
    int kept = 0;
    for (int i = 0; i < members.size(); i++) {
      RawMembers.Member member = members.get(i);
      ConsumerGroupHeartbeatResponseData answer = RawMembers.beat(link, member.beat());
      boolean same =
          answer.errorCode() == Errors.NONE.code()
              && answer.memberEpoch() == member.epoch()
              && (answer.assignment() == null
                  || answer.assignment().equals(member.assignment().orElse(null)));
      if (same && committed(member, i % MEMBERS_PER_GROUP) == i) {
        kept++;
      }
    }
    return kept;
  }

  private long committed(RawMembers.Member member, int partition) {
    OffsetFetchRequestGroup group =
        new OffsetFetchRequestGroup()
            .setGroupId(member.groupId)
            .setTopics(
                List.of(
                    new OffsetFetchRequestTopics()
                        .setName(settings.text("topic"))
                        .setPartitionIndexes(List.of(partition))));
    OffsetFetchResponse answer =
        link.ask(
            OffsetFetchRequest.Builder.forTopicNames(
                    new OffsetFetchRequestData().setGroups(List.of(group)), false)
                .build(),
            OffsetFetchResponse.class);
    var found = answer.data().groups().getFirst();
    expectNone("OffsetFetch", found.errorCode());
    return found.topics().getFirst().partitions().getFirst().committedOffset();
  }

  private int endTransactions() {
    int committed = 0;
    for (EndTxnRequestData transaction : transactions) {
      EndTxnResponse answer =
          link.ask(
              new EndTxnRequest.Builder(transaction, false).build((short) 4), EndTxnResponse.class);
      if (answer.data().errorCode() == Errors.NONE.code()) {
        committed++;
      }
    }
    return committed;
  }

  private static void expectNone(String what, short code) {
    if (code != Errors.NONE.code()) {
      throw new KafkaException(what + ": " + Errors.forCode(code));
    }
  }
}
