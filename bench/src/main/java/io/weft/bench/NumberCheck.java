package io.weft.bench;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Checks that one producer's numbered records came once each, in their order, and all of them.
/// Owned by one thread.
final class NumberCheck {
  private final long records;
  private final BitSet seen = new BitSet();
  private final Map<TopicPartition, Long> last = new HashMap<>();

  /// @param records numbered from 0 on
  NumberCheck(long records) {
    if (records > Integer.MAX_VALUE) {
      throw new KafkaException("no more than " + Integer.MAX_VALUE + " records can be verified");
    }
    this.records = records;
  }

  /// A record's value with its number in front.
  static byte[] numbered(byte[] value, long number) {
    byte[] copy = value.clone();
    ByteBuffer.wrap(copy).putLong(number);
    return copy;
  }

  void add(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    long number = ByteBuffer.wrap(record.value()).getLong();
    if (number < 0 || number >= records) {
      throw wrong(record, number, "no such number was sent");
    }
    if (seen.get((int) number)) {
      throw wrong(record, number, "it was there before");
    }
    Long before = last.put(partition, number);
    if (before != null && before > number) {
      throw wrong(record, number, "it comes after number " + before);
    }
    seen.set((int) number);
  }

  /// To be called once everything has been read.
  void finish() {
    if (seen.cardinality() != records) {
      throw new KafkaException(
          "%d of %d records are missing, the first is number %d"
              .formatted(records - seen.cardinality(), records, seen.nextClearBit(0)));
    }
  }

  private static KafkaException wrong(
      ConsumerRecord<byte[], byte[]> record, long number, String what) {
    return new KafkaException(
        "record number %d at offset %d of %s-%d: %s"
            .formatted(number, record.offset(), record.topic(), record.partition(), what));
  }
}
