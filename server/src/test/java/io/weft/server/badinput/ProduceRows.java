package io.weft.server.badinput;

import static io.weft.server.process.RawClient.CLOSED;

import io.weft.protocol.record.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;

/// Produce requests. The topics `plain` (partition 0) and `compacted` exist.
final class ProduceRows {
  private static final String UNKNOWN = "UNKNOWN_TOPIC_OR_PARTITION(3)";
  private static final String CORRUPT = "CORRUPT_MESSAGE(2)";
  private static final String INVALID = "INVALID_RECORD(87)";
  private static final String OK = "NONE(0)";
  private static final String NO_REASON = "UNKNOWN_SERVER_ERROR(-1)";
  private static final String CODEC = "UNSUPPORTED_COMPRESSION_TYPE(76)";

  /// Of a record in an uncompressed batch whose fields are all small: length, attributes, timestamp
  /// delta, offset delta, key length.
  private static final int FIRST_RECORD = BatchHeader.BYTES;

  private ProduceRows() {}

  static List<Row> all() {
    List<Row> rows = new ArrayList<>(requests());
    rows.addAll(batches());
    rows.addAll(attributes());
    rows.addAll(records());
    rows.addAll(producers());
    return rows;
  }

  private static List<Row> requests() {
    ByteBuffer good = Batches.plain(1);
    return List.of(
        Row.same("unknown topic", UNKNOWN, t -> to(t, "nope", 0, -1, good)),
        Row.same("negative partition", UNKNOWN, t -> to(t, "plain", -1, -1, good)),
        Row.same("a path as topic", UNKNOWN, t -> to(t, "../etc/passwd", 0, -1, good)),
        Row.same("no topic name", UNKNOWN, t -> to(t, "", 0, -1, good)),
        Row.same("NUL in the topic", UNKNOWN, t -> to(t, "a\0b", 0, -1, good)),
        Row.same("acks=2", "INVALID_REQUIRED_ACKS(21)", t -> to(t, "plain", 0, 2, good)),
        Row.same("acks=-2", "INVALID_REQUIRED_ACKS(21)", t -> to(t, "plain", 0, -2, good)),
        Row.same("acks=0, unknown topic", CLOSED, t -> unanswered(t, "nope", good)),
        Row.same(
            "an internal topic",
            "INVALID_TOPIC_EXCEPTION(17)",
            t -> to(t, "__consumer_offsets", 0, -1, good)));
  }

  private static List<Row> batches() {
    ByteBuffer one = Batches.plain(1);
    ByteBuffer three = Batches.plain(3);
    return List.of(
        Row.same(
            "wrong CRC",
            CORRUPT,
            t -> put(t, Batches.damaged(one, b -> b.put(70, (byte) ~b.get(70))))),
        Row.same(
            "magic 1",
            INVALID,
            t -> put(t, Batches.damaged(one, b -> b.put(BatchHeader.MAGIC, (byte) 1)))),
        Row.same(
            "magic -1",
            CORRUPT,
            t -> put(t, Batches.damaged(one, b -> b.put(BatchHeader.MAGIC, (byte) -1)))),
        Row.same(
            "batch length -1",
            CORRUPT,
            t -> put(t, Batches.damaged(one, b -> b.putInt(BatchHeader.LENGTH, -1)))),
        Row.same(
            "batch length 10",
            CORRUPT,
            t -> put(t, Batches.damaged(one, b -> b.putInt(BatchHeader.LENGTH, 10)))),
        Row.same(
            "cut short",
            INVALID,
            t ->
                put(
                    t,
                    Batches.damaged(
                        one,
                        b -> b.putInt(BatchHeader.LENGTH, b.getInt(BatchHeader.LENGTH) + 10)))),
        Row.same("two batches", INVALID, t -> put(t, Batches.joined(one, one))),
        Row.same("garbage behind", OK, t -> put(t, Batches.joined(one, ByteBuffer.allocate(5)))),
        Row.same("count 0", INVALID, t -> put(t, count(one, 0))),
        Row.same("count 5, one record", INVALID, t -> put(t, count(one, 5))),
        Row.same("count -1", INVALID, t -> put(t, count(one, -1))),
        Row.same(
            "count is not last delta + 1",
            INVALID,
            t -> put(t, Batches.changed(three, b -> b.putInt(BatchHeader.LAST_OFFSET_DELTA, 7)))),
        Row.same("count 2^31-1", INVALID, t -> put(t, count(one, Integer.MAX_VALUE))));
  }

