package io.weft.controlplane.command;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.admin.AdminCommandCodec;

/// The bytes of commands and of their replies. Stateless.
///
///     command = version:byte kind:byte body
///     reply   = version:byte kind:byte body          the kind is the command's
///
/// The bodies' grammars stand at the classes that write them ([CommitWire], [CommitReplyWire],
/// [ExtentWire], [TopicWire], [AgentWire], [GroupWire], [TransactionWire], [ShareWire],
/// [AdminCommandCodec]). A kind is given once and never again (7 was the catalog in one reply). No field has a default: a change of
/// any body is a new version.
///
/// Reading throws [MalformedBytesException] and nothing else, allocates in proportion to the bytes
/// at hand, and refuses lists over the limits of the api. It leaves bytes behind the value alone:
/// whoever expects none calls [WireReader#finish()].
public final class CommandCodec {
  public static final byte VERSION = 1;

  private static final int COMMIT = 1;
  private static final int LEASE_FILE_IDS = 2;
  private static final int LEASE_PRODUCER_IDS = 3;
  private static final int FIND_EXTENTS = 4;
  private static final int FIND_EXTENTS_BY_TIME = 5;
  private static final int PARTITION_SIZES = 6;
  private static final int CREATE_TOPIC = 8;
  private static final int DELETE_TOPIC = 9;
  private static final int GROW_TOPIC = 10;
  private static final int CONFIGURE_TOPIC = 11;
  private static final int REGISTER_AGENT = 12;
  private static final int RENEW_AGENT = 13;
  private static final int LEAVE_AGENT = 14;
  private static final int READ_CATALOG = 15;
  private static final int ASK_GROUPS = 40;
  private static final int TAKE_TRANSACTION_STEP = 50;
  private static final int DESCRIBE_TRANSACTIONS = 51;
  private static final int LIST_TRANSACTIONS = 52;
  private static final int DESCRIBE_PRODUCERS = 53;
  private static final int DELETE_RECORDS = 60;
  private static final int ACQUIRE_SHARED = 70;
  private static final int ACKNOWLEDGE_SHARED = 71;
  private static final int RELEASE_SHARED = 72;
  private static final int BEGIN_SHARED = 73;
  private static final int START_SHARED_AT = 74;

  private CommandCodec() {}

  public static void writeCommand(Command<?> command, WireWriter out) {
    out.writeByte(VERSION);
    out.writeByte(kind(command));
    switch (command) {
      case Command.Commit commit -> CommitWire.write(commit, out);
      case Command.LeaseFileIds lease -> AgentWire.writeLeaseFileIds(lease, out);
      case Command.LeaseProducerIds lease -> AgentWire.writeLeaseProducerIds(lease, out);
      case Command.FindExtents find -> ExtentWire.writeQueries(find, out);
      case Command.FindExtentsByTime find -> ExtentWire.writeTimeQueries(find, out);
      case Command.PartitionSizes sizes -> ExtentWire.writePartitions(sizes.partitions(), out);
      case Command.ReadCatalog read -> TopicWire.writePosition(read.known(), out);
      case Command.CreateTopic create -> TopicWire.writeNewTopic(create.topic(), out);
      case Command.DeleteTopic delete -> ValueWire.writeTopicId(delete.topic(), out);
      case Command.GrowTopic grow -> TopicWire.writeGrow(grow, out);
      case Command.ConfigureTopic configure -> TopicWire.writeConfigure(configure, out);
      case Command.RegisterAgent register -> AgentWire.writeRegister(register, out);
      case Command.RenewAgent renew -> ValueWire.writeAgent(renew.agent(), out);
      case Command.LeaveAgent leave -> ValueWire.writeAgent(leave.agent(), out);
      case Command.AskGroups ask -> GroupWire.write(ask.request(), out);
      case Command.TakeTransactionStep take -> TransactionWire.writeStep(take.step(), out);
      case Command.DescribeTransactions ask -> TransactionWire.writeDescribe(ask, out);
      case Command.ListTransactions list -> TransactionWire.writeListing(list, out);
      case Command.DescribeProducers ask -> TransactionWire.writeProducersAsked(ask, out);
      case Command.DeleteRecords delete -> TopicWire.writeDeletions(delete, out);
      case Command.AcquireShared acquire -> ShareWire.writeAcquire(acquire, out);
      case Command.AcknowledgeShared said -> ShareWire.writeAcknowledge(said, out);
      case Command.ReleaseShared release -> ShareWire.writeRelease(release, out);
      case Command.BeginShared begin -> ShareWire.writeBegin(begin, out);
      case Command.StartSharedAt start -> ShareWire.writeStartAt(start, out);
      case AdminCommand<?> admin -> AdminCommandCodec.write(admin, out);
    }
  }

  public static Command<?> readCommand(WireReader in) {
    requireVersion(in);
    return MalformedBytesException.ifImpossible("command", () -> readBody(in.readByte(), in));
  }

  public static <R> void writeReply(Command<R> command, R reply, WireWriter out) {
    out.writeByte(VERSION);
    out.writeByte(kind(command));
    command.replyWire().write(reply, out);
  }

