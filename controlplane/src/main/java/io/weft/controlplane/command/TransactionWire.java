package io.weft.controlplane.command;

import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.TransactionStep.AddGroup;
import io.weft.controlplane.api.transaction.TransactionStep.AddPartitions;
import io.weft.controlplane.api.transaction.TransactionStep.Asker;
import io.weft.controlplane.api.transaction.TransactionStep.End;
import io.weft.controlplane.api.transaction.TransactionStep.Initialize;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.ActiveProducer;
import io.weft.controlplane.api.transaction.Transactions.Description;
import io.weft.controlplane.api.transaction.Transactions.Filter;
import io.weft.controlplane.api.transaction.Transactions.Listed;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.api.transaction.Transactions.Refusal;
import io.weft.controlplane.api.transaction.Transactions.State;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.ValueWire.Limit;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// The bytes of questions about transactions, and of their answers. Stateless.
///
///     step        = 1 asker timeoutMs:varint (0 | 1 producer)      initialize
///                 | 2 asker producer count partition*              add partitions
///                 | 3 asker producer group:string                  add a group
///                 | 4 asker producer commit:byte bumpsEpoch:byte   end
///     asker       = transactionalId:string agent connection:varlong
///     producer    = id:varlong epoch:varint
///     outcome     = 0 producer | 1 refusal:byte
///     describe    = count transactionalId:string*
///     description = 0 | 1 state:byte producer timeoutMs:varint startedMs:varlong
///                         count partition*
///     list        = count producerId:varlong* count state:byte* runningMs:varlong after:string
///     listed      = count (transactionalId:string producerId:varlong state:byte)*
///     producers   = count partition*
///     active      = 0 | 1 count (producer lastSequence:varint lastUsedMs:varlong ended:byte
///                                transactionStart:varlong)*
final class TransactionWire {
  private static final Limit IDS = new Limit("transactional ids", 1, Transactions.QUESTIONS_MAX);
  private static final Limit PARTITIONS_ASKED =
      new Limit("partitions", PartitionColumn.BYTES_MIN, Transactions.QUESTIONS_MAX);
  private static final Limit PARTITIONS =
      new Limit("partitions", PartitionColumn.BYTES_MIN, Transactions.PARTITIONS_MAX);
  private static final Limit PRODUCER_IDS =
      new Limit("producer ids", 1, Transactions.QUESTIONS_MAX);
  private static final Limit LISTED = new Limit("transactions", 3, Transactions.LISTED_MAX);
  private static final Limit PRODUCERS =
      new Limit("producers", 6, Transactions.PRODUCERS_SHOWN_MAX);
  private static final Wire<State> STATE = ValueWire.oneOf(List.of(State.values()));
  private static final Wire<Refusal> REFUSAL = ValueWire.oneOf(List.of(Refusal.values()));
  private static final Limit STATES = new Limit("states", 1, State.values().length);

  static final Wire<Outcome> OUTCOME =
      new Wire<>() {
        @Override
        public void write(Outcome value, WireWriter out) {
          switch (value) {
            case Outcome.Done(ProducerEpoch producer) -> {
              out.writeByte(0);
              writeProducer(producer, out);
            }
            case Outcome.Refused(Refusal why) -> {
              out.writeByte(1);
              REFUSAL.write(why, out);
            }
          }
        }

        @Override
        public Outcome read(WireReader in) {
          byte kind = in.readByte();
          return switch (kind) {
            case 0 -> new Outcome.Done(readProducer(in));
            case 1 -> new Outcome.Refused(REFUSAL.read(in));
            default -> throw ValueWire.unknown("outcome of a step", kind);
          };
        }
      };

  static final Wire<List<Listed>> LIST =
      new Wire<>() {
        @Override
        public void write(List<Listed> value, WireWriter out) {
          ValueWire.writeList(value, out, TransactionWire::writeListed);
        }

        @Override
        public List<Listed> read(WireReader in) {
          return ValueWire.readList(
              in,
              LISTED,
              from -> new Listed(from.readString(), from.readVarLong(), STATE.read(from)));
        }
      };

  private TransactionWire() {}

  static Wire<List<Optional<Description>>> descriptions(int count) {
    return ValueWire.listOf(
        count, 1, optional(TransactionWire::writeDescription, TransactionWire::readDescription));
  }

  static Wire<List<Optional<List<ActiveProducer>>>> producers(int count) {
    return ValueWire.listOf(
        count,
        1,
        optional(
            (all, out) -> ValueWire.writeList(all, out, TransactionWire::writeActive),
            in -> ValueWire.readList(in, PRODUCERS, TransactionWire::readActive)));
  }

  static void writeStep(TransactionStep step, WireWriter out) {
    switch (step) {
      case Initialize initialize -> {
        out.writeByte(1);
        writeAsker(initialize.asker(), out);
        out.writeVarInt(initialize.timeoutMs());
        out.writeBoolean(initialize.expected().isPresent());
        initialize.expected().ifPresent(producer -> writeProducer(producer, out));
      }
      case AddPartitions add -> {
        out.writeByte(2);
        writeAsker(add.asker(), out);
        writeProducer(add.producer(), out);
        writePartitions(add.partitions(), out);
      }
      case AddGroup add -> {
        out.writeByte(3);
        writeAsker(add.asker(), out);
        writeProducer(add.producer(), out);
        out.writeString(add.group());
      }
      case End end -> {
        out.writeByte(4);
        writeAsker(end.asker(), out);
        writeProducer(end.producer(), out);
        out.writeBoolean(end.commit());
        out.writeBoolean(end.bumpsEpoch());
      }
    }
  }

