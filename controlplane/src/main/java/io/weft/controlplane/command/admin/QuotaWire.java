package io.weft.controlplane.command.admin;

import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.ClientQuotas.AlterOutcome;
import io.weft.controlplane.api.admin.ClientQuotas.Entity;
import io.weft.controlplane.api.admin.ClientQuotas.EntityType;
import io.weft.controlplane.api.admin.ClientQuotas.Part;
import io.weft.controlplane.api.admin.ClientQuotas.Quota;
import io.weft.controlplane.api.admin.ClientQuotas.Quotas;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.AdminCommand;
import io.weft.controlplane.command.ValueWire;
import io.weft.controlplane.command.ValueWire.Limit;
import io.weft.controlplane.command.Wire;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/// The bytes of quotas. Stateless.
///
///     alter  = entity count (key:string (0 | 1 value:double))*
///     quotas = 0 | 1 version:varlong count (entity count (key:string value:double)*)*
///     entity = count (type:byte (0 | 1 name:string))*                 types strictly rising
///     double = the 8 bytes of IEEE 754                                keys strictly rising
public final class QuotaWire {
  private static final Limit PARTS = new Limit("parts of an entity", 2, EntityType.values().length);
  private static final Limit KEYS = new Limit("quotas", 2, ClientQuotas.KEYS_MAX);
  private static final Limit ENTITIES = new Limit("entities", 3, ClientQuotas.ENTITIES_MAX);

  private static final Wire<EntityType> TYPE =
      ValueWire.oneOf(List.of(EntityType.USER, EntityType.CLIENT_ID, EntityType.IP));

  public static final Wire<AlterOutcome> ALTER_OUTCOME =
      ValueWire.oneOf(List.of(AlterOutcome.ALTERED, AlterOutcome.LIMIT_REACHED));

  public static final Wire<Optional<Quotas>> QUOTAS_IF_NEWER =
      new Wire<>() {
        @Override
        public void write(Optional<Quotas> quotas, WireWriter out) {
          out.writeBoolean(quotas.isPresent());
          quotas.ifPresent(
              newer -> {
                out.writeVarLong(newer.version());
                ValueWire.writeList(newer.quotas(), out, QuotaWire::writeQuota);
              });
        }

        @Override
        public Optional<Quotas> read(WireReader in) {
          return in.readBoolean()
              ? Optional.of(
                  new Quotas(
                      in.readVarLong(), ValueWire.readList(in, ENTITIES, QuotaWire::readQuota)))
              : Optional.empty();
        }
      };

  private QuotaWire() {}

  public static void writeAlter(AdminCommand.AlterQuota command, WireWriter out) {
    writeEntity(command.entity(), out);
    out.writeVarInt(command.changes().size());
    new TreeMap<>(command.changes())
        .forEach(
            (key, value) -> {
              out.writeString(key);
              out.writeBoolean(value.isPresent());
              value.ifPresent(number -> out.writeLong(Double.doubleToLongBits(number)));
            });
  }

  static AdminCommand.AlterQuota readAlter(WireReader in) {
    Entity entity = readEntity(in);
    return new AdminCommand.AlterQuota(
        entity,
        readByKey(
            in,
            from ->
                from.readBoolean() ? OptionalDouble.of(readDouble(from)) : OptionalDouble.empty()));
  }

  private static void writeQuota(Quota quota, WireWriter out) {
    writeEntity(quota.entity(), out);
    out.writeVarInt(quota.values().size());
    new TreeMap<>(quota.values())
        .forEach(
            (key, value) -> {
              out.writeString(key);
              out.writeLong(Double.doubleToLongBits(value));
            });
  }

  private static Quota readQuota(WireReader in) {
    return new Quota(readEntity(in), readByKey(in, QuotaWire::readDouble));
  }

  private static void writeEntity(Entity entity, WireWriter out) {
    ValueWire.writeList(
        entity.parts(),
        out,
        (part, to) -> {
          TYPE.write(part.type(), to);
          to.writeBoolean(part.name().isPresent());
          part.name().ifPresent(to::writeString);
        });
  }

  private static Entity readEntity(WireReader in) {
    return new Entity(
        ValueWire.readList(
            in,
            PARTS,
            from ->
                new Part(
                    TYPE.read(from),
                    from.readBoolean() ? Optional.of(from.readString()) : Optional.empty())));
  }

  private static <V> Map<String, V> readByKey(WireReader in, Function<WireReader, V> value) {
    TreeMap<String, V> byKey = new TreeMap<>();
    int count = KEYS.readCount(in);
    for (int i = 0; i < count; i++) {
      String key = in.readString();
      if (i > 0 && key.compareTo(byKey.lastKey()) <= 0) {
        throw new MalformedBytesException("quotas out of order at " + key);
      }
      byKey.put(key, value.apply(in));
    }
    return Collections.unmodifiableMap(byKey);
  }

  private static double readDouble(WireReader in) {
    return Double.longBitsToDouble(in.readLong());
  }
}
