package io.weft.agent.api.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.TestAgent;
import io.weft.agent.fetch.TestBatch;
import io.weft.agent.fetch.TestCluster;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import io.weft.protocol.record.StampedRecords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchHandlerTest {
  private static final short BY_NAME = 12;
  private static final short BY_ID = 18;

  private final ManualTime time = new ManualTime(3);
  private final TestCluster cluster = new TestCluster();
  private final TopicId topic = cluster.addTopic("t", 4);
  private final TestAgent agent = new TestAgent(cluster, time.environment());
  private final FetchSessions sessions =
      new FetchSessions(time.environment(), new SessionSettings(2, 120_000));
  private final FetchHandler handler =
      new FetchHandler(agent.catalog(), agent.fetcher(), sessions, new Zone("here"));

  private static Uuid uuid(TopicId id) {
    return new Uuid(id.high(), id.low());
  }

  private PartitionId partition(int number) {
    return new PartitionId(topic, number);
  }

  private void commit(int number, String... values) {
    cluster.commit(Run.of(partition(number), TestBatch.of(1, values)));
  }

  /// One fetch, in the making.
  private final class Fetch {
    private final short version;
    private final FetchRequestData data =
        new FetchRequestData().setMaxWaitMs(0).setMinBytes(1).setMaxBytes(1 << 20);

    Fetch(int version) {
      this.version = (short) version;
    }

    Fetch session(int id, int epoch) {
      data.setSessionId(id).setSessionEpoch(epoch);
      return this;
    }

    Fetch part(int partition, long offset) {
      return part("t", topic, partition, offset, -1);
    }

    Fetch part(String name, TopicId id, int partition, long offset, int leaderEpoch) {
      data.topics()
          .add(
              new FetchTopic()
                  .setTopic(name)
                  .setTopicId(uuid(id))
                  .setPartitions(
                      List.of(
                          new FetchPartition()
                              .setPartition(partition)
                              .setFetchOffset(offset)
                              .setCurrentLeaderEpoch(leaderEpoch)
                              .setPartitionMaxBytes(1 << 20))));
      return this;
    }

    Fetch forget(int partition) {
      data.forgottenTopicsData()
          .add(
              new ForgottenTopic()
                  .setTopic("t")
                  .setTopicId(uuid(topic))
                  .setPartitions(List.of(partition)));
      return this;
    }

    FetchResponse send() throws InterruptedException {
      return Asked.response(
          handler.handle(Asked.request(ApiKeys.FETCH, new FetchRequest(data, version))),
          FetchResponse.class);
    }

    Map<Integer, PartitionData> partitions() throws InterruptedException {
      return byPartition(send());
    }

    Errors error() throws InterruptedException {
      return Errors.forCode(partitions().values().iterator().next().errorCode());
    }
  }

  private static Map<Integer, PartitionData> byPartition(FetchResponse response) {
    Map<Integer, PartitionData> partitions = new LinkedHashMap<>();
    response
        .data()
        .responses()
        .forEach(
            each -> each.partitions().forEach(one -> partitions.put(one.partitionIndex(), one)));
    return partitions;
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 7, 11, 12, 13, 15, 17, 18})
  void everyVersionGetsRecords(int version) throws InterruptedException {
    commit(0, "a", "b");
    PartitionData data = new Fetch(version).session(0, -1).part(0, 0).partitions().get(0);
    assertThat(data.errorCode()).isEqualTo(Errors.NONE.code());
    assertThat(FetchResponse.recordsSize(data)).isPositive();
    assertThat(data.highWatermark()).isEqualTo(2);
    assertThat(data.lastStableOffset()).isEqualTo(2);
    assertThat(data.logStartOffset()).isZero();
    assertThat(data.preferredReadReplica()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7, 11, 12, 13, 17, 18})
  void readersOfCommittedRecordsAreToldWhatWasAborted(int version) throws InterruptedException {
    PartitionId zero = partition(0);
    cluster.commit(
        Run.of(
            zero,
            TestBatch.transactional(5, 0, 1, "a"),
            TestBatch.transactional(6, 0, 1, "b"),
            TestBatch.transactional(7, 0, 1, "c"),
            TestBatch.transactional(8, 0, 1, "d")));
    cluster.end(6, false, 9, zero);
    cluster.end(7, true, 9, zero);
    cluster.end(5, false, 9, zero);

    Fetch all = new Fetch(version).session(0, -1).part(0, 0);
    PartitionData uncommitted = all.partitions().get(0);
    assertThat(uncommitted.abortedTransactions()).isNull();
    assertThat(uncommitted.lastStableOffset()).isEqualTo(3);
    assertThat(uncommitted.highWatermark()).isEqualTo(7);
    assertThat(batches(uncommitted)).isEqualTo(7);

    Fetch committed = new Fetch(version).session(0, -1).part(0, 0);
    committed.data.setIsolationLevel((byte) 1);
    PartitionData told = committed.partitions().get(0);
    assertThat(told.abortedTransactions())
        .as("by where they ended")
        .extracting(AbortedTransaction::producerId, AbortedTransaction::firstOffset)
        .containsExactly(tuple(6L, 1L), tuple(5L, 0L));
    assertThat(told.lastStableOffset()).isEqualTo(3);
    assertThat(told.highWatermark()).isEqualTo(7);
    assertThat(batches(told)).isEqualTo(3);
  }

  @Test
  void whereNothingIsReadNothingWasAborted() throws InterruptedException {
    cluster.commit(Run.of(partition(0), TestBatch.transactional(5, 0, 1, "a")));
    cluster.end(5, false, 9, partition(0));
    Fetch committed = new Fetch(12).session(0, -1).part(0, 2);
    committed.data.setIsolationLevel((byte) 1);
    assertThat(committed.partitions().get(0).abortedTransactions()).isEmpty();
  }

  private static int batches(PartitionData data) {
    int count = 0;
    MemoryRecords records =
        MemoryRecords.readableRecords(((StampedRecords) data.records()).copied());
    for (MutableRecordBatch batch : records.batches()) {
      batch.ensureValid();
      count++;
    }
    return count;
  }

  @Test
  void anOffsetBeyondTheEndIsOutOfRange() throws InterruptedException {
    commit(0, "a");
    PartitionData data = new Fetch(11).part(0, 9).partitions().get(0);
    assertThat(data.errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
    assertThat(data.highWatermark()).isEqualTo(-1);
    assertThat(data.lastStableOffset()).isEqualTo(-1);
    assertThat(data.logStartOffset()).isEqualTo(-1);
  }

  @Test
  void unknownTopicsAndPartitionsAreSaidToBeUnknown() throws InterruptedException {
    assertThat(new Fetch(11).part("nope", topic, 0, 0, -1).error())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(new Fetch(11).part(4, 0).error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(new Fetch(11).part(-1, 0).error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(new Fetch(BY_ID).part("", new TopicId(8, 8), 0, 0, -1).error())
        .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    assertThat(new Fetch(BY_ID).part("", new TopicId(0, 0), 0, 0, -1).error())
        .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    assertThat(new Fetch(BY_ID).part(4, 0).error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void aTopicMadeAMomentAgoIsKnown() throws InterruptedException {
    agent.catalog().current();
    TopicId late = cluster.addTopic("late", 1);
    assertThat(new Fetch(BY_NAME).part("late", late, 0, 0, -1).error()).isEqualTo(Errors.NONE);
  }

  @Test
  void whileNobodyCanBeAskedAnUnknownTopicIsTriedAgain() throws InterruptedException {
    cluster.setAway(true);
    assertThat(new Fetch(BY_NAME).part("nope", topic, 0, 0, -1).error())
        .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
  }

  @Test
  void aLeaderEpochIsKnownOnceTheControlPlaneKnowsIt() throws InterruptedException {
    commit(0, "a");
    assertThat(new Fetch(11).part("t", topic, 0, 0, 4).error())
        .isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
    assertThat(new Fetch(11).part("t", topic, 0, 0, 2).error()).isEqualTo(Errors.NONE);
    assertThat(new Fetch(11).part("t", topic, 0, 0, -5).error()).isEqualTo(Errors.NONE);
    cluster.setMembershipEpoch(4);
    assertThat(new Fetch(11).part("t", topic, 0, 0, 4).error()).isEqualTo(Errors.NONE);
  }

  @Test
  void negativeWaitAndMinimumAnswerAtOnce() throws InterruptedException {
    commit(0, "a");
    Fetch fetch = new Fetch(11).part(0, 0);
    fetch.data.setMaxWaitMs(-1).setMinBytes(-1);
    assertThat(fetch.error()).isEqualTo(Errors.NONE);
  }

  @Test
  void followersAreRefused() throws InterruptedException {
    Fetch fetch = new Fetch(11).part(0, 0);
    fetch.data.setReplicaId(1);
    assertThat(fetch.error()).isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED);
    Fetch newer = new Fetch(BY_ID).part(0, 0);
    newer.data.replicaState().setReplicaId(1);
    assertThat(newer.send().error()).isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED);
  }

  @Test
  void anIsolationLevelThatIsNoneIsRefused() throws InterruptedException {
    Fetch fetch = new Fetch(BY_ID).part(0, 0);
    fetch.data.setIsolationLevel((byte) 7);
    assertThat(fetch.send().error()).isEqualTo(Errors.INVALID_REQUEST);
  }

  @Test
  void onlyReadersOfCommittedRecordsGetAListOfAbortedTransactions() throws InterruptedException {
    commit(0, "a");
    Fetch committed = new Fetch(BY_ID).part(0, 0);
    committed.data.setIsolationLevel((byte) 1);
    assertThat(committed.partitions().get(0).abortedTransactions()).isEmpty();
    assertThat(new Fetch(BY_ID).part(0, 0).partitions().get(0).abortedTransactions()).isNull();
  }

  @Test
  void aStoreFailureIsAStorageErrorToThoseWhoKnowIt() throws InterruptedException {
    commit(0, "a");
    cluster.store().setAway(0, true);
    assertThat(new Fetch(5).part(0, 0).error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(new Fetch(6).part(0, 0).error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
  }

  @Test
  void damageIsSaidToBeDamage() throws InterruptedException {
    commit(0, "a");
    commit(1, "b");
    cluster.store().lie(0, Integer.MAX_VALUE);
    Map<Integer, PartitionData> answer = new Fetch(BY_ID).part(0, 0).part(1, 0).partitions();
    assertThat(answer.get(0).errorCode()).isEqualTo(Errors.CORRUPT_MESSAGE.code());
    assertThat(FetchResponse.recordsSize(answer.get(1))).isPositive();
    assertThat(new Fetch(4).part(0, 0).error()).isEqualTo(Errors.CORRUPT_MESSAGE);
  }

  @Test
  void anIncrementalFetchIsToldOnlyWhatIsNew() throws InterruptedException {
    commit(0, "a");
    FetchResponse full = new Fetch(BY_ID).session(0, 0).part(0, 0).part(1, 0).send();
    int id = full.sessionId();
    assertThat(id).isPositive();
    assertThat(byPartition(full)).containsOnlyKeys(0, 1);

    FetchResponse idle = new Fetch(BY_ID).session(id, 1).part(0, 1).send();
    assertThat(idle.sessionId()).isEqualTo(id);
    assertThat(byPartition(idle)).isEmpty();

    commit(1, "b");
    assertThat(new Fetch(BY_ID).session(id, 2).partitions()).containsOnlyKeys(1);
  }

  @Test
  void aPartitionWithRecordsIsServedLastNextTime() throws InterruptedException {
    commit(0, "a");
    commit(1, "b");
    int id = new Fetch(BY_ID).session(0, 0).part(0, 0).part(1, 0).part(2, 0).send().sessionId();
    Fetch small = new Fetch(BY_ID).session(id, 1);
    small.data.setMaxBytes(1);
    assertThat(small.partitions()).containsOnlyKeys(0);
    Fetch again = new Fetch(BY_ID).session(id, 2);
    again.data.setMaxBytes(1);
    assertThat(again.partitions()).containsOnlyKeys(1);
  }

  @Test
  void aForgottenPartitionIsNotFetchedAndAnEmptySessionEnds() throws InterruptedException {
    commit(0, "a");
    commit(1, "b");
    int id = new Fetch(BY_ID).session(0, 0).part(0, 0).part(1, 0).send().sessionId();
    assertThat(new Fetch(BY_ID).session(id, 1).forget(0).partitions()).containsOnlyKeys(1);
    FetchResponse last = new Fetch(BY_ID).session(id, 2).forget(1).send();
    assertThat(last.sessionId()).isZero();
    assertThat(sessions.count()).isZero();
  }

  @Test
  void anErrorIsToldEachTimeAndItsEndToo() throws InterruptedException {
    commit(0, "a");
    int id = new Fetch(BY_ID).session(0, 0).part(0, 1).part(1, 0).send().sessionId();
    assertThat(new Fetch(BY_ID).session(id, 1).part(0, 7).partitions()).containsOnlyKeys(0);
    assertThat(new Fetch(BY_ID).session(id, 2).partitions()).containsOnlyKeys(0);
    assertThat(new Fetch(BY_ID).session(id, 3).part(0, 1).partitions()).containsOnlyKeys(0);
    assertThat(new Fetch(BY_ID).session(id, 4).partitions()).isEmpty();
  }

  @Test
  void wrongSessionsAreRefusedWhole() throws InterruptedException {
    int id = new Fetch(BY_ID).session(0, 0).part(0, 0).send().sessionId();
    assertThat(new Fetch(BY_ID).session(id + 1, 1).send().error())
        .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    assertThat(new Fetch(BY_ID).session(id, 5).send().error())
        .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
    assertThat(new Fetch(BY_NAME).session(id, 1).send().error())
        .isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
    assertThat(new Fetch(BY_ID).session(id, 1).send().error()).isEqualTo(Errors.NONE);
  }

  @Test
  void aFullFetchEndsTheSessionItNames() throws InterruptedException {
    int id = new Fetch(BY_ID).session(0, 0).part(0, 0).send().sessionId();
    FetchResponse closed = new Fetch(BY_ID).session(id, -1).part(0, 0).send();
    assertThat(closed.sessionId()).isZero();
    assertThat(sessions.count()).isZero();
  }

  @Test
  void aSessionsTopicThatWasMadeAnewIsInconsistent() throws InterruptedException {
    int id = new Fetch(BY_ID).session(0, 0).part(0, 0).send().sessionId();
    cluster.deleteTopic("t");
    agent.catalog().fresh();
    Map<Integer, PartitionData> gone = new Fetch(BY_ID).session(id, 1).partitions();
    assertThat(gone.get(0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    cluster.addTopic("t", 1);
    Map<Integer, PartitionData> anew = new Fetch(BY_ID).session(id, 2).partitions();
    assertThat(anew.get(0).errorCode()).isEqualTo(Errors.INCONSISTENT_TOPIC_ID.code());
  }

  @Test
  void whereAllSlotsAreTakenALargerSessionTurnsAnOldSmallerOneOut() throws InterruptedException {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ids.add(new Fetch(BY_ID).session(0, 0).part(0, 0).part(1, 0).send().sessionId());
    }
    assertThat(new Fetch(BY_ID).session(0, 0).part(0, 0).part(1, 0).send().sessionId()).isZero();
    time.advanceMs(100_000);
    new Fetch(BY_ID).session(ids.get(0), 1).send();
    new Fetch(BY_ID).session(ids.get(1), 1).send();
    time.advanceMs(100_000);
    assertThat(new Fetch(BY_ID).session(0, 0).part(0, 0).send().sessionId()).isZero();
    assertThat(new Fetch(BY_ID).session(0, 0).part(0, 0).part(1, 0).part(2, 0).send().sessionId())
        .isPositive();
    assertThat(sessions.count()).isEqualTo(2);
  }

  @Test
  void aStaleSessionIsTurnedOut() throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      new Fetch(BY_ID).session(0, 0).part(0, 0).part(1, 0).send();
    }
    time.advanceMs(120_001);
    assertThat(new Fetch(BY_ID).session(0, 0).part(0, 0).send().sessionId()).isPositive();
  }

  @Test
  void tenThousandPartitionsOfOneSessionAreFetchedAtOnce() throws InterruptedException {
    TopicId wide = cluster.addTopic("wide", 10_000);
    agent.catalog().fresh();
    Fetch fetch = new Fetch(BY_ID).session(0, 0);
    for (int i = 0; i < 10_000; i++) {
      fetch.part("wide", wide, i, 0, -1);
    }
    FetchResponse full = fetch.send();
    assertThat(byPartition(full)).hasSize(10_000);
    assertThat(new Fetch(BY_ID).session(full.sessionId(), 1).partitions()).isEmpty();
  }
}
