package io.weft.controlplane.command.admin;

import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.AdminCommand;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.ValueWire;
import io.weft.controlplane.command.Wire;

/// The bytes of administrators' commands. Stateless.
///
///     read resources       = kind:byte knownVersion:varlong
///     read quotas          = knownVersion:varlong
///     describe quorum      =
///     quorum status        = leader:string epoch:varlong index:varlong timeMs:varlong
///
/// The other bodies stand at [ResourceWire], [QuotaWire] and [CredentialWire].
public final class AdminCommandCodec {
  private static final int READ_RESOURCES = 80;
  private static final int CONFIGURE_RESOURCE = 81;
  private static final int READ_QUOTAS = 82;
  private static final int ALTER_QUOTA = 83;
  private static final int DESCRIBE_CREDENTIALS = 84;
  private static final int FIND_CREDENTIAL = 85;
  private static final int PUT_CREDENTIAL = 86;
  private static final int REMOVE_CREDENTIAL = 87;
  private static final int DESCRIBE_QUORUM = 88;

  public static final Wire<Quorum.Status> QUORUM_STATUS =
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

  public static int kind(AdminCommand<?> command) {
    return switch (command) {
      case AdminCommand.ReadResources c -> READ_RESOURCES;
      case AdminCommand.ConfigureResource c -> CONFIGURE_RESOURCE;
      case AdminCommand.ReadQuotas c -> READ_QUOTAS;
      case AdminCommand.AlterQuota c -> ALTER_QUOTA;
      case AdminCommand.DescribeCredentials c -> DESCRIBE_CREDENTIALS;
      case AdminCommand.FindCredential c -> FIND_CREDENTIAL;
      case AdminCommand.PutCredential c -> PUT_CREDENTIAL;
      case AdminCommand.RemoveCredential c -> REMOVE_CREDENTIAL;
      case AdminCommand.DescribeQuorum c -> DESCRIBE_QUORUM;
    };
  }

  public static void write(AdminCommand<?> command, WireWriter out) {
    switch (command) {
      case AdminCommand.ReadResources read -> {
        ResourceWire.KIND.write(read.resourceKind(), out);
        out.writeVarLong(read.knownVersion());
      }
      case AdminCommand.ConfigureResource configure -> ResourceWire.writeConfigure(configure, out);
      case AdminCommand.ReadQuotas read -> out.writeVarLong(read.knownVersion());
      case AdminCommand.AlterQuota alter -> QuotaWire.writeAlter(alter, out);
      case AdminCommand.DescribeCredentials describe ->
          ValueWire.writeList(describe.users(), out, (user, to) -> to.writeString(user));
      case AdminCommand.FindCredential find ->
          CredentialWire.writeKey(find.user(), find.mechanism(), out);
      case AdminCommand.PutCredential put -> {
        CredentialWire.writeKey(put.user(), put.mechanism(), out);
        CredentialWire.write(put.credential(), out);
      }
      case AdminCommand.RemoveCredential remove ->
          CredentialWire.writeKey(remove.user(), remove.mechanism(), out);
      case AdminCommand.DescribeQuorum describe -> {}
    }
  }

  public static Command<?> read(int kind, WireReader in) {
    return switch (kind) {
      case READ_RESOURCES ->
          new AdminCommand.ReadResources(ResourceWire.KIND.read(in), in.readVarLong());
      case CONFIGURE_RESOURCE -> ResourceWire.readConfigure(in);
      case READ_QUOTAS -> new AdminCommand.ReadQuotas(in.readVarLong());
      case ALTER_QUOTA -> QuotaWire.readAlter(in);
      case DESCRIBE_CREDENTIALS ->
          new AdminCommand.DescribeCredentials(
              ValueWire.readList(in, CredentialWire.ASKED_USERS, WireReader::readString));
      case FIND_CREDENTIAL ->
          new AdminCommand.FindCredential(in.readString(), CredentialWire.MECHANISM.read(in));
      case PUT_CREDENTIAL ->
          new AdminCommand.PutCredential(
              in.readString(), CredentialWire.MECHANISM.read(in), CredentialWire.read(in));
      case REMOVE_CREDENTIAL ->
          new AdminCommand.RemoveCredential(in.readString(), CredentialWire.MECHANISM.read(in));
      case DESCRIBE_QUORUM -> new AdminCommand.DescribeQuorum();
      default -> throw ValueWire.unknown("kind of command", kind);
    };
  }
}
