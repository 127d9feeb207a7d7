package io.weft.controlplane.command;

import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOrder;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOutcome;
import io.weft.controlplane.api.ShareGroups.AcknowledgedPartition;
import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.Acknowledgement;
import io.weft.controlplane.api.ShareGroups.AcquireOrder;
import io.weft.controlplane.api.ShareGroups.Acquired;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.api.ShareGroups.Acquisition;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.ValueWire.Limit;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;

/// The bytes of questions about share groups and of the answers. Stateless.
///
///     acquire     = callId:long group:string member:string partitions recordsMax:varint
///                   bytesMax:varint bytesMin:varlong
///     acknowledge = callId:long group:string member:string count (partition count said*)*
///     said        = run kind:byte
///     release     = group:string member:string partitions
///     begin       = group:string partitions startOffset:varlong       -1: none given
///     start at    = group:string partition startOffset:varlong
///     acquisition = lockMs:varint committedOnly:boolean count acquired*
///     acquired    = 0 bounds lockedElsewhere:boolean count (run deliveries:varint)*
///                 | 1 sinceMs:varlong | 2 (not begun) | 3 (unknown partition)
///     run         = firstOffset:varlong (lastOffset − firstOffset):varlong
///     partitions  = count partition*                                  (see PartitionColumn)
final class ShareWire {
  private static final Limit PARTITIONS =
      new Limit("partitions", PartitionColumn.BYTES_MIN, ShareGroups.PARTITIONS_PER_CALL_MAX);
  private static final Limit RUNS = new Limit("runs", 3, ShareGroups.RUNS_PER_CALL_MAX);

  private static final int RUNS_ACQUIRED = 0;
  private static final int NEEDS_START = 1;
  private static final int NOT_BEGUN = 2;
  private static final int UNKNOWN_PARTITION = 3;

  private static final Wire<AcknowledgeOutcome> OUTCOME =
      ValueWire.oneOf(
          List.of(
              AcknowledgeOutcome.DONE,
              AcknowledgeOutcome.NOT_ACQUIRED,
              AcknowledgeOutcome.NEVER_ACQUIRED,
              AcknowledgeOutcome.NOT_BEGUN));

  private static final Wire<Acknowledgement> KIND =
      ValueWire.oneOf(
          List.of(
              Acknowledgement.GAP,
              Acknowledgement.ACCEPT,
              Acknowledgement.RELEASE,
              Acknowledgement.REJECT,
              Acknowledgement.RENEW,
              Acknowledgement.UNDELIVERED));

  private static final Wire<Acquired> ACQUIRED =
      new Wire<>() {
        @Override
        public void write(Acquired acquired, WireWriter out) {
          writeAcquired(acquired, out);
        }

        @Override
        public Acquired read(WireReader in) {
          return readAcquired(in);
        }
      };

  private ShareWire() {}

  static Wire<List<AcknowledgeOutcome>> outcomes(int partitions) {
    return ValueWire.listOf(partitions, 1, OUTCOME);
  }

  static Wire<Acquisition> acquisition(int partitions) {
    Wire<List<Acquired>> list = ValueWire.listOf(partitions, 1, ACQUIRED);
    return new Wire<>() {
      @Override
      public void write(Acquisition acquisition, WireWriter out) {
        out.writeVarInt(acquisition.lockMs());
        out.writeBoolean(acquisition.committedOnly());
        list.write(acquisition.partitions(), out);
      }

      @Override
      public Acquisition read(WireReader in) {
        return new Acquisition(in.readVarInt(), in.readBoolean(), list.read(in));
      }
    };
  }

  static void writeAcquire(Command.AcquireShared command, WireWriter out) {
    AcquireOrder order = command.order();
    out.writeLong(order.callId());
    out.writeString(order.group());
    out.writeString(order.member());
    ExtentWire.writePartitions(order.partitions(), out);
    out.writeVarInt(order.recordsMax());
    out.writeVarInt(order.bytesMax());
    out.writeVarLong(order.bytesMin());
  }

  static Command.AcquireShared readAcquire(WireReader in) {
    return new Command.AcquireShared(
        new AcquireOrder(
            in.readLong(),
            in.readString(),
            in.readString(),
            ExtentWire.readPartitions(PARTITIONS, in),
            in.readVarInt(),
            in.readVarInt(),
            in.readVarLong()));
  }

