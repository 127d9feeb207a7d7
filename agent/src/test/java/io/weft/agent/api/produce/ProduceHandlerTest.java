package io.weft.agent.api.produce;

import static io.weft.agent.api.produce.ProduceRows.call;
import static io.weft.agent.api.produce.ProduceRows.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.files.FileIds;
import io.weft.agent.files.FileSettings;
import io.weft.agent.files.ModelLedger;
import io.weft.agent.memory.ByteBudget;
import io.weft.agent.network.Answer;
import io.weft.agent.produce.FileListener;
import io.weft.agent.produce.GatedStore;
import io.weft.agent.produce.ModelSequencer;
import io.weft.agent.produce.ProducePath;
import io.weft.agent.produce.ProduceSettings;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.Membership.Role;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import io.weft.protocol.record.BatchHeader;
import io.weft.protocol.record.RawBatch;
import io.weft.protocol.record.RawRecord;
import io.weft.storage.bucket.ClusterBucket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
class ProduceHandlerTest {
  private static final TopicId PLAIN = new TopicId(1, 1);
  private static final TopicId COMPACTED = new TopicId(1, 2);
  private static final TopicId STAMPED = new TopicId(1, 3);

  private final ManualTime time = ManualTime.movedBySleepers(7);
  private final GatedStore store = new GatedStore();
  private final ModelSequencer sequencer = new ModelSequencer();
  private final FakeTopics topics = new FakeTopics();
  private final ByteBudget budget = new ByteBudget(1 << 20);
  private LiveCatalog catalog;
  private ProducePath path;
  private ProduceHandler handler;

  @BeforeEach
  void start() {
    topics.add(PLAIN, "plain", 2, Map.of("max.message.bytes", "5000"));
    topics.add(COMPACTED, "compacted", 1, Map.of("cleanup.policy", "compact"));
    topics.add(STAMPED, "stamped", 1, Map.of("message.timestamp.type", "LogAppendTime"));
    FileSettings files = new FileSettings(100, 0, 10, 100);
    ProduceSettings settings = new ProduceSettings(0, 1 << 20, 0, 4, files);
    FileIds ids = new FileIds(time.environment(), new ModelLedger(), () -> new AgentId(1), files);
    path =
        ProducePath.start(
            time.environment(),
            new ClusterBucket(store, "cluster"),
            sequencer,
            ids,
            FileListener.NONE,
            settings);
    catalog = new LiveCatalog(topics);
    handler = new ProduceHandler(time.environment(), catalog, path);
  }

