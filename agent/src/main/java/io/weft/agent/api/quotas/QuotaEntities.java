package io.weft.agent.api.quotas;

import io.weft.controlplane.api.admin.ClientQuotas.Entity;
import io.weft.controlplane.api.admin.ClientQuotas.EntityType;
import io.weft.controlplane.api.admin.ClientQuotas.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/// Kafka's names of those a quota can be for. Stateless.
final class QuotaEntities {
  private QuotaEntities() {}

  static String name(EntityType type) {
    return switch (type) {
      case USER -> ClientQuotaEntity.USER;
      case CLIENT_ID -> ClientQuotaEntity.CLIENT_ID;
      case IP -> ClientQuotaEntity.IP;
    };
  }

  static Optional<EntityType> type(String name) {
    for (EntityType type : EntityType.values()) {
      if (name(type).equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /// @param named by type; null is the default
  static Entity of(Map<String, String> named) {
    List<Part> parts = new ArrayList<>();
    for (EntityType type : EntityType.values()) {
      if (named.containsKey(name(type))) {
        parts.add(new Part(type, Optional.ofNullable(named.get(name(type)))));
      }
    }
    return new Entity(parts);
  }
}
