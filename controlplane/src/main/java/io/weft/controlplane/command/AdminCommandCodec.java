package io.weft.controlplane.command;

import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;

/// The bytes of administrators' commands. Stateless.
///
///     read resources       = kind:byte knownVersion:varlong
///     read quotas          = knownVersion:varlong
///     describe quorum      =
///     quorum status        = leader:string epoch:varlong index:varlong timeMs:varlong
///
/// The other bodies stand at [ResourceWire], [QuotaWire] and [CredentialWire].
final class AdminCommandCodec {
  private static final int READ_RESOURCES = 80;
  private static final int CONFIGURE_RESOURCE = 81;
  private static final int READ_QUOTAS = 82;
  private static final int ALTER_QUOTA = 83;
  private static final int DESCRIBE_CREDENTIALS = 84;
  private static final int FIND_CREDENTIAL = 85;
  private static final int PUT_CREDENTIAL = 86;
  private static final int REMOVE_CREDENTIAL = 87;
  private static final int DESCRIBE_QUORUM = 88;

  static final Wire<Quorum.Status> QUORUM_STATUS =
      new Wire<>() {
        @Override
        public void write(Quorum.Status status, WireWriter out) {
          out.writeString(status.leader());
          out.writeVarLong(status.epoch());
          out.writeVarLong(status.index());
          out.writeVarLong(status.timeMs());
        }

        @Override
        public Quorum.Status read(WireReader in) {
          return new Quorum.Status(
              in.readString(), in.readVarLong(), in.readVarLong(), in.readVarLong());
        }
      };

  private AdminCommandCodec() {}

  static int kind(Command.Admin<?> command) {
    return switch (command) {
      case Command.ReadResources c -> READ_RESOURCES;
      case Command.ConfigureResource c -> CONFIGURE_RESOURCE;
      case Command.ReadQuotas c -> READ_QUOTAS;
      case Command.AlterQuota c -> ALTER_QUOTA;
      case Command.DescribeCredentials c -> DESCRIBE_CREDENTIALS;
      case Command.FindCredential c -> FIND_CREDENTIAL;
      case Command.PutCredential c -> PUT_CREDENTIAL;
      case Command.RemoveCredential c -> REMOVE_CREDENTIAL;
      case Command.DescribeQuorum c -> DESCRIBE_QUORUM;
    };
  }

  static void write(Command.Admin<?> command, WireWriter out) {
    switch (command) {
      case Command.ReadResources read -> {
        ResourceWire.KIND.write(read.resourceKind(), out);
        out.writeVarLong(read.knownVersion());
      }
      case Command.ConfigureResource configure -> ResourceWire.writeConfigure(configure, out);
      case Command.ReadQuotas read -> out.writeVarLong(read.knownVersion());
      case Command.AlterQuota alter -> QuotaWire.writeAlter(alter, out);
      case Command.DescribeCredentials describe ->
          ValueWire.writeList(describe.users(), out, (user, to) -> to.writeString(user));
      case Command.FindCredential find ->
          CredentialWire.writeKey(find.user(), find.mechanism(), out);
      case Command.PutCredential put -> {
        CredentialWire.writeKey(put.user(), put.mechanism(), out);
        CredentialWire.write(put.credential(), out);
      }
      case Command.RemoveCredential remove ->
          CredentialWire.writeKey(remove.user(), remove.mechanism(), out);
      case Command.DescribeQuorum describe -> {}
    }
  }

  static Command<?> read(int kind, WireReader in) {
    return switch (kind) {
      case READ_RESOURCES ->
          new Command.ReadResources(ResourceWire.KIND.read(in), in.readVarLong());
      case CONFIGURE_RESOURCE -> ResourceWire.readConfigure(in);
      case READ_QUOTAS -> new Command.ReadQuotas(in.readVarLong());
      case ALTER_QUOTA -> QuotaWire.readAlter(in);
      case DESCRIBE_CREDENTIALS ->
          new Command.DescribeCredentials(
              ValueWire.readList(in, CredentialWire.ASKED_USERS, WireReader::readString));
      case FIND_CREDENTIAL ->
          new Command.FindCredential(in.readString(), CredentialWire.MECHANISM.read(in));
      case PUT_CREDENTIAL ->
          new Command.PutCredential(
              in.readString(), CredentialWire.MECHANISM.read(in), CredentialWire.read(in));
      case REMOVE_CREDENTIAL ->
          new Command.RemoveCredential(in.readString(), CredentialWire.MECHANISM.read(in));
      case DESCRIBE_QUORUM -> new Command.DescribeQuorum();
      default -> throw ValueWire.unknown("kind of command", kind);
    };
  }
}
