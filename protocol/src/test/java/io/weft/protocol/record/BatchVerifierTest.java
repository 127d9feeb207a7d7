package io.weft.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.protocol.record.Verification.Accepted;
import io.weft.protocol.record.Verification.Reason;
import io.weft.protocol.record.Verification.Refused;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchVerifierTest {
  private static final BatchRules RULES = BatchRules.sizeOnly(1 << 20);
  private static final BatchRules KEYS_REQUIRED =
      new BatchRules(1 << 20, true, true, Long.MIN_VALUE, Long.MAX_VALUE, 1 << 20, 1 << 20);
  private static final BatchRules TIMESTAMPS =
      new BatchRules(
          1 << 20,
          false,
          true,
          RawBatch.TIMESTAMP_MS - 1000,
          RawBatch.TIMESTAMP_MS + 1000,
          4 << 20,
          1 << 20);

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void acceptsASoundBatchOfEveryCodecWithoutCopyingIt(CompressionType codec) {
    ByteBuffer bytes = RawBatch.of("a", "b", "c").codec(codec).producer(7, 3, 11).build();

    VerifiedBatch batch = accepted(bytes, RULES);

    assertThat(batch.records()).isEqualTo(3);
    assertThat(batch.firstTimestampMs()).isEqualTo(RawBatch.TIMESTAMP_MS);
    assertThat(batch.maxTimestampMs()).isEqualTo(RawBatch.TIMESTAMP_MS + 2);
    assertThat(batch.producerId()).isEqualTo(7);
    assertThat(batch.producerEpoch()).isEqualTo((short) 3);
    assertThat(batch.baseSequence()).isEqualTo(11);
    assertThat(batch.transactional()).isFalse();
    assertThat(batch.bytes()).isEqualTo(bytes);
    bytes.put(0, (byte) 1);
    assertThat(batch.bytes().get(0)).as("the same memory").isEqualTo((byte) 1);
  }

  @Test
  void acceptsNullsEmptiesAndHeaders() {
    RawBatch batch =
        new RawBatch()
            .record(new RawRecord(5, 0))
            .record(new RawRecord(0, 1).key("").value("").header("", "").header("h", "v"))
            .record(new RawRecord(2, 2).value("v").headerKeyLength(0));

    assertThat(accepted(batch.build(), RULES).firstTimestampMs())
        .isEqualTo(RawBatch.TIMESTAMP_MS + 5);
  }

  @Test
  void acceptsADirectBufferAndOneWithinABiggerArray() {
    ByteBuffer bytes = RawBatch.of("a", "b").build();
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.capacity()).put(bytes.duplicate()).flip();
    ByteBuffer wide = ByteBuffer.allocate(bytes.capacity() + 20);
    wide.position(9).put(bytes.duplicate()).flip().position(9);

    assertThat(accepted(direct, RULES).bytes()).isEqualTo(bytes);
    assertThat(accepted(wide.slice(), RULES).bytes()).isEqualTo(bytes);
    assertThat(wide.position()).isEqualTo(9);
  }

  @Test
  void leavesOutBytesAfterTheBatch() {
    ByteBuffer bytes = RawBatch.of("a").build();
    ByteBuffer longer = ByteBuffer.allocate(bytes.capacity() + 5).put(bytes.duplicate()).rewind();

    assertThat(accepted(longer, RULES).bytes()).isEqualTo(bytes);
  }

  @Test
  void treatsAnyNegativeProducerIdAsNone() {
    VerifiedBatch batch = accepted(RawBatch.of("a").producer(-7, 4, 9).build(), RULES);

    assertThat(List.of(batch.producerId(), (long) batch.producerEpoch(), batch.baseSequence()))
        .isEqualTo(List.of(-1L, -1L, -1));
  }

  @Test
  void clearsALogAppendTimeBitAndMakesTheChecksumAgain() {
    ByteBuffer bytes =
        RawBatch.of("a", "b")
            .attributes(BatchHeader.LOG_APPEND_TIME_BIT)
            .maxTimestampMs(42)
            .build();
    ByteBuffer before = ByteBuffer.allocate(bytes.capacity()).put(bytes.duplicate()).flip();

    VerifiedBatch batch = accepted(bytes, RULES);

    DefaultRecordBatch read = read(batch);
    assertThat(read.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
    assertThat(read.maxTimestamp()).isEqualTo(RawBatch.TIMESTAMP_MS + 1);
    assertThat(read.isValid()).isTrue();
    assertThat(bytes).isEqualTo(before);
  }

  @Test
  void mendsALargestTimestampThatIsNotThatOfTheRecords() {
    VerifiedBatch batch = accepted(RawBatch.of("a", "b").maxTimestampMs(5).build(), RULES);

    assertThat(read(batch).maxTimestamp()).isEqualTo(RawBatch.TIMESTAMP_MS + 1);
    assertThat(read(batch).isValid()).isTrue();
  }

  @Test
  void takesATimestampBelowNoneAsNone() {
    VerifiedBatch batch = accepted(RawBatch.of("a").baseTimestampMs(-2).build(), RULES);

    assertThat(batch.firstTimestampMs()).isEqualTo(-1);
    assertThat(batch.maxTimestampMs()).isEqualTo(-1);
    assertThat(read(batch).maxTimestamp()).isEqualTo(-1);
  }

  @Test
  void namesTheRecordThatIsToBlame() {
    RawBatch batch = RawBatch.of("a", "b").record(new RawRecord(0, 7));

    assertThat(blamed(refused(batch.build(), RULES))).isEqualTo(List.of(2));
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void namesEveryRecordThatIsToBlame(CompressionType codec) {
    RawBatch batch = RawBatch.of("a").codec(codec);
    for (int i = 1; i < 6; i++) {
      batch.record(i % 2 == 0 ? new RawRecord(0, i).key("k") : new RawRecord(0, i));
    }

    Refused refusal = refused(batch.build(), KEYS_REQUIRED);

    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(blamed(refusal)).isEqualTo(List.of(1, 3, 5));
    assertThat(refusal.message()).startsWith("3 of the batch's records");
  }

  @Test
  void aTimeOutOfRangeAmongOtherFlawsIsTheReason() {
    BatchRules rules = new BatchRules(1 << 20, true, true, 0, 2_000_000_000_000L, 9, 9);
    RawBatch batch =
        RawBatch.of("a")
            .record(new RawRecord(0, 1))
            .record(new RawRecord(1_000_000_000_000L, 2).key("k"));

    Refused refusal = refused(batch.build(), rules);

    assertThat(refusal.reason()).isEqualTo(Reason.TIMESTAMP_OUT_OF_RANGE);
    assertThat(blamed(refusal)).isEqualTo(List.of(1, 2));
  }

  @Test
  void aRecordThatCannotBeReadIsTheOnlyOneToBlame() {
    RawBatch batch = new RawBatch().record(new RawRecord(0, 0)).record(new RawRecord(0, 7));

    assertThat(blamed(refused(batch.build(), KEYS_REQUIRED))).isEqualTo(List.of(1));
  }

  @Test
  void namesNoMoreThanSoManyRecords() {
    RawBatch batch = new RawBatch();
    for (int i = 0; i < Verification.FLAWS_MAX + 5; i++) {
      batch.record(new RawRecord(0, i));
    }

    assertThat(refused(batch.build(), KEYS_REQUIRED).flaws()).hasSize(Verification.FLAWS_MAX);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0x100, 0x8000})
  void takesAnAttributeBitThatMeansNothing(int bit) {
    ByteBuffer bytes = RawBatch.of("a").attributes(bit).build();

    assertThat(accepted(bytes, RULES).bytes()).isEqualTo(bytes);
  }

  @Test
  void saysWhetherABatchClaimsATransaction() {
    RawBatch batch = RawBatch.of("a").producer(1, 0, 0);

    assertThat(BatchVerifier.claimsTransaction(batch.build())).isFalse();
    assertThat(BatchVerifier.claimsTransaction(ByteBuffer.allocate(3))).isFalse();
    ByteBuffer transactional = batch.attributes(BatchHeader.TRANSACTIONAL_BIT).build();
    assertThat(BatchVerifier.claimsTransaction(transactional)).isTrue();
    assertThat(accepted(transactional, RULES).transactional()).isTrue();
  }

  static Stream<Arguments> unsoundHeads() {
    ByteBuffer sound = RawBatch.of("a").build();
    int size = sound.capacity();
    return Stream.of(
        unsound("nothing", ByteBuffer.allocate(0), Reason.INVALID),
        unsound("five bytes", ByteBuffer.allocate(5), Reason.INVALID),
        unsound("zeros", ByteBuffer.allocate(100), Reason.CORRUPT),
        unsound("cut off", sound.slice(0, size - 1), Reason.INVALID),
        unsound("cut off before its magic", sound.slice(0, 15), Reason.INVALID),
        unsound("length -1", RawBatch.of("a").length(-1).build(), Reason.CORRUPT),
        unsound("length 10", RawBatch.of("a").length(10).build(), Reason.CORRUPT),
        unsound("length 48", RawBatch.of("a").length(48).build(), Reason.CORRUPT),
        unsound("10 too long", RawBatch.of("a").length(size - 2).build(), Reason.INVALID),
        unsound("length 2^31-1", RawBatch.of("a").length(0x7fffffff).build(), Reason.INVALID),
        unsound("magic 1", RawBatch.of("a").magic(1).build(), Reason.INVALID),
        unsound("magic -1", RawBatch.of("a").magic(-1).build(), Reason.CORRUPT),
        unsound("magic 3", RawBatch.of("a").magic(3).build(), Reason.CORRUPT),
        unsound("two batches", concat(sound, sound), Reason.INVALID),
        unsound("a second, cut off", concat(sound, sound.slice(0, size - 1)), Reason.INVALID),
        unsound("base offset 1", RawBatch.of("a").baseOffset(1).build(), Reason.INVALID),
        unsound("control batch", RawBatch.of("a").attributes(0x20).build(), Reason.INVALID),
        unsound("delete horizon", RawBatch.of("a").attributes(0x40).build(), Reason.INVALID),
        unsound("codec 5", RawBatch.of("a").attributes(5).build(), Reason.UNSUPPORTED_COMPRESSION),
        unsound("codec 7", RawBatch.of("a").attributes(7).build(), Reason.UNSUPPORTED_COMPRESSION),
        unsound("count 0", new RawBatch().build(), Reason.INVALID),
        unsound("count -1", RawBatch.of("a").count(-1).build(), Reason.INVALID),
        unsound("count 5", RawBatch.of("a").count(5).build(), Reason.INVALID),
        unsound("last offset 4", RawBatch.of("a").lastOffsetDelta(4).build(), Reason.INVALID),
        unsound("5 of 1", RawBatch.of("a").count(5).lastOffsetDelta(4).build(), Reason.INVALID),
        unsound(
            "1 of 2", RawBatch.of("a", "b").count(1).lastOffsetDelta(0).build(), Reason.INVALID),
        unsound(
            "count 2^31-1",
            RawBatch.of("a").count(0x7fffffff).lastOffsetDelta(0x7ffffffe).build(),
            Reason.INVALID),
        unsound("sequence -1", RawBatch.of("a").producer(1, 0, -1).build(), Reason.INVALID),
        unsound("epoch -1", RawBatch.of("a").producer(1, -1, 0).build(), Reason.INVALID),
        unsound("transaction of none", RawBatch.of("a").attributes(0x10).build(), Reason.INVALID));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsoundHeads")
  void refusesAnUnsoundHead(String name, ByteBuffer bytes, Reason reason) {
    assertThat(refused(bytes, RULES).reason()).as(name).isEqualTo(reason);
  }

  static Stream<Arguments> unsoundRecords() {
    return Stream.of(
        Arguments.of("delta 5", new RawRecord(0, 5)),
        Arguments.of("length huge", new RawRecord(0, 0).length(0x7fffffff)),
        Arguments.of("length -1", new RawRecord(0, 0).length(-1)),
        Arguments.of("length one short", new RawRecord(0, 0).value("abc").length(8)),
        Arguments.of("length of 6 bytes", new RawRecord(0, 0).length(1L << 40)),
        Arguments.of("key length -2", new RawRecord(0, 0).keyLength(-2)),
        Arguments.of("key beyond the record", new RawRecord(0, 0).keyLength(1000)),
        Arguments.of("key length 2^31-1", new RawRecord(0, 0).keyLength(0x7fffffff)),
        Arguments.of("value length -2", new RawRecord(0, 0).valueLength(-2)),
        Arguments.of("value beyond the record", new RawRecord(0, 0).valueLength(1000)),
        Arguments.of("header count -1", new RawRecord(0, 0).headerCount(-1)),
        Arguments.of("header count huge", new RawRecord(0, 0).headerCount(0x7fffffff)),
        Arguments.of("header without key", new RawRecord(0, 0).headerKeyLength(-1)),
        Arguments.of("trailing byte", new RawRecord(0, 0).trailer(1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsoundRecords")
  void refusesAnUnsoundRecordHoweverItIsCompressed(String name, RawRecord record) {
    for (CompressionType codec : CompressionType.values()) {
      ByteBuffer bytes = new RawBatch().record(record).codec(codec).build();

      Refused refusal = refused(bytes, RULES);

      assertThat(refusal.reason()).as("%s, %s", name, codec).isEqualTo(Reason.INVALID);
      assertThat(blamed(refusal)).as("%s, %s", name, codec).isEqualTo(List.of(0));
    }
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void refusesFewerAndMoreRecordsThanCounted(CompressionType codec) {
    RawBatch fewer = RawBatch.of("a", "b").codec(codec).count(3).lastOffsetDelta(2);
    RawBatch more = RawBatch.of("a", "b").codec(codec).count(1).lastOffsetDelta(0);

    assertThat(refused(fewer.build(), RULES).reason()).isEqualTo(Reason.INVALID);
    assertThat(refused(more.build(), RULES).reason()).isEqualTo(Reason.INVALID);
  }

  @ParameterizedTest
  @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void refusesWhatIsNotCompressedAsItSays(CompressionType codec) {
    byte[] plain = new RawRecord(0, 0).value("plain text, whatever the head says").bytes();
    ByteBuffer bytes = RawBatch.of("a").payload(plain).codec(codec).build();

    assertThat(refused(bytes, RULES).reason()).isEqualTo(Reason.INVALID);
    ByteBuffer none = RawBatch.of("a").payload(new byte[0]).codec(codec).build();
    assertThat(refused(none, RULES).reason()).isEqualTo(Reason.INVALID);
  }

  @ParameterizedTest
  @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void refusesWhatUnfoldsToMoreThanIsAllowed(CompressionType codec) {
    RawBatch batch = new RawBatch().codec(codec);
    batch.record(new RawRecord(0, 0).value("x".repeat(3 << 20)));

    assertThat(refused(batch.build(), TIMESTAMPS).reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(accepted(batch.build(), RULES).records()).isEqualTo(1);
  }

  @Test
  void refusesSnappyLengthsThatCannotBeBeforeAnythingIsAllocated() {
    byte[] plainBlock = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 0, 0};
    ByteBuffer framedBlock = ByteBuffer.allocate(24);
    framedBlock.putLong(0x82534e4150505900L).putInt(1).putInt(1).putInt(0x1fffffff).putInt(0);

    for (byte[] payload : List.of(plainBlock, framedBlock.array())) {
      RawBatch batch = RawBatch.of("a").codec(CompressionType.SNAPPY).payload(payload);
      assertThat(refused(batch.build(), RULES).message()).contains("snappy block");
    }
  }

  @Test
  void refusesZstdWhereTheRequestCannotHaveIt() {
    BatchRules old = new BatchRules(1 << 20, false, false, 0, Long.MAX_VALUE, 1 << 20, 1 << 20);
    ByteBuffer bytes = RawBatch.of("a").codec(CompressionType.ZSTD).build();

    assertThat(refused(bytes, old).reason()).isEqualTo(Reason.UNSUPPORTED_COMPRESSION);
  }

  @Test
  void refusesABadChecksumBeforeItReadsTheRest() {
    ByteBuffer bytes = RawBatch.of("a").attributes(0x20).build();
    bytes.put(bytes.capacity() - 1, (byte) 1);

    assertThat(refused(bytes, RULES).reason()).isEqualTo(Reason.CORRUPT);
  }

  @Test
  void refusesABatchOverTheLimitAndTakesOneAtIt() {
    ByteBuffer bytes = RawBatch.of("a").build();

    accepted(bytes, BatchRules.sizeOnly(bytes.capacity()));
    assertThat(refused(bytes, BatchRules.sizeOnly(bytes.capacity() - 1)).reason())
        .isEqualTo(Reason.TOO_LARGE);
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void refusesANullKeyWhereKeysAreRequired(CompressionType codec) {
    RawBatch batch = RawBatch.of("a").record(new RawRecord(0, 1).value("b")).codec(codec);

    Refused refusal = refused(batch.build(), KEYS_REQUIRED);

    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(blamed(refusal)).isEqualTo(List.of(1));
    accepted(RawBatch.of("a").codec(codec).build(), KEYS_REQUIRED);
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void refusesATimestampOutOfRange(CompressionType codec) {
    for (long delta : List.of(1001L, -1001L, Long.MAX_VALUE)) {
      RawBatch batch = RawBatch.of("a").record(new RawRecord(delta, 1)).codec(codec);
      Refused refusal = refused(batch.build(), TIMESTAMPS);
      assertThat(refusal.reason()).isEqualTo(Reason.TIMESTAMP_OUT_OF_RANGE);
      assertThat(blamed(refusal)).isEqualTo(List.of(1));
    }
    RawBatch edges =
        RawBatch.of("a").record(new RawRecord(1000, 1)).record(new RawRecord(-1000, 2));
    accepted(edges.codec(codec).build(), TIMESTAMPS);
    accepted(RawBatch.of("a").baseTimestampMs(-1).codec(codec).build(), TIMESTAMPS);
  }

  static DefaultRecordBatch read(VerifiedBatch batch) {
    return (DefaultRecordBatch)
        MemoryRecords.readableRecords(batch.bytes().duplicate()).batches().iterator().next();
  }

  static List<Integer> deltas(VerifiedBatch batch) {
    return StreamSupport.stream(read(batch).spliterator(), false)
        .map(Record::offset)
        .map(Long::intValue)
        .toList();
  }

  private static Arguments unsound(String name, ByteBuffer bytes, Reason reason) {
    return Arguments.of(name, bytes, reason);
  }

  private static VerifiedBatch accepted(ByteBuffer bytes, BatchRules rules) {
    Verification verification = BatchVerifier.verify(bytes, rules);
    assertThat(verification).isInstanceOf(Accepted.class);
    return ((Accepted) verification).batch();
  }

  private static List<Integer> blamed(Refused refusal) {
    return refusal.flaws().stream().map(RecordFlaw::index).toList();
  }

  private static Refused refused(ByteBuffer bytes, BatchRules rules) {
    Verification verification = BatchVerifier.verify(bytes, rules);
    assertThat(verification).isInstanceOf(Refused.class);
    return (Refused) verification;
  }

  private static ByteBuffer concat(ByteBuffer... parts) {
    ByteBuffer all =
        ByteBuffer.allocate(Arrays.stream(parts).mapToInt(ByteBuffer::remaining).sum());
    Arrays.stream(parts).map(ByteBuffer::duplicate).forEach(all::put);
    return all.flip();
  }
}
