package io.weft.agent.api.produce;

import static io.weft.agent.api.produce.ProduceCall.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.files.FileIds;
import io.weft.agent.files.FileSettings;
import io.weft.agent.files.ManualTime;
import io.weft.agent.files.ModelLedger;
import io.weft.agent.memory.ByteBudget;
import io.weft.agent.network.Answer;
import io.weft.agent.produce.FileListener;
import io.weft.agent.produce.GatedStore;
import io.weft.agent.produce.ModelSequencer;
import io.weft.agent.produce.ProducePath;
import io.weft.agent.produce.ProduceSettings;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.TopicId;
import io.weft.protocol.record.BatchHeader;
import io.weft.protocol.record.RawBatch;
import io.weft.protocol.record.RawRecord;
import io.weft.storage.bucket.ClusterBucket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
class ProduceHandlerTest {
  private static final TopicId PLAIN = new TopicId(1, 1);
  private static final TopicId COMPACTED = new TopicId(1, 2);
  private static final TopicId STAMPED = new TopicId(1, 3);
  private static final long YEAR_MS = 365L * 24 * 3600 * 1000;

  private final ManualTime time = new ManualTime();
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

  private static RawBatch sound() {
    return RawBatch.of("a");
  }

  private static RawBatch one(RawRecord record) {
    return new RawBatch().record(record);
  }

  private static RawBatch says(CompressionType codec) {
    return sound()
        .payload("plain, whatever the head says".getBytes(StandardCharsets.UTF_8))
        .codec(codec);
  }

  private static ByteBuffer damaged() {
    ByteBuffer bytes = sound().build();
    return bytes.put(bytes.capacity() - 2, (byte) 0x55);
  }

  private static ByteBuffer twice(ByteBuffer batch) {
    return ByteBuffer.allocate(batch.capacity() * 2)
        .put(batch.duplicate())
        .put(batch.duplicate())
        .flip();
  }

  private static ByteBuffer followed(ByteBuffer batch, int bytes) {
    return ByteBuffer.allocate(batch.capacity() + bytes).put(batch.duplicate()).rewind();
  }

  static Stream<Arguments> produceRows() {
    ByteBuffer good = sound().build();
    int length = good.capacity() - BatchHeader.LENGTH_OVERHEAD;
    return Stream.of(
        row("P0", call("plain", good), Errors.NONE),
        row("P1", call("unknown", good), Errors.UNKNOWN_TOPIC_OR_PARTITION),
        row("P2", new ProduceCall().to("plain", 2, good), Errors.UNKNOWN_TOPIC_OR_PARTITION),
        row("P3", new ProduceCall().to("plain", -1, good), Errors.UNKNOWN_TOPIC_OR_PARTITION),
        row("P4", call("../etc/passwd", good), Errors.UNKNOWN_TOPIC_OR_PARTITION),
        row("P5", call("", good), Errors.UNKNOWN_TOPIC_OR_PARTITION),
        row("P6", call("a\0b", good), Errors.UNKNOWN_TOPIC_OR_PARTITION),
        row("P63", call("__consumer_offsets", good), Errors.INVALID_TOPIC_EXCEPTION),
        row("P63 2", call("__transaction_state", good), Errors.INVALID_TOPIC_EXCEPTION),
        row("P63 3", call("__share_group_state", good), Errors.INVALID_TOPIC_EXCEPTION),
        row("P7", call("plain", good).acks(2), Errors.INVALID_REQUIRED_ACKS),
        row("P8", call("plain", good).acks(-2), Errors.INVALID_REQUIRED_ACKS),
        row("P13", call("plain", damaged()), Errors.CORRUPT_MESSAGE),
        row("P14", call(sound().magic(1)), Errors.INVALID_RECORD),
        row("P16", call(sound().magic(-1)), Errors.CORRUPT_MESSAGE),
        row("P17", call(sound().length(-1)), Errors.CORRUPT_MESSAGE),
        row("P18", call(sound().length(10)), Errors.CORRUPT_MESSAGE),
        row("P20", call(sound().length(length + 10)), Errors.INVALID_RECORD),
        row("P21", call("plain", twice(good)), Errors.INVALID_RECORD),
        row("P22", call("plain", followed(sound().build(), 5)), Errors.NONE),
        row("P24", call(new RawBatch()), Errors.INVALID_RECORD),
        row("P25", call(sound().count(5).lastOffsetDelta(4)), Errors.INVALID_RECORD),
        row("P26", call(sound().count(-1)), Errors.INVALID_RECORD),
        row("P27", call(sound().lastOffsetDelta(3)), Errors.INVALID_RECORD),
        row("P28", call(sound().count(0x7fffffff)), Errors.INVALID_RECORD));
  }

