package io.weft.controlplane.state;

import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.StateRecord.Administered;
import io.weft.controlplane.state.StateRecord.AgentGone;
import io.weft.controlplane.state.StateRecord.AgentRegistered;
import io.weft.controlplane.state.StateRecord.ClusterFounded;
import io.weft.controlplane.state.StateRecord.FileCommitted;
import io.weft.controlplane.state.StateRecord.FileIdsExpired;
import io.weft.controlplane.state.StateRecord.FileIdsLeased;
import io.weft.controlplane.state.StateRecord.GroupRowDropped;
import io.weft.controlplane.state.StateRecord.GroupRowPut;
import io.weft.controlplane.state.StateRecord.LogStartMoved;
import io.weft.controlplane.state.StateRecord.ProducerIdsLeased;
import io.weft.controlplane.state.StateRecord.ProducersExpired;
import io.weft.controlplane.state.StateRecord.ShareChanged;
import io.weft.controlplane.state.StateRecord.TopicConfigured;
import io.weft.controlplane.state.StateRecord.TopicCreated;
import io.weft.controlplane.state.StateRecord.TopicDeleted;
import io.weft.controlplane.state.StateRecord.TopicGrown;
import io.weft.controlplane.state.StateRecord.TransactionChanged;
import io.weft.controlplane.state.admin.AdminRecordCodec;
import io.weft.controlplane.state.share.ShareChangeCodec;
import io.weft.controlplane.state.transaction.TransactionChangeCodec;
import io.weft.model.AgentId;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;

/// Bytes of one record. Numbers are of variable length where nothing else is said.
///
/// ```
/// record = 1  clusterId:string timeMs
///        | 2  topicId name:string partitions replicationFactor:2 settings
///        | 3  topicId
///        | 4  topicId partitions
///        | 5  topicId settings
///        | 6  agent
///        | 7  agentId
///        | 8  agentId firstFileId count timeMs
///        | 9  firstFileId timeMs
///        | 10 first count
///        | 11 committed                                   (see CommittedFileCodec)
///        | 12 unusedSinceMs timeMs
///        | 40 key:bytes value:bytes producerId producerEpoch
///        | 41 key:bytes
///        | 50 change                                       (see TransactionChangeCodec)
///        | 60 topicId partition logStartOffset
///        | 70 change                                       (see ShareChangeCodec)
///        | 80 to 83                                       (see AdminRecordCodec)
/// ```
///
/// A kind keeps its number and its layout for ever; a change of layout is a new kind.
public final class StateRecordCodec {
  private StateRecordCodec() {}

  public static void write(StateRecord record, WireWriter out) {
    switch (record) {
      case ClusterFounded founded -> {
        out.writeByte(1);
        out.writeString(founded.clusterId());
        out.writeVarLong(founded.timeMs());
      }
      case TopicCreated created -> {
        out.writeByte(2);
        writeTopic(out, created.topic());
      }
      case TopicDeleted deleted -> {
        out.writeByte(3);
        RecordParts.writeTopicId(out, deleted.topic());
      }
      case TopicGrown grown -> {
        out.writeByte(4);
        RecordParts.writeTopicId(out, grown.topic());
        out.writeVarInt(grown.partitions());
      }
      case TopicConfigured configured -> {
        out.writeByte(5);
        RecordParts.writeTopicId(out, configured.topic());
        RecordParts.writeSettings(out, configured.settings());
      }
      case AgentRegistered agent -> writeAgent(agent, out);
      case AgentGone gone -> {
        out.writeByte(7);
        out.writeVarInt(gone.agent().value());
      }
      case FileIdsLeased leased -> writeLease(leased, out);
      case FileIdsExpired expired -> writeLongs(out, 9, expired.firstFileId(), expired.timeMs());
      case ProducerIdsLeased leased -> writeLongs(out, 10, leased.first(), leased.count());
      case FileCommitted committed -> {
        out.writeByte(11);
        CommittedFileCodec.write(committed, out);
      }
      case ProducersExpired expired ->
          writeLongs(out, 12, expired.unusedSinceMs(), expired.timeMs());
      case GroupRowPut put -> writeRow(put, out);
      case GroupRowDropped dropped -> {
        out.writeByte(41);
        out.writeBytes(dropped.key().array());
      }
      case TransactionChanged changed -> {
        out.writeByte(50);
        TransactionChangeCodec.write(changed.change(), out);
      }
      case LogStartMoved moved -> writeLogStart(moved, out);
      case ShareChanged changed -> {
        out.writeByte(70);
        ShareChangeCodec.write(changed.change(), out);
      }
      case Administered administered -> AdminRecordCodec.write(administered, out);
    }
  }

