package io.weft.controlplane.command.admin;

import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.admin.ScramCredentials.Credential;
import io.weft.controlplane.api.admin.ScramCredentials.Described;
import io.weft.controlplane.api.admin.ScramCredentials.Mechanism;
import io.weft.controlplane.api.admin.ScramCredentials.PutOutcome;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.ValueWire;
import io.weft.controlplane.command.ValueWire.Limit;
import io.weft.controlplane.command.Wire;
import java.util.List;
import java.util.Optional;

/// The bytes of SCRAM credentials. Stateless.
///
///     describe   = count user:string*
///     described  = count (user:string mechanism:byte iterations:varint)*
///     find       = user:string mechanism:byte                           remove is the same
///     put        = user:string mechanism:byte credential
///     credential = iterations:varint salt:bytes storedKey:bytes serverKey:bytes
public final class CredentialWire {
  static final Limit ASKED_USERS = new Limit("users", 1, ScramCredentials.ASKED_USERS_MAX);

  private static final Limit CREDENTIALS =
      new Limit("credentials", 3, ScramCredentials.USERS_MAX * Mechanism.values().length);

  public static final Wire<Mechanism> MECHANISM =
      ValueWire.oneOf(List.of(Mechanism.SHA_256, Mechanism.SHA_512));

  public static final Wire<PutOutcome> PUT_OUTCOME =
      ValueWire.oneOf(List.of(PutOutcome.PUT, PutOutcome.LIMIT_REACHED));

  public static final Wire<List<Described>> DESCRIBED =
      new Wire<>() {
        @Override
        public void write(List<Described> described, WireWriter out) {
          ValueWire.writeList(
              described,
              out,
              (one, to) -> {
                writeKey(one.user(), one.mechanism(), to);
                to.writeVarInt(one.iterations());
              });
        }

        @Override
        public List<Described> read(WireReader in) {
          return ValueWire.readList(
              in,
              CREDENTIALS,
              from -> new Described(from.readString(), MECHANISM.read(from), from.readVarInt()));
        }
      };

  public static final Wire<Optional<Credential>> CREDENTIAL_IF_THERE =
      new Wire<>() {
        @Override
        public void write(Optional<Credential> credential, WireWriter out) {
          out.writeBoolean(credential.isPresent());
          credential.ifPresent(there -> CredentialWire.write(there, out));
        }

        @Override
        public Optional<Credential> read(WireReader in) {
          return in.readBoolean() ? Optional.of(CredentialWire.read(in)) : Optional.empty();
        }
      };

  private CredentialWire() {}

  public static void writeKey(String user, Mechanism mechanism, WireWriter out) {
    out.writeString(user);
    MECHANISM.write(mechanism, out);
  }

  public static void write(Credential credential, WireWriter out) {
    out.writeVarInt(credential.iterations());
    out.writeBytes(credential.salt());
    out.writeBytes(credential.storedKey());
    out.writeBytes(credential.serverKey());
  }

  static Credential read(WireReader in) {
    return new Credential(in.readVarInt(), in.readBytes(), in.readBytes(), in.readBytes());
  }
}
