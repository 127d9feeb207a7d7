package io.weft.controlplane.state.transaction;

import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Bytes that changes and snapshots share. Numbers are of variable length where nothing else is
/// said. Stateless.
///
/// ```
/// producer   = producerId epoch
/// touch      = agentId connection
/// optional   = 0:byte | 1:byte value
/// partitions = count ( (0:byte | 1:byte topicId:16) partition )*     0: the topic of the one before
/// strings    = count string*
/// ```
final class TransactionBytes {
  private TransactionBytes() {}

  static void writeProducer(WireWriter out, ProducerEpoch producer) {
    out.writeVarLong(producer.producerId());
    out.writeVarInt(producer.epoch());
  }

  static ProducerEpoch readProducer(WireReader in) {
    return new ProducerEpoch(in.readVarLong(), readEpoch(in));
  }

  static short readEpoch(WireReader in) {
    int epoch = in.readVarInt();
    if (epoch != (short) epoch) {
      throw new MalformedBytesException("no epoch: " + epoch);
    }
    return (short) epoch;
  }

  static void writeTouch(WireWriter out, Touch touch) {
    out.writeVarInt(touch.agent().value());
    out.writeVarLong(touch.connection());
  }

  static Touch readTouch(WireReader in) {
    return new Touch(new AgentId(in.readVarInt()), in.readVarLong());
  }

  static <T> void writeOptional(
      WireWriter out, Optional<T> value, BiConsumer<WireWriter, T> write) {
    out.writeBoolean(value.isPresent());
    value.ifPresent(present -> write.accept(out, present));
  }

  static <T> Optional<T> readOptional(WireReader in, Function<WireReader, T> read) {
    return in.readBoolean() ? Optional.of(read.apply(in)) : Optional.empty();
  }

  static void writePartitions(WireWriter out, List<PartitionId> partitions) {
    out.writeVarInt(partitions.size());
    TopicId last = null;
    for (PartitionId partition : partitions) {
      boolean other = !partition.topic().equals(last);
      out.writeBoolean(other);
      if (other) {
        last = partition.topic();
        out.writeLong(last.high());
        out.writeLong(last.low());
      }
      out.writeVarInt(partition.partition());
    }
  }

  static List<PartitionId> readPartitions(WireReader in) {
    int count = in.readCount(2);
    List<PartitionId> partitions = new ArrayList<>(count);
    TopicId last = null;
    for (int i = 0; i < count; i++) {
      if (in.readBoolean()) {
        last = new TopicId(in.readLong(), in.readLong());
      } else if (last == null) {
        throw new MalformedBytesException("the first partition has no topic");
      }
      partitions.add(new PartitionId(last, in.readVarInt()));
    }
    return partitions;
  }

  static void writeStrings(WireWriter out, List<String> strings) {
    out.writeVarInt(strings.size());
    strings.forEach(out::writeString);
  }

  static List<String> readStrings(WireReader in) {
    int count = in.readCount(1);
    List<String> strings = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      strings.add(in.readString());
    }
    return strings;
  }
}
