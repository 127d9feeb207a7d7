package io.weft.controlplane.command;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;

/// Partitions that are written or read one after the other, a topic's id only where it changes.
/// Owned by one thread; a new one for each list.
///
///     partition = (0 | 1 topic-id) number:varint          0: the topic of the partition before
final class PartitionColumn {
  static final int BYTES_MIN = 2;

  private TopicId last;

  void write(PartitionId partition, WireWriter out) {
    if (partition.topic().equals(last)) {
      out.writeBoolean(false);
    } else {
      out.writeBoolean(true);
      last = partition.topic();
      ValueWire.writeTopicId(last, out);
    }
    out.writeVarInt(partition.partition());
  }

  PartitionId read(WireReader in) {
    if (in.readBoolean()) {
      last = ValueWire.readTopicId(in);
    } else if (last == null) {
      throw new MalformedBytesException("the first partition has no topic");
    }
    return new PartitionId(last, in.readVarInt());
  }
}
