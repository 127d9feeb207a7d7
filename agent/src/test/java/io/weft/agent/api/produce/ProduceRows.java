package io.weft.agent.api.produce;

import io.weft.protocol.record.BatchHeader;
import io.weft.protocol.record.RawBatch;
import io.weft.protocol.record.RawRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.params.provider.Arguments;

/// What is produced and how Kafka answers it: name, call, error.
final class ProduceRows {
  private static final long YEAR_MS = 365L * 24 * 3600 * 1000;

  private ProduceRows() {}

  static Stream<Arguments> ofRequests() {
    ByteBuffer good = sound().build();
    int length = good.capacity() - BatchHeader.LENGTH_OVERHEAD;
    return Stream.of(
        row("sound", call("plain", good), Errors.NONE),
        row("unknown topic", call("unknown", good), Errors.UNKNOWN_TOPIC_OR_PARTITION),
        row(
            "partition too high",
            new ProduceCall().to("plain", 2, good),
            Errors.UNKNOWN_TOPIC_OR_PARTITION),
        row(
            "negative partition",
            new ProduceCall().to("plain", -1, good),
            Errors.UNKNOWN_TOPIC_OR_PARTITION),
        row("a path as topic", call("../etc/passwd", good), Errors.UNKNOWN_TOPIC_OR_PARTITION),
        row("no topic name", call("", good), Errors.UNKNOWN_TOPIC_OR_PARTITION),
        row("NUL in the topic", call("a\0b", good), Errors.UNKNOWN_TOPIC_OR_PARTITION),
        row(
            "to __consumer_offsets",
            call("__consumer_offsets", good),
            Errors.INVALID_TOPIC_EXCEPTION),
        row(
            "to __transaction_state",
            call("__transaction_state", good),
            Errors.INVALID_TOPIC_EXCEPTION),
        row(
            "to __share_group_state",
            call("__share_group_state", good),
            Errors.INVALID_TOPIC_EXCEPTION),
        row("acks=2", call("plain", good).acks(2), Errors.INVALID_REQUIRED_ACKS),
        row("acks=-2", call("plain", good).acks(-2), Errors.INVALID_REQUIRED_ACKS),
        row("wrong checksum", call("plain", damaged()), Errors.CORRUPT_MESSAGE),
        row("magic 1", call(sound().magic(1)), Errors.INVALID_RECORD),
        row("magic -1", call(sound().magic(-1)), Errors.CORRUPT_MESSAGE),
        row("length -1", call(sound().length(-1)), Errors.CORRUPT_MESSAGE),
        row("length 10", call(sound().length(10)), Errors.CORRUPT_MESSAGE),
        row("longer than what is there", call(sound().length(length + 10)), Errors.INVALID_RECORD),
        row("two batches", call("plain", twice(good)), Errors.INVALID_RECORD),
        row("garbage behind", call("plain", followed(sound().build(), 5)), Errors.NONE),
        row("count 0", call(new RawBatch()), Errors.INVALID_RECORD),
        row(
            "count 5, one record",
            call(sound().count(5).lastOffsetDelta(4)),
            Errors.INVALID_RECORD),
        row("count -1", call(sound().count(-1)), Errors.INVALID_RECORD),
        row(
            "last offset delta 3, one record",
            call(sound().lastOffsetDelta(3)),
            Errors.INVALID_RECORD),
        row("count 2^31-1", call(sound().count(0x7fffffff)), Errors.INVALID_RECORD));
  }

  static Stream<Arguments> ofRecords() {
    RawBatch ofProducer = sound().producer(5, 0, 0).attributes(BatchHeader.TRANSACTIONAL_BIT);
    return Stream.of(
        row("record's offset delta 5", call(one(new RawRecord(0, 5))), Errors.INVALID_RECORD),
        row("codec 7", call(sound().attributes(7)), Errors.UNSUPPORTED_COMPRESSION_TYPE),
        row("says snappy, is plain", call(says(CompressionType.SNAPPY)), Errors.INVALID_RECORD),
        row("says lz4, is plain", call(says(CompressionType.LZ4)), Errors.INVALID_RECORD),
        row("says zstd, is plain", call(says(CompressionType.ZSTD)), Errors.INVALID_RECORD),
        row(
            "zstd in version 6",
            call(sound().codec(CompressionType.ZSTD)).version(6),
            Errors.UNSUPPORTED_COMPRESSION_TYPE),
        row("zstd in version 7", call(sound().codec(CompressionType.ZSTD)).version(7), Errors.NONE),
        row("control bit", call(sound().attributes(0x20)), Errors.INVALID_RECORD),
        row(
            "transactional, without an id",
            call(ofProducer),
            Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
        row("sequence 7 of an unknown producer", call(sound().producer(99, 0, 7)), Errors.NONE),
        row(
            "record of huge length",
            call(one(new RawRecord(0, 0).length(0x7fffffff))),
            Errors.INVALID_RECORD),
        row("key length -2", call(one(new RawRecord(0, 0).keyLength(-2))), Errors.INVALID_RECORD),
        row(
            "header count -1",
            call(one(new RawRecord(0, 0).headerCount(-1))),
            Errors.INVALID_RECORD),
        row(
            "bytes left in a record",
            call(one(new RawRecord(0, 0).trailer(3))),
            Errors.INVALID_RECORD),
        row(
            "no key, compacted",
            call("compacted", one(new RawRecord(0, 0).value("v")).build()),
            Errors.INVALID_RECORD),
        row("key, compacted", call("compacted", sound().build()), Errors.NONE),
        row(
            "says LogAppendTime",
            call(sound().attributes(BatchHeader.LOG_APPEND_TIME_BIT)),
            Errors.NONE),
        row("delete horizon bit", call(sound().attributes(0x40)), Errors.INVALID_RECORD),
        row("an unused bit", call(sound().attributes(0x80)), Errors.NONE),
        row("too large", call(RawBatch.of("x".repeat(5000))), Errors.MESSAGE_TOO_LARGE),
        row("no records", call("plain", ByteBuffer.allocate(0)), Errors.INVALID_RECORD));
  }

  static Stream<Arguments> ofTimes() {
    return Stream.of(
        row(
            "timestamp in a year",
            call(sound().baseTimestampMs(RawBatch.TIMESTAMP_MS + YEAR_MS)),
            Errors.INVALID_TIMESTAMP),
        row(
            "timestamp in a year, LogAppendTime",
            call("stamped", sound().baseTimestampMs(RawBatch.TIMESTAMP_MS + YEAR_MS).build()),
            Errors.NONE),
        row("timestamp -2", call(sound().baseTimestampMs(-2)), Errors.NONE),
        row(
            "the lowest timestamp",
            call(sound().baseTimestampMs(Long.MIN_VALUE)),
            Errors.INVALID_TIMESTAMP),
        row(
            "the lowest timestamp, LogAppendTime",
            call("stamped", sound().baseTimestampMs(Long.MIN_VALUE).build()),
            Errors.NONE));
  }

  static RawBatch sound() {
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

  static ProduceCall call(RawBatch batch) {
    return call("plain", batch.build());
  }

  static ProduceCall call(String topic, ByteBuffer records) {
    return new ProduceCall().to(topic, 0, records);
  }

  private static Arguments row(String name, ProduceCall call, Errors expected) {
    return Arguments.of(name, call, expected);
  }
}
