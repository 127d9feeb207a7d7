package io.weft.controlplane.state.share;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.share.ShareChange.SettledRun;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;

/// Bytes of a change. Numbers are of variable length.
///
/// ```
/// change     = 1 group:string stateEpoch startOffset partitions
///            | 2 group:string partition startOffset
///            | 3 group:string partition count (gap length-1 deliveries)*
///            | 4 group:string partitions
/// partitions = count partition*
/// partition  = topicId:16 number
/// ```
///
/// A gap is from the offset after the run before, the first's from 0.
public final class ShareChangeCodec {
  private static final int BEGUN = 1;
  private static final int STARTED = 2;
  private static final int SETTLED = 3;
  private static final int ENDED = 4;

  private static final int PARTITION_BYTES_MIN = 17;

  private ShareChangeCodec() {}

  public static void write(ShareChange change, WireWriter out) {
    switch (change) {
      case ShareChange.Begun begun -> {
        out.writeByte(BEGUN);
        out.writeString(begun.group());
        out.writeVarInt(begun.stateEpoch());
        out.writeVarLong(begun.startOffset());
        writePartitions(begun.partitions(), out);
      }
      case ShareChange.Started started -> {
        out.writeByte(STARTED);
        out.writeString(started.group());
        writePartition(out, started.partition());
        out.writeVarLong(started.startOffset());
      }
      case ShareChange.Settled settled -> {
        out.writeByte(SETTLED);
        out.writeString(settled.group());
        writePartition(out, settled.partition());
        writeRuns(settled.runs(), out);
      }
      case ShareChange.Ended ended -> {
        out.writeByte(ENDED);
        out.writeString(ended.group());
        writePartitions(ended.partitions(), out);
      }
    }
  }

  /// @throws MalformedBytesException if these are no change's bytes
  public static ShareChange read(WireReader in) {
    byte kind = in.readByte();
    String group = in.readString();
    return switch (kind) {
      case BEGUN -> {
        int stateEpoch = in.readVarInt();
        long startOffset = in.readVarLong();
        yield new ShareChange.Begun(group, stateEpoch, readPartitions(in), startOffset);
      }
      case STARTED -> new ShareChange.Started(group, readPartition(in), in.readVarLong());
      case SETTLED -> new ShareChange.Settled(group, readPartition(in), readRuns(in));
      case ENDED -> new ShareChange.Ended(group, readPartitions(in));
      default -> throw new MalformedBytesException("no change of share groups: " + kind);
    };
  }

  static void writePartition(WireWriter out, PartitionId id) {
    out.writeLong(id.topic().high());
    out.writeLong(id.topic().low());
    out.writeVarInt(id.partition());
  }

  static PartitionId readPartition(WireReader in) {
    return new PartitionId(new TopicId(in.readLong(), in.readLong()), in.readVarInt());
  }

  private static void writePartitions(List<PartitionId> partitions, WireWriter out) {
    out.writeVarInt(partitions.size());
    partitions.forEach(id -> writePartition(out, id));
  }

  private static List<PartitionId> readPartitions(WireReader in) {
    int count = in.readCount(PARTITION_BYTES_MIN);
    List<PartitionId> partitions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      partitions.add(readPartition(in));
    }
    return partitions;
  }

  private static void writeRuns(List<SettledRun> runs, WireWriter out) {
    out.writeVarInt(runs.size());
    long at = 0;
    for (SettledRun run : runs) {
      out.writeVarLong(run.firstOffset() - at);
      out.writeVarLong(run.lastOffset() - run.firstOffset());
      out.writeVarInt(run.deliveries());
      at = run.lastOffset() + 1;
    }
  }

  private static List<SettledRun> readRuns(WireReader in) {
    int count = in.readCount(3);
    List<SettledRun> runs = new ArrayList<>(count);
    long at = 0;
    for (int i = 0; i < count; i++) {
      long first = at + in.readVarLong();
      long last = first + in.readVarLong();
      runs.add(new SettledRun(first, last, in.readVarInt()));
      at = last + 1;
    }
    return runs;
  }
}