  static TransactionStep readStep(WireReader in) {
    byte kind = in.readByte();
    return switch (kind) {
      case 1 ->
          new Initialize(
              readAsker(in),
              in.readVarInt(),
              in.readBoolean() ? Optional.of(readProducer(in)) : Optional.empty());
      case 2 -> new AddPartitions(readAsker(in), readProducer(in), readPartitions(PARTITIONS, in));
      case 3 -> new AddGroup(readAsker(in), readProducer(in), in.readString());
      case 4 -> new End(readAsker(in), readProducer(in), in.readBoolean(), in.readBoolean());
      default -> throw ValueWire.unknown("step of a transaction", kind);
    };
  }

  static void writeDescribe(Command.DescribeTransactions command, WireWriter out) {
    ValueWire.writeList(command.transactionalIds(), out, (id, to) -> to.writeString(id));
  }

  static Command.DescribeTransactions readDescribe(WireReader in) {
    return new Command.DescribeTransactions(ValueWire.readList(in, IDS, WireReader::readString));
  }

  static void writeListing(Command.ListTransactions command, WireWriter out) {
    Filter filter = command.filter();
    ValueWire.writeList(
        List.copyOf(new TreeSet<>(filter.producerIds())), out, (id, to) -> to.writeVarLong(id));
    ValueWire.writeList(List.copyOf(new TreeSet<>(filter.states())), out, STATE::write);
    out.writeVarLong(filter.runningMs());
    out.writeString(command.after());
  }

  static Command.ListTransactions readListing(WireReader in) {
    List<Long> producerIds = ValueWire.readList(in, PRODUCER_IDS, WireReader::readVarLong);
    List<State> states = ValueWire.readList(in, STATES, STATE::read);
    Filter filter = new Filter(new TreeSet<>(producerIds), new TreeSet<>(states), in.readVarLong());
    return new Command.ListTransactions(filter, in.readString());
  }

  static void writeProducersAsked(Command.DescribeProducers command, WireWriter out) {
    writePartitions(command.partitions(), out);
  }

  static Command.DescribeProducers readProducersAsked(WireReader in) {
    return new Command.DescribeProducers(readPartitions(PARTITIONS_ASKED, in));
  }

  private static void writeAsker(Asker asker, WireWriter out) {
    out.writeString(asker.transactionalId());
    ValueWire.writeAgent(asker.agent(), out);
    out.writeVarLong(asker.connection());
  }

  private static Asker readAsker(WireReader in) {
    return new Asker(in.readString(), ValueWire.readAgent(in), in.readVarLong());
  }

  private static void writeProducer(ProducerEpoch producer, WireWriter out) {
    out.writeVarLong(producer.producerId());
    out.writeVarInt(producer.epoch());
  }

  private static ProducerEpoch readProducer(WireReader in) {
    return new ProducerEpoch(in.readVarLong(), ValueWire.readVarShort(in));
  }

  private static void writePartitions(List<PartitionId> partitions, WireWriter out) {
    PartitionColumn column = new PartitionColumn();
    ValueWire.writeList(partitions, out, column::write);
  }

  private static List<PartitionId> readPartitions(Limit limit, WireReader in) {
    PartitionColumn column = new PartitionColumn();
    return ValueWire.readList(in, limit, column::read);
  }

  private static void writeDescription(Description value, WireWriter out) {
    STATE.write(value.state(), out);
    writeProducer(value.producer(), out);
    out.writeVarInt(value.timeoutMs());
    out.writeVarLong(value.startedMs());
    writePartitions(value.partitions(), out);
  }

  private static Description readDescription(WireReader in) {
    return new Description(
        STATE.read(in),
        readProducer(in),
        in.readVarInt(),
        in.readVarLong(),
        readPartitions(PARTITIONS, in));
  }

  private static void writeListed(Listed value, WireWriter out) {
    out.writeString(value.transactionalId());
    out.writeVarLong(value.producerId());
    STATE.write(value.state(), out);
  }

  private static void writeActive(ActiveProducer value, WireWriter out) {
    writeProducer(value.producer(), out);
    out.writeVarInt(value.lastSequence());
    out.writeVarLong(value.lastUsedMs());
    out.writeBoolean(value.ended());
    out.writeVarLong(value.transactionStart());
  }

  private static ActiveProducer readActive(WireReader in) {
    return new ActiveProducer(
        readProducer(in), in.readVarInt(), in.readVarLong(), in.readBoolean(), in.readVarLong());
  }

  private static <T> Wire<Optional<T>> optional(Writing<T> write, Reading<T> read) {
    return new Wire<>() {
      @Override
      public void write(Optional<T> value, WireWriter out) {
        out.writeBoolean(value.isPresent());
        value.ifPresent(present -> write.to(present, out));
      }

      @Override
      public Optional<T> read(WireReader in) {
        return in.readBoolean() ? Optional.of(read.from(in)) : Optional.empty();
      }
    };
  }

  private interface Writing<T> {
    void to(T value, WireWriter out);
  }

  private interface Reading<T> {
    T from(WireReader in);
  }
}