  static void writeAcknowledge(Command.AcknowledgeShared command, WireWriter out) {
    AcknowledgeOrder order = command.order();
    out.writeLong(order.callId());
    out.writeString(order.group());
    out.writeString(order.member());
    PartitionColumn partitions = new PartitionColumn();
    ValueWire.writeList(
        order.partitions(),
        out,
        (said, to) -> {
          partitions.write(said.partition(), to);
          ValueWire.writeList(said.runs(), to, ShareWire::writeSaid);
        });
  }

  static Command.AcknowledgeShared readAcknowledge(WireReader in) {
    long callId = in.readLong();
    String group = in.readString();
    String member = in.readString();
    PartitionColumn partitions = new PartitionColumn();
    List<AcknowledgedPartition> said =
        ValueWire.readList(
            in,
            PARTITIONS,
            from ->
                new AcknowledgedPartition(
                    partitions.read(from), ValueWire.readList(from, RUNS, ShareWire::readSaid)));
    return new Command.AcknowledgeShared(new AcknowledgeOrder(callId, group, member, said));
  }

  static void writeRelease(Command.ReleaseShared command, WireWriter out) {
    out.writeString(command.group());
    out.writeString(command.member());
    ExtentWire.writePartitions(command.partitions(), out);
  }

  static Command.ReleaseShared readRelease(WireReader in) {
    return new Command.ReleaseShared(
        in.readString(), in.readString(), ExtentWire.readPartitions(PARTITIONS, in));
  }

  static void writeBegin(Command.BeginShared command, WireWriter out) {
    out.writeString(command.group());
    ExtentWire.writePartitions(command.partitions(), out);
    out.writeVarLong(command.startOffset().orElse(-1L));
  }

  static Command.BeginShared readBegin(WireReader in) {
    String group = in.readString();
    List<PartitionId> partitions = ExtentWire.readPartitions(PARTITIONS, in);
    long startOffset = in.readVarLong();
    return new Command.BeginShared(
        group, partitions, startOffset < 0 ? Optional.empty() : Optional.of(startOffset));
  }

  static void writeStartAt(Command.StartSharedAt command, WireWriter out) {
    out.writeString(command.group());
    new PartitionColumn().write(command.partition(), out);
    out.writeVarLong(command.startOffset());
  }

  static Command.StartSharedAt readStartAt(WireReader in) {
    return new Command.StartSharedAt(
        in.readString(), new PartitionColumn().read(in), in.readVarLong());
  }

  private static void writeSaid(AcknowledgedRun run, WireWriter out) {
    writeRun(run.firstOffset(), run.lastOffset(), out);
    KIND.write(run.kind(), out);
  }

  private static AcknowledgedRun readSaid(WireReader in) {
    long first = in.readVarLong();
    return new AcknowledgedRun(first, first + in.readVarLong(), KIND.read(in));
  }

  private static void writeAcquired(Acquired acquired, WireWriter out) {
    switch (acquired) {
      case Acquired.Runs runs -> {
        out.writeByte(RUNS_ACQUIRED);
        ValueWire.writeBounds(runs.bounds(), out);
        out.writeBoolean(runs.lockedElsewhere());
        ValueWire.writeList(
            runs.runs(),
            out,
            (run, to) -> {
              writeRun(run.firstOffset(), run.lastOffset(), to);
              to.writeVarInt(run.deliveries());
            });
      }
      case Acquired.NeedsStart needed -> {
        out.writeByte(NEEDS_START);
        out.writeVarLong(needed.sinceMs());
      }
      case Acquired.NotBegun _ -> out.writeByte(NOT_BEGUN);
      case Acquired.UnknownPartition _ -> out.writeByte(UNKNOWN_PARTITION);
    }
  }

  private static Acquired readAcquired(WireReader in) {
    byte kind = in.readByte();
    return switch (kind) {
      case RUNS_ACQUIRED -> {
        var bounds = ValueWire.readBounds(in);
        boolean lockedElsewhere = in.readBoolean();
        List<AcquiredRun> runs = ValueWire.readList(in, RUNS, ShareWire::readAcquiredRun);
        yield new Acquired.Runs(bounds, runs, lockedElsewhere);
      }
      case NEEDS_START -> new Acquired.NeedsStart(in.readVarLong());
      case NOT_BEGUN -> new Acquired.NotBegun();
      case UNKNOWN_PARTITION -> new Acquired.UnknownPartition();
      default -> throw ValueWire.unknown("kind of acquisition", kind);
    };
  }

  private static AcquiredRun readAcquiredRun(WireReader in) {
    long first = in.readVarLong();
    return new AcquiredRun(first, first + in.readVarLong(), in.readVarInt());
  }

  private static void writeRun(long first, long last, WireWriter out) {
    out.writeVarLong(first);
    out.writeVarLong(last - first);
  }
}
