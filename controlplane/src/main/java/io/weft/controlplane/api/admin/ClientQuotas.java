package io.weft.controlplane.api.admin;

import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// How much clients may use at most, by user, client id or address. Kept and given out here; the
/// agents enforce it.
public interface ClientQuotas {
  /// Entities with quotas, at most.
  int ENTITIES_MAX = 100_000;

  /// Parts of one entity, at most: one of each type.
  int PARTS_MAX = 3;

  /// Quotas of one entity, at most.
  int KEYS_MAX = 32;

  /// Characters of a name or key, at most.
  int NAME_CHARS_MAX = 1_024;

  /// Characters of all names and keys, at most: [#read] gives all of them at once.
  long CHARS_IN_ALL_MAX = 6L << 20;

  /// All quotas as they are now, or empty if they are still at `knownVersion` (-1: none known).
  @Question(kind = 82, name = "ReadQuotas")
  Optional<Quotas> read(long knownVersion);

  /// Sets and removes (empty) quotas of one entity, all at once; the others of that entity stay.
  @Question(kind = 83, name = "AlterQuota")
  AlterOutcome alter(Entity entity, @AtMost(KEYS_MAX) Map<String, OptionalDouble> changes);

  enum AlterOutcome {
    ALTERED,
    LIMIT_REACHED
  }

  enum EntityType {
    USER,
    CLIENT_ID,
    IP
  }

  /// @param name empty for all of that type that have no quota of their own
  record Part(EntityType type, Optional<String> name) implements Comparable<Part> {
    @Override
    public int compareTo(Part other) {
      int byType = type.compareTo(other.type);
      return byType != 0
          ? byType
          : name.map(own -> "=" + own)
              .orElse("")
              .compareTo(other.name.map(n -> "=" + n).orElse(""));
    }
  }

  /// Whom a quota is for.
  ///
  /// @param parts at least one; each type once, in their order
  record Entity(@AtMost(PARTS_MAX) List<Part> parts) implements Comparable<Entity> {
    public Entity {
      parts = List.copyOf(parts);
      for (int i = 1; i < parts.size(); i++) {
        if (parts.get(i).type().compareTo(parts.get(i - 1).type()) <= 0) {
          throw new IllegalArgumentException("a quota's entity with parts out of order");
        }
      }
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("a quota for nobody");
      }
    }

    @Override
    public int compareTo(Entity other) {
      int shared = Math.min(parts.size(), other.parts.size());
      for (int i = 0; i < shared; i++) {
        int byPart = parts.get(i).compareTo(other.parts.get(i));
        if (byPart != 0) {
          return byPart;
        }
      }
      return Integer.compare(parts.size(), other.parts.size());
    }
  }

  /// @param values by Kafka's names, in name order; never empty
  record Quota(Entity entity, @AtMost(KEYS_MAX) Map<String, Double> values) {}

  /// @param version rises with every change
  /// @param quotas by entity
  record Quotas(long version, @AtMost(ENTITIES_MAX) List<Quota> quotas) {}
}
