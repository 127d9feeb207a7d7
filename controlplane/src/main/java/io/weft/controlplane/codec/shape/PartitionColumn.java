package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.Optional;

/// Partitions that follow each other in a list, a topic's id only where it changes. Stateless: what
/// came before is the writer's and the reader's to know, and each list begins anew.
///
///     partition = (0 | 1 topic-id) number:varint          0: the topic of the partition before
public final class PartitionColumn implements Shape<PartitionId> {
  @Override
  public void write(PartitionId partition, WireWriter out) {
    TopicId topic = partition.topic();
    boolean same = out.lastTopic().isPresent() && out.lastTopic().get().equals(topic);
    out.writeBoolean(!same);
    if (!same) {
      out.lastTopic(Optional.of(topic));
      out.writeLong(topic.high());
      out.writeLong(topic.low());
    }
    out.writeVarInt(partition.partition());
  }

  @Override
  public PartitionId read(WireReader in) {
    if (in.readBoolean()) {
      in.lastTopic(Optional.of(new TopicId(in.readLong(), in.readLong())));
    }
    TopicId topic =
        in.lastTopic()
            .orElseThrow(() -> new MalformedBytesException("the first partition has no topic"));
    return new PartitionId(topic, in.readVarInt());
  }

  @Override
  public int bytesMin() {
    return 2;
  }
}
