package io.weft.controlplane.command;

import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.controlplane.api.Producers.ProducerIds;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.Zone;

/// The bytes of what agents say of themselves and of the ids they lease. Stateless.
///
///     register   = instance:uuid zone:string host:string port:varint
///     registered = agent clusterId:string leaseMs:varlong
///     lease      = agent count:varint
///     leased     = 0 first:varlong count:varint usableMs:varlong | 1 (unknown agent)
///     producers  = first:varlong count:varint
///     member     = agent zone:string host:string port:varint
final class AgentWire {
  static final int MEMBER_BYTES_MIN = 4;
  private static final int LEASED = 0;
  private static final int UNKNOWN_AGENT = 1;

  static final Wire<LeaseOutcome> LEASE_OUTCOME =
      new Wire<>() {
        @Override
        public void write(LeaseOutcome outcome, WireWriter out) {
          switch (outcome) {
            case LeaseOutcome.Leased leased -> {
              out.writeByte(LEASED);
              out.writeVarLong(leased.first());
              out.writeVarInt(leased.count());
              out.writeVarLong(leased.usableMs());
            }
            case LeaseOutcome.UnknownAgent unknown -> out.writeByte(UNKNOWN_AGENT);
          }
        }

        @Override
        public LeaseOutcome read(WireReader in) {
          byte kind = in.readByte();
          return switch (kind) {
            case LEASED ->
                new LeaseOutcome.Leased(in.readVarLong(), readLeaseCount(in), in.readVarLong());
            case UNKNOWN_AGENT -> new LeaseOutcome.UnknownAgent();
            default -> throw ValueWire.unknown("lease outcome", kind);
          };
        }
      };

  static final Wire<ProducerIds> PRODUCER_IDS =
      new Wire<>() {
        @Override
        public void write(ProducerIds ids, WireWriter out) {
          out.writeVarLong(ids.first());
          out.writeVarInt(ids.count());
        }

        @Override
        public ProducerIds read(WireReader in) {
          return new ProducerIds(in.readVarLong(), in.readVarInt());
        }
      };

  static final Wire<Registered> REGISTERED =
      new Wire<>() {
        @Override
        public void write(Registered registered, WireWriter out) {
          ValueWire.writeAgent(registered.id(), out);
          out.writeString(registered.clusterId());
          out.writeVarLong(registered.leaseMs());
        }

        @Override
        public Registered read(WireReader in) {
          return new Registered(ValueWire.readAgent(in), in.readString(), in.readVarLong());
        }
      };

  private AgentWire() {}

  static void writeRegister(Command.RegisterAgent command, WireWriter out) {
    ValueWire.writeUuid(command.instance(), out);
    out.writeString(command.zone().name());
    out.writeString(command.host());
    out.writeVarInt(command.port());
  }

  static Command.RegisterAgent readRegister(WireReader in) {
    return new Command.RegisterAgent(
        ValueWire.readUuid(in), new Zone(in.readString()), in.readString(), in.readVarInt());
  }

  static void writeLeaseFileIds(Command.LeaseFileIds command, WireWriter out) {
    ValueWire.writeAgent(command.agent(), out);
    out.writeVarInt(command.count());
  }

  static Command.LeaseFileIds readLeaseFileIds(WireReader in) {
    return new Command.LeaseFileIds(ValueWire.readAgent(in), readLeaseCount(in));
  }

  static void writeLeaseProducerIds(Command.LeaseProducerIds command, WireWriter out) {
    ValueWire.writeAgent(command.agent(), out);
    out.writeVarInt(command.count());
  }

  static Command.LeaseProducerIds readLeaseProducerIds(WireReader in) {
    return new Command.LeaseProducerIds(ValueWire.readAgent(in), in.readVarInt());
  }

  static void writeMember(Agent agent, WireWriter out) {
    ValueWire.writeAgent(agent.id(), out);
    out.writeString(agent.zone().name());
    out.writeString(agent.host());
    out.writeVarInt(agent.port());
  }

  static Agent readMember(WireReader in) {
    return new Agent(
        ValueWire.readAgent(in), new Zone(in.readString()), in.readString(), in.readVarInt());
  }

  private static int readLeaseCount(WireReader in) {
    int count = in.readVarInt();
    if (count <= 0 || count > FileLedger.IDS_PER_LEASE_MAX) {
      throw new MalformedBytesException(
          "a lease of %d ids, 1 to %d are allowed".formatted(count, FileLedger.IDS_PER_LEASE_MAX));
    }
    return count;
  }
}