  public static <R> R readReply(Command<R> command, WireReader in) {
    requireVersion(in);
    int kind = in.readByte();
    if (kind != kind(command)) {
      throw new MalformedBytesException(
          "a reply of kind %d to a command of kind %d".formatted(kind, kind(command)));
    }
    return MalformedBytesException.ifImpossible("reply", () -> command.replyWire().read(in));
  }

  private static Command<?> readBody(int kind, WireReader in) {
    return switch (kind) {
      case COMMIT -> CommitWire.read(in);
      case LEASE_FILE_IDS -> AgentWire.readLeaseFileIds(in);
      case LEASE_PRODUCER_IDS -> AgentWire.readLeaseProducerIds(in);
      case FIND_EXTENTS -> ExtentWire.readQueries(in);
      case FIND_EXTENTS_BY_TIME -> ExtentWire.readTimeQueries(in);
      case PARTITION_SIZES -> ExtentWire.readSizes(in);
      case READ_CATALOG -> new Command.ReadCatalog(TopicWire.readPosition(in));
      case CREATE_TOPIC -> new Command.CreateTopic(TopicWire.readNewTopic(in));
      case DELETE_TOPIC -> new Command.DeleteTopic(ValueWire.readTopicId(in));
      case GROW_TOPIC -> TopicWire.readGrow(in);
      case CONFIGURE_TOPIC -> TopicWire.readConfigure(in);
      case REGISTER_AGENT -> AgentWire.readRegister(in);
      case RENEW_AGENT -> new Command.RenewAgent(ValueWire.readAgent(in));
      case LEAVE_AGENT -> new Command.LeaveAgent(ValueWire.readAgent(in));
      case ASK_GROUPS -> new Command.AskGroups(GroupWire.read(in));
      case TAKE_TRANSACTION_STEP -> new Command.TakeTransactionStep(TransactionWire.readStep(in));
      case DESCRIBE_TRANSACTIONS -> TransactionWire.readDescribe(in);
      case LIST_TRANSACTIONS -> TransactionWire.readListing(in);
      case DESCRIBE_PRODUCERS -> TransactionWire.readProducersAsked(in);
      case DELETE_RECORDS -> TopicWire.readDeletions(in);
      case ACQUIRE_SHARED -> ShareWire.readAcquire(in);
      case ACKNOWLEDGE_SHARED -> ShareWire.readAcknowledge(in);
      case RELEASE_SHARED -> ShareWire.readRelease(in);
      case BEGIN_SHARED -> ShareWire.readBegin(in);
      case START_SHARED_AT -> ShareWire.readStartAt(in);
      case 80, 81, 82, 83, 84, 85, 86, 87, 88 -> AdminCommandCodec.read(kind, in);
      default -> throw ValueWire.unknown("kind of command", kind);
    };
  }

  private static int kind(Command<?> command) {
    return switch (command) {
      case Command.Commit c -> COMMIT;
      case Command.LeaseFileIds c -> LEASE_FILE_IDS;
      case Command.LeaseProducerIds c -> LEASE_PRODUCER_IDS;
      case Command.FindExtents c -> FIND_EXTENTS;
      case Command.FindExtentsByTime c -> FIND_EXTENTS_BY_TIME;
      case Command.PartitionSizes c -> PARTITION_SIZES;
      case Command.ReadCatalog c -> READ_CATALOG;
      case Command.CreateTopic c -> CREATE_TOPIC;
      case Command.DeleteTopic c -> DELETE_TOPIC;
      case Command.GrowTopic c -> GROW_TOPIC;
      case Command.ConfigureTopic c -> CONFIGURE_TOPIC;
      case Command.RegisterAgent c -> REGISTER_AGENT;
      case Command.RenewAgent c -> RENEW_AGENT;
      case Command.LeaveAgent c -> LEAVE_AGENT;
      case Command.AskGroups c -> ASK_GROUPS;
      case Command.TakeTransactionStep c -> TAKE_TRANSACTION_STEP;
      case Command.DescribeTransactions c -> DESCRIBE_TRANSACTIONS;
      case Command.ListTransactions c -> LIST_TRANSACTIONS;
      case Command.DescribeProducers c -> DESCRIBE_PRODUCERS;
      case Command.DeleteRecords c -> DELETE_RECORDS;
      case Command.AcquireShared c -> ACQUIRE_SHARED;
      case Command.AcknowledgeShared c -> ACKNOWLEDGE_SHARED;
      case Command.ReleaseShared c -> RELEASE_SHARED;
      case Command.BeginShared c -> BEGIN_SHARED;
      case Command.StartSharedAt c -> START_SHARED_AT;
      case AdminCommand<?> admin -> AdminCommandCodec.kind(admin);
    };
  }

  static void requireVersion(WireReader in) {
    byte version = in.readByte();
    if (version != VERSION) {
      throw new MalformedBytesException(
          "version %d, only version %d is spoken here".formatted(version, VERSION));
    }
  }
}