  private static List<Row> attributes() {
    ByteBuffer one = Batches.plain(1);
    return List.of(
        Row.differs("codec 7", NO_REASON, CODEC, t -> put(t, bits(one, 7))),
        Row.differs("says snappy, is plain", NO_REASON, INVALID, t -> put(t, bits(one, 2))),
        Row.differs("says lz4, is plain", NO_REASON, INVALID, t -> put(t, bits(one, 3))),
        Row.differs("says zstd, is plain", NO_REASON, INVALID, t -> put(t, bits(one, 4))),
        Row.same(
            "zstd in version 6",
            CODEC,
            t -> version(t, 6, Batches.with(CompressionType.ZSTD, -1, (short) -1, -1, 1))),
        Row.same("control bit", INVALID, t -> put(t, bits(one, BatchHeader.CONTROL_BIT))),
        Row.same(
            "transactional without an id",
            "TRANSACTIONAL_ID_AUTHORIZATION_FAILED(53)",
            t -> put(t, bits(Batches.idempotent(77, 0, 0, 1), BatchHeader.TRANSACTIONAL_BIT))),
        Row.differs(
            "delete-horizon bit",
            OK,
            INVALID,
            t -> put(t, bits(one, BatchHeader.DELETE_HORIZON_BIT))),
        Row.same("an unused bit", OK, t -> put(t, bits(one, 0x80))),
        Row.same("LogAppendTime bit", OK, t -> put(t, bits(one, BatchHeader.LOG_APPEND_TIME_BIT))));
  }

  private static List<Row> records() {
    ByteBuffer one = Batches.plain(1);
    long yearMs = 365L * 24 * 3_600_000;
    return List.of(
        Row.differs(
            "offset delta 5 for 0", OK, INVALID, t -> put(t, byteAt(one, FIRST_RECORD + 3, 10))),
        Row.same("record of huge length", INVALID, t -> put(t, hugeRecord(one))),
        Row.same("key length -2", INVALID, t -> put(t, byteAt(one, FIRST_RECORD + 4, 3))),
        Row.same("header count -1", INVALID, t -> put(t, byteAt(one, one.remaining() - 1, 1))),
        Row.same("bytes left in a record", INVALID, t -> put(t, trailingInRecord(one))),
        Row.same(
            "no key, compacted topic",
            INVALID,
            t -> to(t, "compacted", 0, -1, Batches.withoutKey())),
        Row.same(
            "a year ahead",
            "INVALID_TIMESTAMP(32)",
            t -> put(t, Batches.at(System.currentTimeMillis() + yearMs))),
        Row.same("timestamp -2", OK, t -> put(t, baseTime(one, -2))),
        Row.same(
            "timestamp -2^63",
            "INVALID_TIMESTAMP(32)",
            t -> put(t, baseTime(one, Long.MIN_VALUE))));
  }

  private static List<Row> producers() {
    return List.of(
        Row.same(
            "unknown producer, sequence 7", OK, t -> put(t, Batches.idempotent(900_001, 0, 7, 1))),
        Row.differs(
            "series of an idempotent producer",
            "[NONE(0), NONE(0) same, OUT_OF_ORDER_SEQUENCE_NUMBER(45), INVALID_PRODUCER_EPOCH(47),"
                + " OUT_OF_ORDER_SEQUENCE_NUMBER(45), OUT_OF_ORDER_SEQUENCE_NUMBER(45),"
                + " OUT_OF_ORDER_SEQUENCE_NUMBER(45)]",
            "[NONE(0), NONE(0) same, OUT_OF_ORDER_SEQUENCE_NUMBER(45), INVALID_PRODUCER_EPOCH(47),"
                + " OUT_OF_ORDER_SEQUENCE_NUMBER(45), DUPLICATE_SEQUENCE_NUMBER(46),"
                + " OUT_OF_ORDER_SEQUENCE_NUMBER(45)]",
            ProduceRows::series));
  }

