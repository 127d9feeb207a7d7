package io.weft.controlplane.state.admin;

import io.weft.controlplane.api.admin.ClientQuotas.Entity;
import io.weft.controlplane.api.admin.ClientQuotas.EntityType;
import io.weft.controlplane.api.admin.ClientQuotas.Part;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.api.admin.ScramCredentials.Credential;
import io.weft.controlplane.api.admin.ScramCredentials.Mechanism;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.RecordParts;
import io.weft.controlplane.state.StateRecord.Administered;
import io.weft.controlplane.state.StateRecord.CredentialPut;
import io.weft.controlplane.state.StateRecord.CredentialRemoved;
import io.weft.controlplane.state.StateRecord.QuotaAltered;
import io.weft.controlplane.state.StateRecord.ResourceConfigured;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// Bytes of the records of what administrators set. A case is written as its place in a list: only
/// ever append there.
///
/// ```
/// record     = 80 resourceKind:1 name:string settings
///            | 81 entity count (key:string (0 | 1 value:8))*          by key
///            | 82 user:string mechanism:1 credential
///            | 83 user:string mechanism:1
/// entity     = count (type:1 (0 | 1 name:string))*
/// credential = iterations salt:bytes storedKey:bytes serverKey:bytes
/// ```
public final class AdminRecordCodec {
  private static final int RESOURCE_CONFIGURED = 80;
  private static final int QUOTA_ALTERED = 81;
  private static final int CREDENTIAL_PUT = 82;
  private static final int CREDENTIAL_REMOVED = 83;

  private static final List<Kind> KINDS = List.of(Kind.AGENT, Kind.GROUP, Kind.CLIENT_METRICS);
  private static final List<EntityType> TYPES =
      List.of(EntityType.USER, EntityType.CLIENT_ID, EntityType.IP);
  private static final List<Mechanism> MECHANISMS = List.of(Mechanism.SHA_256, Mechanism.SHA_512);

  private AdminRecordCodec() {}

  /// Writes the record with its kind.
  public static void write(Administered record, WireWriter out) {
    switch (record) {
      case ResourceConfigured configured -> {
        out.writeByte(RESOURCE_CONFIGURED);
        out.writeByte(KINDS.indexOf(configured.kind()));
        out.writeString(configured.name());
        RecordParts.writeSettings(out, configured.settings());
      }
      case QuotaAltered altered -> {
        out.writeByte(QUOTA_ALTERED);
        writeEntity(out, altered.entity());
        writeChanges(out, altered.changes());
      }
      case CredentialPut put -> {
        out.writeByte(CREDENTIAL_PUT);
        out.writeString(put.user());
        writeMechanism(out, put.mechanism());
        writeCredential(out, put.credential());
      }
      case CredentialRemoved removed -> {
        out.writeByte(CREDENTIAL_REMOVED);
        out.writeString(removed.user());
        writeMechanism(out, removed.mechanism());
      }
    }
  }

  /// Reads what follows the kind.
  public static Administered read(byte kind, WireReader in) {
    return switch (kind) {
      case RESOURCE_CONFIGURED ->
          new ResourceConfigured(oneOf(KINDS, in), in.readString(), RecordParts.readSettings(in));
      case QUOTA_ALTERED -> new QuotaAltered(readEntity(in), readChanges(in));
      case CREDENTIAL_PUT ->
          new CredentialPut(in.readString(), readMechanism(in), readCredential(in));
      case CREDENTIAL_REMOVED -> new CredentialRemoved(in.readString(), readMechanism(in));
      default -> throw new MalformedBytesException("no kind of record: " + kind);
    };
  }

  static void writeEntity(WireWriter out, Entity entity) {
    out.writeVarInt(entity.parts().size());
    for (Part part : entity.parts()) {
      out.writeByte(TYPES.indexOf(part.type()));
      out.writeBoolean(part.name().isPresent());
      part.name().ifPresent(out::writeString);
    }
  }

  static Entity readEntity(WireReader in) {
    List<Part> parts = new ArrayList<>();
    int count = in.readCount(2);
    for (int i = 0; i < count; i++) {
      EntityType type = oneOf(TYPES, in);
      parts.add(new Part(type, in.readBoolean() ? Optional.of(in.readString()) : Optional.empty()));
    }
    return new Entity(parts);
  }

  static void writeMechanism(WireWriter out, Mechanism mechanism) {
    out.writeByte(MECHANISMS.indexOf(mechanism));
  }

  static Mechanism readMechanism(WireReader in) {
    return oneOf(MECHANISMS, in);
  }

  static void writeCredential(WireWriter out, Credential credential) {
    out.writeVarInt(credential.iterations());
    out.writeBytes(credential.salt());
    out.writeBytes(credential.storedKey());
    out.writeBytes(credential.serverKey());
  }

  static Credential readCredential(WireReader in) {
    return new Credential(in.readVarInt(), in.readBytes(), in.readBytes(), in.readBytes());
  }

  private static void writeChanges(WireWriter out, Map<String, OptionalDouble> changes) {
    out.writeVarInt(changes.size());
    new TreeMap<>(changes)
        .forEach(
            (key, value) -> {
              out.writeString(key);
              out.writeBoolean(value.isPresent());
              value.ifPresent(number -> out.writeLong(Double.doubleToLongBits(number)));
            });
  }

  private static Map<String, OptionalDouble> readChanges(WireReader in) {
    Map<String, OptionalDouble> changes = new TreeMap<>();
    int count = in.readCount(2);
    for (int i = 0; i < count; i++) {
      String key = in.readString();
      changes.put(
          key,
          in.readBoolean()
              ? OptionalDouble.of(Double.longBitsToDouble(in.readLong()))
              : OptionalDouble.empty());
    }
    return Collections.unmodifiableMap(changes);
  }

  private static <E> E oneOf(List<E> cases, WireReader in) {
    byte code = in.readByte();
    if (code < 0 || code >= cases.size()) {
      throw new MalformedBytesException("no such case: " + code);
    }
    return cases.get(code);
  }
}
