package io.weft.controlplane.command;

import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.ConfigureOutcome;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.DeleteOutcome;
import io.weft.controlplane.api.TopicCatalog.GrowOutcome;
import io.weft.controlplane.api.TopicCatalog.Members;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.ValueWire.Limit;
import java.util.List;
import java.util.Optional;

/// The bytes of questions about topics and of the catalog's pages. Stateless.
///
///     new topic = topic-id name:string partitions:varint replicationFactor:short settings
///     grow      = topic-id partitions:varint
///     configure = topic-id expectedVersion:varlong settings
///     settings  = count (name:string value:string)*          names strictly rising
///     position  = version:varlong membershipEpoch:varint (0 | 1 readUpTo:string)
///     page      = clusterId:string anew:boolean topics:count topic* deleted:count topic-id*
///                 (0 | 1 members) reached:position more:boolean
///     topic     = topic-id name:string partitions:varint replicationFactor:short
///                 settingsVersion:varlong settings
///     members   = epoch:varint agents:count member*
///     deletions = count (partition offset:varlong)*
///     deleted   = 0 logStartOffset:varlong | 1 (out of range) | 2 (unknown partition)
final class TopicWire {
  private static final Limit TOPICS = new Limit("topics", 22, TopicCatalog.TOPICS_MAX);

  /// More than there can be in a page's bytes.
  private static final Limit TOPICS_GONE =
      new Limit("deleted topics", 16, TopicCatalog.PAGE_BYTES_MAX / 16);

  private static final Limit AGENTS =
      new Limit("agents", AgentWire.MEMBER_BYTES_MIN, Membership.AGENTS_MAX);

  private static final Limit DELETIONS =
      new Limit("deletions", PartitionColumn.BYTES_MIN + 1, TopicCatalog.DELETIONS_MAX);

  private static final int DELETED = 0;
  private static final int OUT_OF_RANGE = 1;
  private static final int UNKNOWN_PARTITION = 2;

  static final Wire<DeleteOutcome> DELETE_OUTCOME =
      new Wire<>() {
        @Override
        public void write(DeleteOutcome outcome, WireWriter out) {
          switch (outcome) {
            case DeleteOutcome.Deleted deleted -> {
              out.writeByte(DELETED);
              out.writeVarLong(deleted.logStartOffset());
            }
            case DeleteOutcome.OutOfRange outOfRange -> out.writeByte(OUT_OF_RANGE);
            case DeleteOutcome.UnknownPartition unknown -> out.writeByte(UNKNOWN_PARTITION);
          }
        }

        @Override
        public DeleteOutcome read(WireReader in) {
          byte kind = in.readByte();
          return switch (kind) {
            case DELETED -> new DeleteOutcome.Deleted(in.readVarLong());
            case OUT_OF_RANGE -> new DeleteOutcome.OutOfRange();
            case UNKNOWN_PARTITION -> new DeleteOutcome.UnknownPartition();
            default -> throw ValueWire.unknown("outcome of a deletion", kind);
          };
        }
      };

  static final Wire<CreateOutcome> CREATE_OUTCOME =
      ValueWire.oneOf(
          List.of(
              CreateOutcome.CREATED,
              CreateOutcome.NAME_TAKEN,
              CreateOutcome.NAME_COLLIDES,
              CreateOutcome.LIMIT_REACHED));

  static final Wire<GrowOutcome> GROW_OUTCOME =
      ValueWire.oneOf(
          List.of(
              GrowOutcome.GROWN,
              GrowOutcome.NOT_MORE,
              GrowOutcome.LIMIT_REACHED,
              GrowOutcome.UNKNOWN_TOPIC));

  static final Wire<ConfigureOutcome> CONFIGURE_OUTCOME =
      ValueWire.oneOf(
          List.of(
              ConfigureOutcome.CONFIGURED,
              ConfigureOutcome.VERSION_CHANGED,
              ConfigureOutcome.UNKNOWN_TOPIC,
              ConfigureOutcome.LIMIT_REACHED));