  private static String series(Target t) throws Exception {
    List<String> answers = new ArrayList<>();
    long id = 900_002;
    PartitionAnswer first = ask(t, Batches.idempotent(id, 3, 0, 1));
    answers.add(first.error());
    PartitionAnswer again = ask(t, Batches.idempotent(id, 3, 0, 1));
    answers.add(again.error() + (again.offset() == first.offset() ? " same" : " other"));
    answers.add(put(t, Batches.idempotent(id, 3, 2, 1)));
    answers.add(put(t, Batches.idempotent(id, 2, 0, 1)));
    answers.add(put(t, Batches.idempotent(id, 4, 5, 1)));
    for (int sequence = 1; sequence <= 6; sequence++) {
      put(t, Batches.idempotent(id, 3, sequence, 1));
    }
    answers.add(put(t, Batches.idempotent(id, 3, 0, 1)));
    put(t, Batches.idempotent(id, 3, 7, 1));
    answers.add(put(t, Batches.idempotent(id, 3, 7, 2)));
    return answers.toString();
  }

  private static ByteBuffer count(ByteBuffer batch, int count) {
    return Batches.changed(batch, b -> b.putInt(BatchHeader.RECORD_COUNT, count));
  }

  private static ByteBuffer bits(ByteBuffer batch, int bits) {
    return Batches.changed(batch, b -> Batches.attributes(b, bits));
  }

  private static ByteBuffer byteAt(ByteBuffer batch, int at, int value) {
    return Batches.changed(batch, b -> b.put(at, (byte) value));
  }

  private static ByteBuffer baseTime(ByteBuffer batch, long timeMs) {
    return Batches.changed(
        batch,
        b ->
            b.putLong(BatchHeader.BASE_TIMESTAMP, timeMs)
                .putLong(BatchHeader.MAX_TIMESTAMP, timeMs));
  }

  /// The record's length becomes a var-int of five bytes that says almost 2^31.
  private static ByteBuffer hugeRecord(ByteBuffer batch) {
    return Batches.changed(batch, b -> b.put(FIRST_RECORD, new byte[] {-2, -1, -1, -1, 15}));
  }

  /// The record says it is one byte longer, and the batch has that byte.
  private static ByteBuffer trailingInRecord(ByteBuffer batch) {
    ByteBuffer longer = Batches.joined(batch, ByteBuffer.allocate(1));
    longer.putInt(BatchHeader.LENGTH, longer.getInt(BatchHeader.LENGTH) + 1);
    longer.put(FIRST_RECORD, (byte) (longer.get(FIRST_RECORD) + 2));
    return Batches.sealed(longer);
  }

  private static String put(Target target, ByteBuffer records) throws Exception {
    return to(target, "plain", 0, -1, records);
  }

  private static String version(Target target, int version, ByteBuffer records) throws Exception {
    return target.answer(request("plain", 0, -1, records, version), ProduceRows::error);
  }

  private static String to(Target target, String topic, int partition, int acks, ByteBuffer records)
      throws Exception {
    return target.answer(request(topic, partition, acks, records, 7), ProduceRows::error);
  }

  private static String unanswered(Target target, String topic, ByteBuffer records)
      throws Exception {
    return target.talk(
        client -> {
          ProduceRequest request = request(topic, 0, 0, records, 7);
          client.send(client.header(request.apiKey(), request.version()), request);
          return client.next();
        });
  }

  record PartitionAnswer(String error, long offset) {}

  private static PartitionAnswer ask(Target target, ByteBuffer records) throws Exception {
    return target.talk(
        client -> {
          ProduceResponse response =
              (ProduceResponse) client.ask(request("plain", 0, -1, records, 7));
          var partition =
              response.data().responses().iterator().next().partitionResponses().getFirst();
          return new PartitionAnswer(Target.name(partition.errorCode()), partition.baseOffset());
        });
  }

  private static String error(AbstractResponse response) {
    return Target.name(
        ((ProduceResponse) response)
            .data()
            .responses()
            .iterator()
            .next()
            .partitionResponses()
            .getFirst()
            .errorCode());
  }

  private static ProduceRequest request(
      String topic, int partition, int acks, ByteBuffer records, int version) {
    TopicProduceDataCollection topics = new TopicProduceDataCollection();
    topics.add(
        new TopicProduceData()
            .setName(topic)
            .setPartitionData(
                List.of(
                    new PartitionProduceData()
                        .setIndex(partition)
                        .setRecords(MemoryRecords.readableRecords(records.duplicate())))));
    return new ProduceRequest(
        new ProduceRequestData().setAcks((short) acks).setTimeoutMs(10_000).setTopicData(topics),
        (short) version);
  }
}
