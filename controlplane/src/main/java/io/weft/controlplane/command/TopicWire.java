package io.weft.controlplane.command;

import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.TopicCatalog.ConfigureOutcome;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.DeleteOutcome;
import io.weft.controlplane.api.TopicCatalog.GrowOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.ValueWire.Limit;
import java.util.List;
import java.util.Optional;

/// The bytes of questions about topics and of the catalog. Stateless.
///
///     new topic = topic-id name:string partitions:varint replicationFactor:short settings
///     grow      = topic-id partitions:varint
///     configure = topic-id expectedVersion:varlong settings
///     settings  = count (name:string value:string)*          names strictly rising
///     catalog   = 0 | 1 version:varlong clusterId:string membershipEpoch:varint
///                       topics:count topic* agents:count member*
///     topic     = topic-id name:string partitions:varint replicationFactor:short
///                 settingsVersion:varlong settings
///     deletions = count (partition offset:varlong)*
///     deleted   = 0 logStartOffset:varlong | 1 (out of range) | 2 (unknown partition)
final class TopicWire {
  private static final Limit TOPICS = new Limit("topics", 22, TopicCatalog.TOPICS_MAX);
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
              ConfigureOutcome.UNKNOWN_TOPIC));

  static final Wire<Optional<Catalog>> CATALOG_IF_NEWER =
      new Wire<>() {
        @Override
        public void write(Optional<Catalog> catalog, WireWriter out) {
          out.writeBoolean(catalog.isPresent());
          catalog.ifPresent(newer -> writeCatalog(newer, out));
        }

        @Override
        public Optional<Catalog> read(WireReader in) {
          return in.readBoolean() ? Optional.of(readCatalog(in)) : Optional.empty();
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

  private static void writeCatalog(Catalog catalog, WireWriter out) {
    out.writeVarLong(catalog.version());
    out.writeString(catalog.clusterId());
    out.writeVarInt(catalog.membershipEpoch());
    ValueWire.writeList(catalog.topics(), out, TopicWire::writeTopic);
    ValueWire.writeList(catalog.agents(), out, AgentWire::writeMember);
  }

  private static Catalog readCatalog(WireReader in) {
    return new Catalog(
        in.readVarLong(),
        in.readString(),
        in.readVarInt(),
        ValueWire.readList(in, TOPICS, TopicWire::readTopic),
        ValueWire.readList(in, AGENTS, AgentWire::readMember));
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
