package io.weft.agent.api.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.fetch.Compaction;
import io.weft.agent.fetch.TestBatch;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.PartitionId;
import io.weft.protocol.record.StampedRecords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.requests.ShareAcknowledgeRequest;
import org.apache.kafka.common.requests.ShareAcknowledgeResponse;
import org.apache.kafka.common.requests.ShareFetchRequest;
import org.apache.kafka.common.requests.ShareFetchResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ShareHandlersTest {
  private static final byte GAP = 0;
  private static final byte ACCEPT = 1;
  private static final byte RELEASE = 2;
  private static final byte RENEW = 4;

  private final QueueRig rig = new QueueRig(2);

  @AfterEach
  void close() {
    rig.close();
  }

  private ShareFetchRequestData fetch(String member, int epoch) {
    return new ShareFetchRequestData()
        .setGroupId("g")
        .setMemberId(member)
        .setShareSessionEpoch(epoch)
        .setMaxRecords(500)
        .setBatchSize(500)
        .setMinBytes(1);
  }

  private ShareFetchRequestData first(String member) {
    ShareFetchRequestData request = fetch(member, 0);
    partition(request, rig.topicUuid, 0);
    return request;
  }

  private static ShareFetchRequestData.FetchPartition partition(
      ShareFetchRequestData request, Uuid topic, int partition) {
    ShareFetchRequestData.FetchTopic named = request.topics().find(topic);
    if (named == null) {
      named = new ShareFetchRequestData.FetchTopic().setTopicId(topic);
      request.topics().add(named);
    }
    ShareFetchRequestData.FetchPartition added =
        new ShareFetchRequestData.FetchPartition().setPartitionIndex(partition);
    named.partitions().add(added);
    return added;
  }

  private ShareFetchResponse ask(ShareFetchRequestData request) throws InterruptedException {
    return ask(request, 1);
  }

  private ShareFetchResponse ask(ShareFetchRequestData request, long connection)
      throws InterruptedException {
    return rig.ask(new ShareFetchRequest(request, (short) 2), connection, ShareFetchResponse.class);
  }

  private ShareAcknowledgeResponse say(
      String member, int epoch, int partition, long first, long last, byte... types)
      throws InterruptedException {
    ShareAcknowledgeRequestData.AcknowledgementBatch batch =
        new ShareAcknowledgeRequestData.AcknowledgementBatch()
            .setFirstOffset(first)
            .setLastOffset(last);
    for (byte type : types) {
      batch.acknowledgeTypes().add(type);
    }
    ShareAcknowledgeRequestData.AcknowledgeTopic topic =
        new ShareAcknowledgeRequestData.AcknowledgeTopic().setTopicId(rig.topicUuid);
    topic
        .partitions()
        .add(
            new ShareAcknowledgeRequestData.AcknowledgePartition()
                .setPartitionIndex(partition)
                .setAcknowledgementBatches(new ArrayList<>(List.of(batch))));
    ShareAcknowledgeRequestData request =
        new ShareAcknowledgeRequestData()
            .setGroupId("g")
            .setMemberId(member)
            .setShareSessionEpoch(epoch);
    request.topics().add(topic);
    return rig.ask(
        new ShareAcknowledgeRequest(request, (short) 2), 1, ShareAcknowledgeResponse.class);
  }

  private static Errors error(ShareAcknowledgeResponse response) {
    return response.data().errorCode() != 0
        ? Errors.forCode(response.data().errorCode())
        : Errors.forCode(
            response.data().responses().iterator().next().partitions().getFirst().errorCode());
  }

  /// `partition:first-last*deliveries` per run, or `partition!ERROR`.
  private static List<String> told(ShareFetchResponse response) {
    assertThat(response.error()).isEqualTo(Errors.NONE);
    List<String> told = new ArrayList<>();
    response
        .data()
        .responses()
        .forEach(topic -> topic.partitions().forEach(partition -> tell(partition, told)));
    return told;
  }

  private static void tell(PartitionData partition, List<String> told) {
    if (partition.errorCode() != 0) {
      told.add(partition.partitionIndex() + "!" + Errors.forCode(partition.errorCode()));
    }
    partition
        .acquiredRecords()
        .forEach(
            run ->
                told.add(
                    "%d:%d-%d*%d"
                        .formatted(
                            partition.partitionIndex(),
                            run.firstOffset(),
                            run.lastOffset(),
                            run.deliveryCount())));
  }

  private static List<String> values(ShareFetchResponse response) {
    List<String> values = new ArrayList<>();
    response
        .data()
        .responses()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        partition -> {
                          if (partition.records() instanceof StampedRecords records) {
                            for (Record record :
                                MemoryRecords.readableRecords(records.copied()).records()) {
                              values.add(StandardCharsets.UTF_8.decode(record.value()).toString());
                            }
                          }
                        }));
    return values;
  }

  @Test
  void aMemberGetsRecordsAndSettlesThem() throws InterruptedException {
    rig.produce(0, "a", "b", "c");
    ShareFetchResponse got = ask(first("m"));

    assertThat(told(got)).containsExactly("0:0-2*1");
    assertThat(values(got)).containsExactly("a", "b", "c");
    assertThat(got.data().acquisitionLockTimeoutMs()).isEqualTo(30_000);
    assertThat(error(say("m", 1, 0, 0, 2, ACCEPT, RELEASE, GAP))).isEqualTo(Errors.NONE);
    assertThat(told(ask(fetch("m", 2)))).containsExactly("0:1-1*2");
  }

  @Test
  void acknowledgementsComeWithAFetchToo() throws InterruptedException {
    rig.produce(0, "a", "b", "c");
    ask(first("m"));
    ShareFetchRequestData next = fetch("m", 1);
    partition(next, rig.topicUuid, 0)
        .acknowledgementBatches()
        .add(
            new ShareFetchRequestData.AcknowledgementBatch()
                .setFirstOffset(0)
                .setLastOffset(2)
                .setAcknowledgeTypes(List.of(ACCEPT)));
    rig.produce(0, "d");
    ShareFetchResponse got = ask(next);

    assertThat(told(got)).containsExactly("0:3-3*1");
    assertThat(error(say("m", 2, 0, 1, 1, ACCEPT))).isEqualTo(Errors.NONE);
    assertThat(error(say("m", 3, 0, 3, 4, ACCEPT))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(say("n", 1, 0, 3, 3, ACCEPT))).isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
  }

  @Test
  void sessionsHaveTheirEpochs() throws InterruptedException {
    assertThat(ask(fetch("m", 1)).error()).isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
    assertThat(ask(fetch("m", -1)).error()).isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
    assertThat(ask(first("m")).error()).isEqualTo(Errors.NONE);
    assertThat(ask(fetch("m", 2)).error()).isEqualTo(Errors.INVALID_SHARE_SESSION_EPOCH);
    assertThat(ask(fetch("m", 1)).error()).isEqualTo(Errors.NONE);
    assertThat(error(say("m", 0, 0, 0, 0, ACCEPT))).isEqualTo(Errors.INVALID_SHARE_SESSION_EPOCH);
    assertThat(error(say("m", 1, 0, 0, 0, ACCEPT))).isEqualTo(Errors.INVALID_SHARE_SESSION_EPOCH);
    assertThat(ask(fetch("m", -1)).error()).isEqualTo(Errors.NONE);
    assertThat(rig.sessions.count()).isZero();
  }

  @Test
  void thereIsALimitToSessions() throws InterruptedException {
    ask(first("a"));
    ask(first("b"));

    assertThat(ask(first("c")).error()).isEqualTo(Errors.SHARE_SESSION_LIMIT_REACHED);
    assertThat(ask(first("a")).error()).isEqualTo(Errors.NONE);
  }

  @Test
  void aRequestThatMakesNoSenseIsRefused() throws InterruptedException {
    assertThat(ask(first("m").setGroupId(null)).error()).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(ask(first("")).error()).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(ask(first("m".repeat(37))).error()).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(ask(first("m").setIsRenewAck(true)).error()).isEqualTo(Errors.INVALID_REQUEST);
    rig.produce(0, "a", "b", "c");
    ask(first("m"));
    assertThat(error(say("m", 1, 0, 2, 1, ACCEPT))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(say("m", 2, 0, 0, 2, ACCEPT, ACCEPT))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(say("m", 3, 0, 0, 0))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(say("m", 4, 0, 0, 0, (byte) 9))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(say("m", 5, 0, 0, 0, RENEW))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(say("m", 6, 0, -1, 0, ACCEPT))).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(error(say("m", 7, 5, 0, 0, ACCEPT))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void unknownPartitionsDoNotDisturbTheOthers() throws InterruptedException {
    rig.produce(0, "a");
    ShareFetchRequestData request = first("m");
    partition(request, rig.topicUuid, 7);
    partition(request, new Uuid(1, 2), 0);

    assertThat(told(ask(request)))
        .containsExactlyInAnyOrder("0:0-0*1", "7!UNKNOWN_TOPIC_OR_PARTITION", "0!UNKNOWN_TOPIC_ID");
  }

  @Test
  void theEndOfASessionGivesBackWhatIsHeld() throws InterruptedException {
    rig.produce(0, "a", "b");
    ask(first("m"));
    ask(fetch("m", -1));

    assertThat(told(ask(first("n")))).containsExactly("0:0-1*2");
  }

  @Test
  void soDoesTheEndOfTheConnection() throws InterruptedException {
    rig.produce(0, "a", "b");
    ask(first("m"), 7);
    rig.endConnection(8);
    assertThat(rig.sessions.count()).isOne();
    rig.endConnection(7);

    assertThat(rig.sessions.count()).isZero();
    assertThat(told(ask(first("n")))).containsExactly("0:0-1*2");
  }

  /// More is acquired than the answer has room for: the rest was never delivered.
  @Test
  void whatDoesNotFitIsNotHeld() throws InterruptedException {
    rig.produce(0, "a".repeat(500), "b".repeat(500));
    rig.produce(1, "c".repeat(500));
    ShareFetchRequestData request = first("m").setMaxBytes(1_100);
    partition(request, rig.topicUuid, 1);
    ShareFetchResponse got = ask(request);
    assertThat(told(got)).hasSize(1);
    ShareFetchRequestData other = first("n");
    partition(other, rig.topicUuid, 1);

    assertThat(told(ask(other))).hasSize(1).allMatch(run -> run.endsWith("*1"));
  }

  @Test
  void theNumberOfRecordsIsALimit() throws InterruptedException {
    rig.produce(0, "a", "b", "c", "d");

    assertThat(told(ask(first("m").setMaxRecords(3)))).containsExactly("0:0-2*1");
    assertThat(told(ask(first("n").setMaxRecords(3)))).containsExactly("0:3-3*1");
  }

  @Test
  void newRecordsWakeWhoWaits() throws InterruptedException {
    Pending<ShareFetchResponse> answer = new Pending<>();
    ShareFetchRequestData request = first("m").setMaxWaitMs(60_000);
    Environment.system().tasks().start("fetch", () -> complete(answer, request));
    rig.produce(0, "a");

    assertThat(told(answer.await())).containsExactly("0:0-0*1");
  }

  @Test
  void recordsGivenBackWakeWhoWaits() throws InterruptedException {
    rig.produce(0, "a");
    ask(first("m"));
    Pending<ShareFetchResponse> answer = new Pending<>();
    ShareFetchRequestData request = first("n").setMaxWaitMs(60_000);
    Environment.system().tasks().start("fetch", () -> complete(answer, request));
    say("m", 1, 0, 0, 0, RELEASE);

    assertThat(told(answer.await())).containsExactly("0:0-0*2");
  }

  @Test
  void anOutageIsTriedAgain() throws InterruptedException {
    rig.produce(0, "a");
    ask(first("m"));
    rig.setAway(true);
    assertThat(told(ask(fetch("m", 1)))).containsExactly("0!NOT_LEADER_OR_FOLLOWER");
    assertThat(error(say("m", 2, 0, 0, 0, ACCEPT))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    rig.endConnection(1);
    rig.setAway(false);

    assertThat(told(ask(first("n")))).isEmpty();
  }

  @Test
  void aRenewalFetchesNothing() throws InterruptedException {
    rig.produce(0, "a", "b");
    ask(first("m").setMaxRecords(1));
    ShareFetchRequestData renewal =
        fetch("m", 1).setIsRenewAck(true).setMaxRecords(0).setMinBytes(0).setMaxBytes(0);
    partition(renewal, rig.topicUuid, 0)
        .acknowledgementBatches()
        .add(
            new ShareFetchRequestData.AcknowledgementBatch()
                .setFirstOffset(0)
                .setLastOffset(0)
                .setAcknowledgeTypes(List.of(RENEW)));
    ShareFetchResponse got = ask(renewal);

    assertThat(told(got)).isEmpty();
    PartitionData answer = got.data().responses().iterator().next().partitions().getFirst();
    assertThat(answer.acknowledgeErrorCode()).isEqualTo(Errors.NONE.code());
  }

  private void complete(Pending<ShareFetchResponse> answer, ShareFetchRequestData request) {
    try {
      answer.complete(ask(request));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether there are such partitions or not: what is remembered for a member is bounded.
  @Test
  void aSessionNamesNoMorePartitionsThanItMay() throws InterruptedException {
    ShareFetchRequestData many = fetch("m", 0);
    Uuid unknown = new Uuid(7, 7);
    for (int i = 0; i <= ShareSession.PARTS_MAX; i++) {
      partition(many, unknown, i);
    }
    assertThat(ask(many).error()).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(ask(first("m")).error()).isEqualTo(Errors.NONE);
    ShareFetchRequestData more = fetch("m", 1);
    for (int i = 0; i < ShareSession.PARTS_MAX; i++) {
      partition(more, unknown, i);
    }
    assertThat(ask(more).error()).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(ask(fetch("m", 1)).error()).isEqualTo(Errors.NONE);
  }

  /// Records that compaction has removed keep nobody from the end, and no member sees them.
  @Test
  void aGroupGetsToTheEndOverRemovedRecords() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      rig.produce(0, "v" + i);
    }
    SequencedMap<Long, TestBatch> left = new LinkedHashMap<>();
    left.put(2L, TestBatch.of(1_000, "v2"));
    left.put(5L, TestBatch.of(1_000, "v5"));
    Compaction.own(rig.cluster, new PartitionId(rig.topic, 0), 0, 9, left);

    ShareFetchResponse got = ask(first("m"));
    assertThat(told(got)).containsExactly("0:2-2*1", "0:5-5*1");
    assertThat(values(got)).containsExactly("v2", "v5");
    assertThat(error(say("m", 1, 0, 2, 2, ACCEPT))).isEqualTo(Errors.NONE);
    assertThat(error(say("m", 2, 0, 5, 5, ACCEPT))).isEqualTo(Errors.NONE);
    assertThat(told(ask(fetch("m", 3)))).isEmpty();
    assertThat(rig.lag(0)).isZero();
    rig.produce(0, "v10");
    assertThat(told(ask(fetch("m", 4)))).containsExactly("0:10-10*1");
  }
}