  static final Wire<Page> PAGE =
      new Wire<>() {
        @Override
        public void write(Page page, WireWriter out) {
          out.writeString(page.clusterId());
          out.writeBoolean(page.anew());
          ValueWire.writeList(page.topics(), out, TopicWire::writeTopic);
          ValueWire.writeList(page.deleted(), out, ValueWire::writeTopicId);
          out.writeBoolean(page.members().isPresent());
          page.members().ifPresent(members -> writeMembers(members, out));
          writePosition(page.reached(), out);
          out.writeBoolean(page.more());
        }

        @Override
        public Page read(WireReader in) {
          return new Page(
              in.readString(),
              in.readBoolean(),
              ValueWire.readList(in, TOPICS, TopicWire::readTopic),
              ValueWire.readList(in, TOPICS_GONE, ValueWire::readTopicId),
              in.readBoolean() ? Optional.of(readMembers(in)) : Optional.empty(),
              readPosition(in),
              in.readBoolean());
        }
      };

  private TopicWire() {}

  static void writeNewTopic(NewTopic topic, WireWriter out) {
    ValueWire.writeTopicId(topic.id(), out);
    out.writeString(topic.name());
    out.writeVarInt(topic.partitions());
    out.writeShort(topic.replicationFactor());
    ValueWire.writeSettings(topic.settings(), out);
  }

  static NewTopic readNewTopic(WireReader in) {
    return new NewTopic(
        ValueWire.readTopicId(in),
        in.readString(),
        in.readVarInt(),
        in.readShort(),
        ValueWire.readSettings(in));
  }

  static void writeGrow(Command.GrowTopic command, WireWriter out) {
    ValueWire.writeTopicId(command.topic(), out);
    out.writeVarInt(command.partitions());
  }

  static Command.GrowTopic readGrow(WireReader in) {
    return new Command.GrowTopic(ValueWire.readTopicId(in), in.readVarInt());
  }

  static void writeConfigure(Command.ConfigureTopic command, WireWriter out) {
    ValueWire.writeTopicId(command.topic(), out);
    out.writeVarLong(command.expectedVersion());
    ValueWire.writeSettings(command.settings(), out);
  }

  static Command.ConfigureTopic readConfigure(WireReader in) {
    return new Command.ConfigureTopic(
        ValueWire.readTopicId(in), in.readVarLong(), ValueWire.readSettings(in));
  }

  static void writeDeletions(Command.DeleteRecords command, WireWriter out) {
    PartitionColumn partitions = new PartitionColumn();
    ValueWire.writeList(
        command.deletions(),
        out,
        (deletion, to) -> {
          partitions.write(deletion.partition(), to);
          to.writeVarLong(deletion.offset());
        });
  }

  static Command.DeleteRecords readDeletions(WireReader in) {
    PartitionColumn partitions = new PartitionColumn();
    return new Command.DeleteRecords(
        ValueWire.readList(
            in, DELETIONS, from -> new RecordsBefore(partitions.read(from), from.readVarLong())));
  }

  static void writePosition(Position position, WireWriter out) {
    out.writeVarLong(position.version());
    out.writeVarInt(position.membershipEpoch());
    out.writeBoolean(position.readUpTo().isPresent());
    position.readUpTo().ifPresent(out::writeString);
  }

  static Position readPosition(WireReader in) {
    return new Position(
        in.readVarLong(),
        in.readVarInt(),
        in.readBoolean() ? Optional.of(in.readString()) : Optional.empty());
  }

  private static void writeMembers(Members members, WireWriter out) {
    out.writeVarInt(members.epoch());
    ValueWire.writeList(members.agents(), out, AgentWire::writeMember);
  }

  private static Members readMembers(WireReader in) {
    return new Members(in.readVarInt(), ValueWire.readList(in, AGENTS, AgentWire::readMember));
  }

  private static void writeTopic(Topic topic, WireWriter out) {
    ValueWire.writeTopicId(topic.id(), out);
    out.writeString(topic.name());
    out.writeVarInt(topic.partitions());
    out.writeShort(topic.replicationFactor());
    out.writeVarLong(topic.settingsVersion());
    ValueWire.writeSettings(topic.settings(), out);
  }

  private static Topic readTopic(WireReader in) {
    return new Topic(
        ValueWire.readTopicId(in),
        in.readString(),
        in.readVarInt(),
        in.readShort(),
        in.readVarLong(),
        ValueWire.readSettings(in));
  }
}