  private static void writeAgent(AgentRegistered agent, WireWriter out) {
    out.writeByte(6);
    RecordParts.writeAgent(
        out, new Agent(agent.agent(), agent.zone(), agent.host(), agent.port()), agent.instance());
  }

  private static void writeLease(FileIdsLeased leased, WireWriter out) {
    out.writeByte(8);
    out.writeVarInt(leased.agent().value());
    out.writeVarLong(leased.firstFileId());
    out.writeVarInt(leased.count());
    out.writeVarLong(leased.timeMs());
  }

  /// @throws MalformedBytesException if these are no record's bytes
  public static StateRecord read(WireReader in) {
    return MalformedBytesException.ifImpossible("record", () -> readKind(in.readByte(), in));
  }

  private static StateRecord readKind(byte kind, WireReader in) {
    return switch (kind) {
      case 1 -> new ClusterFounded(in.readString(), in.readVarLong());
      case 2 -> new TopicCreated(readTopic(in));
      case 3 -> new TopicDeleted(RecordParts.readTopicId(in));
      case 4 -> new TopicGrown(RecordParts.readTopicId(in), in.readVarInt());
      case 5 -> new TopicConfigured(RecordParts.readTopicId(in), RecordParts.readSettings(in));
      case 6 -> RecordParts.readAgent(in);
      case 7 -> new AgentGone(new AgentId(in.readVarInt()));
      case 8 ->
          new FileIdsLeased(
              new AgentId(in.readVarInt()), in.readVarLong(), in.readVarInt(), in.readVarLong());
      case 9 -> new FileIdsExpired(in.readVarLong(), in.readVarLong());
      case 10 -> new ProducerIdsLeased(in.readVarLong(), in.readVarInt());
      case 11 -> CommittedFileCodec.read(in);
      case 12 -> new ProducersExpired(in.readVarLong(), in.readVarLong());
      case 40 ->
          new GroupRowPut(
              OpaqueBytes.of(in.readBytes()),
              OpaqueBytes.of(in.readBytes()),
              in.readVarLong(),
              (short) in.readVarInt());
      case 41 -> new GroupRowDropped(OpaqueBytes.of(in.readBytes()));
      case 50 -> new TransactionChanged(TransactionChangeCodec.read(in));
      case 60 ->
          new LogStartMoved(
              new PartitionId(RecordParts.readTopicId(in), in.readVarInt()), in.readVarLong());
      case 70 -> new ShareChanged(ShareChangeCodec.read(in));
      case 80, 81, 82, 83 -> AdminRecordCodec.read(kind, in);
      default -> throw unknown(kind);
    };
  }

  /// Whoever reads records has checked their checksum: a kind that is none of ours is a newer
  /// release's.
  private static MalformedBytesException unknown(byte kind) {
    return kind > 0
        ? new NewerFormatException("a record of kind " + kind)
        : new MalformedBytesException("no kind of record: " + kind);
  }

  private static void writeRow(GroupRowPut put, WireWriter out) {
    out.writeByte(40);
    out.writeBytes(put.key().array());
    out.writeBytes(put.value().array());
    out.writeVarLong(put.producerId());
    out.writeVarInt(put.producerEpoch());
  }

  private static void writeLogStart(LogStartMoved moved, WireWriter out) {
    out.writeByte(60);
    RecordParts.writeTopicId(out, moved.partition().topic());
    out.writeVarInt(moved.partition().partition());
    out.writeVarLong(moved.logStartOffset());
  }

  private static void writeLongs(WireWriter out, int kind, long first, long second) {
    out.writeByte(kind);
    out.writeVarLong(first);
    out.writeVarLong(second);
  }

  private static void writeTopic(WireWriter out, NewTopic topic) {
    RecordParts.writeTopicId(out, topic.id());
    out.writeString(topic.name());
    out.writeVarInt(topic.partitions());
    out.writeShort(topic.replicationFactor());
    RecordParts.writeSettings(out, topic.settings());
  }

  private static NewTopic readTopic(WireReader in) {
    return new NewTopic(
        RecordParts.readTopicId(in),
        in.readString(),
        in.readVarInt(),
        in.readShort(),
        RecordParts.readSettings(in));
  }
}