  static Stream<Arguments> recordRows() {
    RawBatch ofProducer = sound().producer(5, 0, 0).attributes(BatchHeader.TRANSACTIONAL_BIT);
    return Stream.of(
        row("P32", call(one(new RawRecord(0, 5))), Errors.INVALID_RECORD),
        row("P34", call(sound().attributes(7)), Errors.UNSUPPORTED_COMPRESSION_TYPE),
        row("P36", call(says(CompressionType.SNAPPY)), Errors.INVALID_RECORD),
        row("P37", call(says(CompressionType.LZ4)), Errors.INVALID_RECORD),
        row("P38", call(says(CompressionType.ZSTD)), Errors.INVALID_RECORD),
        row(
            "P39",
            call(sound().codec(CompressionType.ZSTD)).version(6),
            Errors.UNSUPPORTED_COMPRESSION_TYPE),
        row("P39 v7", call(sound().codec(CompressionType.ZSTD)).version(7), Errors.NONE),
        row("P40", call(sound().attributes(0x20)), Errors.INVALID_RECORD),
        row("P41", call(ofProducer), Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
        row("P45", call(sound().producer(99, 0, 7)), Errors.NONE),
        row("P47", call(one(new RawRecord(0, 0).length(0x7fffffff))), Errors.INVALID_RECORD),
        row("P50", call(one(new RawRecord(0, 0).keyLength(-2))), Errors.INVALID_RECORD),
        row("P51", call(one(new RawRecord(0, 0).headerCount(-1))), Errors.INVALID_RECORD),
        row("P54", call(one(new RawRecord(0, 0).trailer(3))), Errors.INVALID_RECORD),
        row(
            "P55",
            call("compacted", one(new RawRecord(0, 0).value("v")).build()),
            Errors.INVALID_RECORD),
        row("P55 with key", call("compacted", sound().build()), Errors.NONE),
        row("P56", call(sound().attributes(BatchHeader.LOG_APPEND_TIME_BIT)), Errors.NONE),
        row(
            "P57",
            call(sound().baseTimestampMs(RawBatch.TIMESTAMP_MS + YEAR_MS)),
            Errors.INVALID_TIMESTAMP),
        row(
            "P57 stamped",
            call("stamped", sound().baseTimestampMs(RawBatch.TIMESTAMP_MS + YEAR_MS).build()),
            Errors.NONE),
        row("P58", call(sound().baseTimestampMs(-2)), Errors.NONE),
        row("P58 first", call(sound().baseTimestampMs(Long.MIN_VALUE)), Errors.INVALID_TIMESTAMP),
        row(
            "P58 first, stamped",
            call("stamped", sound().baseTimestampMs(Long.MIN_VALUE).build()),
            Errors.NONE),
        row("P61", call(sound().attributes(0x40)), Errors.INVALID_RECORD),
        row("P61 unused", call(sound().attributes(0x80)), Errors.NONE),
        row("too large", call(RawBatch.of("x".repeat(5000))), Errors.MESSAGE_TOO_LARGE),
        row("no records", call("plain", ByteBuffer.allocate(0)), Errors.INVALID_RECORD));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"produceRows", "recordRows"})
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

  private static Arguments row(String id, ProduceCall call, Errors expected) {
    return Arguments.of(id, call, expected);
  }
}