  @AfterEach
  void stop() throws InterruptedException {
    path.close(0);
    store.openAll();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({
    "io.weft.agent.api.produce.ProduceRows#ofRequests",
    "io.weft.agent.api.produce.ProduceRows#ofRecords",
    "io.weft.agent.api.produce.ProduceRows#ofTimes"
  })
  void answersAsKafkaDoes(String row, ProduceCall call, Errors expected)
      throws InterruptedException {
    store.openAll();

    PartitionProduceResponse response = only(answer(call));

    assertThat(Errors.forCode(response.errorCode())).as(row).isEqualTo(expected);
    assertThat(response.baseOffset()).isEqualTo(expected == Errors.NONE ? 0 : -1);
    awaitReleased();
  }

  static IntStream versions() {
    return IntStream.rangeClosed(3, 13);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everyVersionIsAnsweredInItsOwnForm(int version) throws InterruptedException {
    store.openAll();
    ByteBuffer bad = RawBatch.of("a").record(new RawRecord(0, 9)).build();
    ProduceCall call = new ProduceCall().version(version);
    if (version == 13) {
      call.to(PLAIN, 0, sound().build()).to(COMPACTED, 0, bad);
    } else {
      call.to("plain", 0, sound().build()).to("compacted", 0, bad);
    }

    ProduceResponseData response = answer(call);
    short written = (short) version;
    ProduceResponseData read =
        new ProduceResponseData(MessageUtil.toByteBufferAccessor(response, written), written);

    List<TopicProduceResponse> rows = new ArrayList<>();
    read.responses().forEach(rows::add);
    assertThat(rows).hasSize(2);
    assertThat(rows.getFirst().name()).isEqualTo(version == 13 ? "" : "plain");
    PartitionProduceResponse good = rows.getFirst().partitionResponses().getFirst();
    assertThat(Errors.forCode(good.errorCode())).isEqualTo(Errors.NONE);
    assertThat(good.logStartOffset()).isEqualTo(version >= 5 ? 0 : -1);
    PartitionProduceResponse refused = rows.get(1).partitionResponses().getFirst();
    assertThat(Errors.forCode(refused.errorCode())).isEqualTo(Errors.INVALID_RECORD);
    assertThat(refused.recordErrors()).hasSize(version >= 8 ? 1 : 0);
    if (version >= 8) {
      assertThat(refused.recordErrors().getFirst().batchIndex()).isEqualTo(1);
      assertThat(refused.errorMessage()).isNotBlank();
    }
  }

  @Test
  void anUnknownTopicIdHasItsOwnCode() throws InterruptedException {
    ProduceCall call = new ProduceCall().version(13).to(new TopicId(9, 9), 0, sound().build());
    ProduceCall partition = new ProduceCall().version(13).to(PLAIN, 7, sound().build());

    assertThat(only(answer(call)).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    assertThat(only(answer(partition)).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void aTopicCreatedAMomentAgoIsFound() throws InterruptedException {
    store.openAll();
    topics.add(new TopicId(5, 5), "young", 1, Map.of());

    assertThat(only(answer(call("young", sound().build()))).errorCode()).isZero();
  }

  @Test
  void withoutTheControlPlaneNothingIsCalledUnknown() throws InterruptedException {
    topics.goAway();

    assertThat(only(answer(call("unknown", sound().build()))).errorCode())
        .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
  }

  @Test
  void verdictsBecomeKafkaCodes() throws InterruptedException {
    store.openAll();
    assertThat(codeAfter(Verdict.PLACED)).isEqualTo(Errors.NONE);
    assertThat(codeAfter(Verdict.DUPLICATE)).isEqualTo(Errors.NONE);
    assertThat(codeAfter(Verdict.DUPLICATE_FORGOTTEN)).isEqualTo(Errors.DUPLICATE_SEQUENCE_NUMBER);
    assertThat(codeAfter(Verdict.OUT_OF_ORDER_SEQUENCE))
        .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assertThat(codeAfter(Verdict.INVALID_PRODUCER_EPOCH)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
    assertThat(codeAfter(Verdict.UNKNOWN_PARTITION)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(codeAfter(Verdict.INVALID_TRANSACTION_STATE)).isEqualTo(Errors.INVALID_TXN_STATE);
    assertThat(codeAfter(Verdict.TRANSACTION_FULL)).isEqualTo(Errors.POLICY_VIOLATION);
  }

  @Test
  void aTransactionalBatchWithItsIdIsJudgedByTheControlPlane() throws InterruptedException {
    store.openAll();
    sequencer.judge(Verdict.INVALID_TRANSACTION_STATE);
    RawBatch batch = sound().producer(5, 0, 0).attributes(BatchHeader.TRANSACTIONAL_BIT);

    assertThat(only(answer(call(batch).transactionalId("t"))).errorCode())
        .isEqualTo(Errors.INVALID_TXN_STATE.code());
  }

  @Test
  void theAnswerCarriesTheTimeOfTheCommit() throws InterruptedException {
    store.openAll();
    sequencer.stamp(77);

    assertThat(only(answer(call("stamped", sound().build()))).logAppendTimeMs()).isEqualTo(77);
  }

  @Test
  void oneBadBatchFailsAlone() throws InterruptedException {
    store.openAll();
    ProduceCall call =
        new ProduceCall()
            .to("plain", 0, sound().magic(1).build())
            .to("unknown", 0, sound().build())
            .to("compacted", 0, sound().build());

    assertThat(errors(answer(call)))
        .isEqualTo(List.of(Errors.INVALID_RECORD, Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.NONE));
  }

  @Test
  void withoutAcksThereIsNoAnswer() throws InterruptedException {
    store.openAll();

    assertThat(handle(call("plain", sound().build()).acks(0))).isInstanceOf(Answer.None.class);
    awaitReleased();
  }

  @Test
  void withoutAcksAnErrorClosesTheConnection() throws InterruptedException {
    assertThat(handle(call("unknown", sound().build()).acks(0))).isInstanceOf(Answer.Close.class);
    assertThat(handle(call(sound().magic(1)).acks(0))).isInstanceOf(Answer.Close.class);
  }

  @Test
  void aPartitionNamedAgainIsRefusedTheSecondTime() throws InterruptedException {
    store.openAll();
    ProduceCall call =
        new ProduceCall()
            .to("plain", 0, sound().build())
            .to("plain", 1, sound().build())
            .to("plain", 0, sound().build())
            .to("unknown", 0, sound().build())
            .to("unknown", 0, sound().build());

    assertThat(errors(answer(call)))
        .isEqualTo(
            List.of(
                Errors.NONE,
                Errors.NONE,
                Errors.INVALID_REQUEST,
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                Errors.UNKNOWN_TOPIC_OR_PARTITION));
    PartitionProduceResponse next = only(answer(call("plain", sound().build())));
    assertThat(next.baseOffset()).as("the second was not appended").isEqualTo(1);
  }

  @Test
  void everyRecordToBlameIsNamed() throws InterruptedException {
    RawBatch batch = new RawBatch();
    for (int i = 0; i < 3; i++) {
      batch.record(new RawRecord(0, i).value("v"));
    }

    PartitionProduceResponse refused = only(answer(call("compacted", batch.build())));

    assertThat(Errors.forCode(refused.errorCode())).isEqualTo(Errors.INVALID_RECORD);
    assertThat(refused.recordErrors())
        .extracting(BatchIndexAndErrorMessage::batchIndex)
        .isEqualTo(List.of(0, 1, 2));
    assertThat(refused.errorMessage()).contains("3 of");
  }

  @Test
  void theRecordsNamedAreHeldWithTheRequestWhileOthersAreOnTheirWay() throws InterruptedException {
    RawBatch bad = new RawBatch();
    IntStream.range(0, 1_000).forEach(i -> bad.record(new RawRecord(0, i).value("v")));

    handle(call("plain", sound().build()).to("compacted", 0, bad.build()));

    assertThat(budget.bytesHeld()).isGreaterThan(200_000);
  }

  @Test
  void aShortTimeOutOfARequestMakesNoDoubtOfWhatIsStored() throws InterruptedException {
    Answer answer = handle(call("plain", sound().build()).timeoutMs(1));
    time.advanceMs(ProduceHandler.ACKS_ALL_TIMEOUT_MS_MIN - 100);
    store.openAll();

    assertThat(only(awaited(answer)).errorCode()).isZero();
  }

  @Test
  void anAppendThatTakesTooLongTimesOutAndGoesOn() throws InterruptedException {
    Answer.Later answer = (Answer.Later) handle(call("plain", sound().build()).timeoutMs(6_000));
    Pending<Answer> written = writer(answer);
    time.advanceMs(5_999);
    assertThat(written.isDone()).isFalse();
    assertThat(answer.answer().isDone()).isFalse();
    time.runUntil(written::isDone);

    assertThat(only(awaited(written.await())).errorCode())
        .isEqualTo(Errors.REQUEST_TIMED_OUT.code());
    assertThat(budget.bytesHeld()).isPositive();
    store.openAll();
    awaitReleased();
    PartitionProduceResponse next = only(answer(call("plain", sound().build())));
    assertThat(next.baseOffset()).as("the first one has offset 0").isEqualTo(1);
  }

  @Test
  void acksOfTheLeaderDoNotTimeOutByTheRequestsLimit() throws InterruptedException {
    Answer answer = handle(call("plain", sound().build()).acks(1).timeoutMs(0));
    time.advanceMs(1_000);
    store.openAll();

    assertThat(only(awaited(answer)).errorCode()).isZero();
  }

  @Test
  void aLeavingAgentSendsTheClientElsewhere() throws InterruptedException {
    path.close(1_000);

    assertThat(only(answer(call("plain", sound().build()))).errorCode())
        .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
  }

  @Test
  void aRequestOfNothingIsAnsweredAtOnce() throws InterruptedException {
    assertThat(answer(new ProduceCall()).responses()).isEmpty();
  }

  @Test
  void anAgentThatDoesNotProduceSendsTheClientElsewhereOnceTheClusterKnowsOfRoles()
      throws InterruptedException {
    store.openAll();
    Profile consumer = new Profile("", EnumSet.of(Role.CONSUME));
    LiveCatalog seen = new LiveCatalog(topics, consumer);
    handler = new ProduceHandler(time.environment(), seen, path);
    assertThat(errors(answer(call("plain", sound().build())))).containsExactly(Errors.NONE);

    topics.add(
        new Agent(new AgentId(1), Zone.NONE, "host", 1, Optional.empty(), Optional.of(consumer)));
    seen.fresh();
    assertThat(errors(answer(call("plain", sound().build()))))
        .containsExactly(Errors.NOT_LEADER_OR_FOLLOWER);
    awaitReleased();
  }

  private static List<Errors> errors(ProduceResponseData response) {
    return response.responses().stream()
        .flatMap(topic -> topic.partitionResponses().stream())
        .map(PartitionProduceResponse::errorCode)
        .map(Errors::forCode)
        .toList();
  }

  private Errors codeAfter(Verdict verdict) throws InterruptedException {
    sequencer.judge(verdict);
    return Errors.forCode(only(answer(call("plain", sound().build()))).errorCode());
  }

  private Answer handle(ProduceCall call) throws InterruptedException {
    ByteBudget.Share share = budget.acquire(100);
    try {
      return handler.handle(call.request(share));
    } finally {
      share.release();
    }
  }

  private ProduceResponseData answer(ProduceCall call) throws InterruptedException {
    return awaited(handle(call));
  }

  private static ProduceResponseData awaited(Answer answer) throws InterruptedException {
    return switch (answer) {
      case Answer.Ready(var response) -> (ProduceResponseData) response.data();
      case Answer.Later(var pending) -> awaited(pending.await());
      case Answer.None() -> throw new AssertionError("no answer");
      case Answer.Close(String reason) -> throw new AssertionError("closed: " + reason);
    };
  }

  /// A thread that waits as a connection's writer does.
  private Pending<Answer> writer(Answer.Later answer) {
    Pending<Answer> written = new Pending<>();
    time.environment()
        .tasks()
        .start(
            "writer",
            () -> {
              try {
                written.complete(answer.answer().await());
              } catch (InterruptedException e) {
                written.fail(new IllegalStateException(e));
              }
            });
    return written;
  }

  private static PartitionProduceResponse only(ProduceResponseData response) {
    assertThat(response.responses()).hasSize(1);
    return response.responses().iterator().next().partitionResponses().getFirst();
  }

  private void awaitReleased() throws InterruptedException {
    budget.acquire(1 << 20).release();
  }
}
