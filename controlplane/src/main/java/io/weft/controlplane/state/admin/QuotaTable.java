package io.weft.controlplane.state.admin;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.ClientQuotas.Entity;
import io.weft.controlplane.api.admin.ClientQuotas.Part;
import io.weft.controlplane.api.admin.ClientQuotas.Quota;
import io.weft.controlplane.api.admin.ClientQuotas.Quotas;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.Invariant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// The quotas of clients. Owned by one thread.
public final class QuotaTable implements StatePart, ClientQuotas {
  private static final Shape<Quotas> SHAPE = Shapes.unlimited().of(Quotas.class);

  private final CurrentStep step;
  private final Map<Entity, Map<String, Double>> byEntity = new TreeMap<>();

  /// Changes so far.
  private long version;

  /// Of all names and keys.
  private long chars;

  public QuotaTable(CurrentStep step) {
    this.step = step;
  }

  @Override
  public Optional<Quotas> read(long knownVersion) {
    return knownVersion == version ? Optional.empty() : Optional.of(all());
  }

  private Quotas all() {
    List<Quota> quotas = new ArrayList<>(byEntity.size());
    byEntity.forEach((entity, values) -> quotas.add(new Quota(entity, values)));
    return new Quotas(version, Collections.unmodifiableList(quotas));
  }

  @Override
  public AlterOutcome alter(Entity entity, Map<String, OptionalDouble> changes) {
    Map<String, OptionalDouble> effective = effective(entity, changes);
    if (effective.isEmpty()) {
      return AlterOutcome.ALTERED;
    }
    if (!fits(entity, effective)) {
      return AlterOutcome.LIMIT_REACHED;
    }
    step.make(new QuotaAltered(entity, effective));
    return AlterOutcome.ALTERED;
  }

  /// Those of the changes that change something, in the order of their keys.
  private Map<String, OptionalDouble> effective(
      Entity entity, Map<String, OptionalDouble> changes) {
    check(entity, changes);
    Map<String, Double> before = byEntity.getOrDefault(entity, Map.of());
    Map<String, OptionalDouble> effective = new TreeMap<>();
    changes.forEach(
        (key, value) -> {
          OptionalDouble now =
              before.containsKey(key) ? OptionalDouble.of(before.get(key)) : OptionalDouble.empty();
          if (!now.equals(value)) {
            effective.put(key, value);
          }
        });
    return Collections.unmodifiableMap(effective);
  }

  private boolean fits(Entity entity, Map<String, OptionalDouble> changes) {
    boolean isThere = byEntity.containsKey(entity);
    Map<String, Double> after = after(entity, changes);
    long more = chars(entity, after) - chars(entity, byEntity.getOrDefault(entity, Map.of()));
    // They may always become fewer: there may be too many from before there was a limit.
    return (isThere || byEntity.size() < ClientQuotas.ENTITIES_MAX)
        && after.size() <= ClientQuotas.KEYS_MAX
        && (more <= 0 || chars + more <= ClientQuotas.CHARS_IN_ALL_MAX);
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    replay((QuotaAltered) record);
  }

  private void replay(QuotaAltered record) {
    version++;
    Map<String, Double> values = after(record.entity(), record.changes());
    if (values.isEmpty()) {
      Map<String, Double> removed = byEntity.remove(record.entity());
      chars -= removed == null ? 0 : chars(record.entity(), removed);
    } else {
      put(record.entity(), values);
    }
  }

  @Override
  public void write(WireWriter out) {
    SHAPE.write(all(), out);
  }

  @Override
  public void read(WireReader in) {
    Quotas table = SHAPE.read(in);
    version = table.version();
    table.quotas().forEach(quota -> put(quota.entity(), quota.values()));
  }

  private Map<String, Double> after(Entity entity, Map<String, OptionalDouble> changes) {
    Map<String, Double> values = new TreeMap<>(byEntity.getOrDefault(entity, Map.of()));
    changes.forEach(
        (key, value) -> {
          if (value.isPresent()) {
            values.put(key, value.getAsDouble());
          } else {
            values.remove(key);
          }
        });
    return values;
  }

  private void put(Entity entity, Map<String, Double> values) {
    Map<String, Double> replaced = byEntity.put(entity, Collections.unmodifiableMap(values));
    chars += chars(entity, values) - (replaced == null ? 0 : chars(entity, replaced));
    Invariant.check(
        byEntity.size() <= ClientQuotas.ENTITIES_MAX && values.size() <= ClientQuotas.KEYS_MAX,
        "too many quotas");
  }

  /// None of an entity without quotas.
  private static long chars(Entity entity, Map<String, Double> values) {
    if (values.isEmpty()) {
      return 0;
    }
    long chars = 0;
    for (Part part : entity.parts()) {
      chars += part.name().map(String::length).orElse(0);
    }
    for (String key : values.keySet()) {
      chars += key.length();
    }
    return chars;
  }

  private static void check(Entity entity, Map<String, OptionalDouble> changes) {
    boolean longest =
        entity.parts().stream()
            .map(Part::name)
            .flatMap(Optional::stream)
            .anyMatch(name -> name.length() > ClientQuotas.NAME_CHARS_MAX);
    if (longest
        || changes.size() > ClientQuotas.KEYS_MAX
        || changes.keySet().stream().anyMatch(k -> k.length() > ClientQuotas.NAME_CHARS_MAX)) {
      throw new ControlPlaneException.Rejected(
          "a quota has names of at most %d characters, an entity at most %d quotas"
              .formatted(ClientQuotas.NAME_CHARS_MAX, ClientQuotas.KEYS_MAX));
    }
  }
}
