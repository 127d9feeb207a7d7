package io.weft.server.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.RawClient;
import io.weft.server.process.WeftProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A leader of the control plane is killed and another takes over: a client that asks an agent for
/// offsets meanwhile hears an error or the offsets, but never that there are none, since it would
/// then start over.
class OffsetsInFailOverTest {
  private static final long WAIT_MS_MAX = 120_000;
  private static final long OFFSET = 17;
  private static final short FIRST_WITH_GROUPS = 8;
  private static final short FIRST_WITH_MEMBERS = 9;
  private static final short FIRST_WITH_IDS = 10;
  private static final String MEMBER = "member";

  private static final Set<Errors> MAY_BE_SAID =
      Set.of(
          Errors.COORDINATOR_LOAD_IN_PROGRESS,
          Errors.COORDINATOR_NOT_AVAILABLE,
          Errors.NOT_COORDINATOR);

  @TempDir Path folder;

  /// The client that asks, and how.
  private record Question(String group, short version, boolean stable, boolean asMember) {}

  /// @param epoch of the member of the one group
  private record Prepared(Uuid topic, int epoch) {}

  @Test
  void offsetsAreSaidRightOrNotAtAll() throws Exception {
    try (WeftProcess first = controlPlane("first");
        WeftProcess second = controlPlane("second");
        WeftProcess agent = agent(first.address() + "," + second.address())) {
      Prepared prepared = prepare(agent);
      List<Question> questions = questions();
      ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<Errors> errors = new ConcurrentLinkedQueue<>();
      Map<Question, AtomicBoolean> right = new TreeMap<>(OffsetsInFailOverTest::byText);
      questions.forEach(each -> right.put(each, new AtomicBoolean()));
      AtomicBoolean killed = new AtomicBoolean();
      List<Thread> askers = new ArrayList<>();
      for (Question each : questions) {
        askers.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      long deadline = System.nanoTime() + WAIT_MS_MAX * 1_000_000;
                      while (!right.get(each).get() && System.nanoTime() < deadline) {
                        boolean after = killed.get();
                        Errors said = ask(agent.port(), each, prepared, wrong);
                        if (said != Errors.NONE) {
                          errors.add(said);
                        } else if (after) {
                          right.get(each).set(true);
                        }
                      }
                    }));
      }
      first.process().kill();
      killed.set(true);
      for (Thread asker : askers) {
        asker.join();
      }

      System.out.println("said while nobody led: " + new TreeSet<>(errors) + ", " + errors.size());
      assertThat(wrong).isEmpty();
      assertThat(MAY_BE_SAID).containsAll(errors);
      assertThat(right.values()).allMatch(AtomicBoolean::get);
    }
  }

  private static int byText(Question one, Question other) {
    return one.toString().compareTo(other.toString());
  }

  private static List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    ApiKeys api = ApiKeys.OFFSET_FETCH;
    for (short version = api.oldestVersion(); version <= api.latestVersion(); version++) {
      for (boolean stable : new boolean[] {false, true}) {
        if (stable && version < 7) {
          continue;
        }
        questions.add(new Question("classic", version, stable, false));
        questions.add(new Question("modern", version, stable, version >= FIRST_WITH_MEMBERS));
      }
    }
    return questions;
  }

  private WeftProcess controlPlane(String name) throws InterruptedException {
    return WeftProcess.start(
        folder.resolve(name),
        List.of("-Xmx256m"),
        List.of(
            "control-plane",
            "--listen",
            "127.0.0.1:0",
            "--journal",
            "file:" + folder.resolve("journal"),
            "--leader-lease-ms",
            "2000"));
  }

  private WeftProcess agent(String controlPlanes) throws InterruptedException {
    return WeftProcess.agent(folder, "agent", controlPlanes, List.of("-Xmx256m"), List.of());
  }

  /// One offset in a classic group, and one in a group whose member beats.
  private static Prepared prepare(WeftProcess agent) throws Exception {
    GroupClients clients = new GroupClients(agent.address());
    clients.createTopic("t", 1);
    try (Admin admin = clients.admin()) {
      admin
          .alterConsumerGroupOffsets(
              "classic", Map.of(new TopicPartition("t", 0), new OffsetAndMetadata(OFFSET)))
          .all()
          .get(WAIT_MS_MAX, TimeUnit.MILLISECONDS);
      int epoch;
      try (RawClient raw = new RawClient(agent.port())) {
        epoch = join(raw);
        assertThat(commit(raw, epoch)).isZero();
      }
      Uuid topic =
          admin
              .describeTopics(List.of("t"))
              .allTopicNames()
              .get(WAIT_MS_MAX, TimeUnit.MILLISECONDS)
              .get("t")
              .topicId();
      return new Prepared(topic, epoch);
    }
  }

  private static int join(RawClient raw) throws IOException {
    ConsumerGroupHeartbeatResponseData joined =
        (ConsumerGroupHeartbeatResponseData)
            raw.ask(
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                    (short) 1,
                    new ConsumerGroupHeartbeatRequestData()
                        .setGroupId("modern")
                        .setMemberId(MEMBER)
                        .setMemberEpoch(0)
                        .setRebalanceTimeoutMs(60_000)
                        .setSubscribedTopicNames(List.of("t"))
                        .setTopicPartitions(List.of()))
                .data();
    assertThat(joined.errorMessage()).isNull();
    return joined.memberEpoch();
  }

  private static short commit(RawClient raw, int epoch) throws IOException {
    OffsetCommitRequestData request =
        new OffsetCommitRequestData()
            .setGroupId("modern")
            .setMemberId(MEMBER)
            .setGenerationIdOrMemberEpoch(epoch)
            .setTopics(
                List.of(
                    new OffsetCommitRequestTopic()
                        .setName("t")
                        .setPartitions(
                            List.of(
                                new OffsetCommitRequestPartition()
                                    .setPartitionIndex(0)
                                    .setCommittedOffset(OFFSET)))));
    OffsetCommitResponseData said =
        (OffsetCommitResponseData) raw.ask(ApiKeys.OFFSET_COMMIT, (short) 9, request).data();
    return said.topics().getFirst().partitions().getFirst().errorCode();
  }

  /// @param wrong where an answer goes that is neither an error nor the offset
  /// @return the error, if it was one, and NONE if it was not
  private static Errors ask(
      int port, Question question, Prepared prepared, ConcurrentLinkedQueue<String> wrong) {
    OffsetFetchResponseData said;
    try (RawClient raw = new RawClient(port)) {
      said =
          (OffsetFetchResponseData)
              raw.ask(ApiKeys.OFFSET_FETCH, question.version(), request(question, prepared)).data();
    } catch (IOException e) {
      wrong.add(question + " " + e);
      return Errors.NOT_COORDINATOR;
    }
    long offset;
    short partition;
    short whole;
    if (question.version() >= FIRST_WITH_GROUPS) {
      var group = said.groups().getFirst();
      whole = group.errorCode();
      var first = group.topics().stream().findFirst().map(each -> each.partitions().getFirst());
      offset = first.map(each -> each.committedOffset()).orElse(-2L);
      partition = first.map(each -> each.errorCode()).orElse((short) 0);
    } else {
      whole = said.errorCode();
      var first = said.topics().stream().findFirst().map(each -> each.partitions().getFirst());
      offset = first.map(each -> each.committedOffset()).orElse(-2L);
      partition = first.map(each -> each.errorCode()).orElse((short) 0);
    }
    Errors error = Errors.forCode(whole != 0 ? whole : partition);
    if (error == Errors.NONE && offset != OFFSET) {
      wrong.add(question + " " + said);
    }
    return error;
  }

  private static OffsetFetchRequestData request(Question question, Prepared prepared) {
    if (question.version() < FIRST_WITH_GROUPS) {
      return new OffsetFetchRequestData()
          .setGroupId(question.group())
          .setRequireStable(question.stable())
          .setTopics(
              List.of(new OffsetFetchRequestTopic().setName("t").setPartitionIndexes(List.of(0))));
    }
    OffsetFetchRequestTopics asked = new OffsetFetchRequestTopics().setPartitionIndexes(List.of(0));
    if (question.version() >= FIRST_WITH_IDS) {
      asked.setTopicId(prepared.topic());
    } else {
      asked.setName("t");
    }
    OffsetFetchRequestGroup group =
        new OffsetFetchRequestGroup().setGroupId(question.group()).setTopics(List.of(asked));
    if (question.asMember()) {
      group.setMemberId(MEMBER).setMemberEpoch(prepared.epoch());
    }
    return new OffsetFetchRequestData()
        .setRequireStable(question.stable())
        .setGroups(List.of(group));
  }
}
