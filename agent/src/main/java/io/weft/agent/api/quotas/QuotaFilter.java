package io.weft.agent.api.quotas;

import io.weft.controlplane.api.admin.ClientQuotas.Entity;
import io.weft.controlplane.api.admin.ClientQuotas.EntityType;
import io.weft.controlplane.api.admin.ClientQuotas.Part;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;

/// Which entities a request asks for.
///
/// @param names by type, what its name must be (empty: the default); a type without a name matches
///   any
/// @param strict whether an entity with other types does not match
record QuotaFilter(Map<EntityType, Optional<Optional<String>>> names, boolean strict) {
  /// @throws org.apache.kafka.common.errors.ApiException as Kafka does, if it makes no sense
  static QuotaFilter of(DescribeClientQuotasRequestData asked) {
    Map<EntityType, Optional<Optional<String>>> names = new EnumMap<>(EntityType.class);
    for (ComponentData component : asked.components()) {
      if (component.entityType().isEmpty()) {
        throw new InvalidRequestException("Invalid empty entity type.");
      }
      EntityType type =
          QuotaEntities.type(component.entityType())
              .orElseThrow(
                  () ->
                      new UnsupportedVersionException(
                          "Unsupported entity type " + component.entityType()));
      if (names.put(type, name(component)) != null) {
        throw new InvalidRequestException(
            "Entity type %s cannot appear more than once in the filter."
                .formatted(component.entityType()));
      }
    }
    if (names.containsKey(EntityType.IP) && names.size() > 1) {
      throw new InvalidRequestException(
          "An IP filter component cannot be used with one of a user or a client id.");
    }
    return new QuotaFilter(names, asked.strict());
  }

  private static Optional<Optional<String>> name(ComponentData component) {
    boolean isExact = component.matchType() == DescribeClientQuotasRequest.MATCH_TYPE_EXACT;
    if (isExact != (component.match() != null)) {
      throw new InvalidRequestException(
          isExact
              ? "A name to match is missing."
              : "A name was given, but the match type is " + component.matchType() + ".");
    }
    return switch (component.matchType()) {
      case DescribeClientQuotasRequest.MATCH_TYPE_EXACT ->
          Optional.of(Optional.of(component.match()));
      case DescribeClientQuotasRequest.MATCH_TYPE_DEFAULT -> Optional.of(Optional.empty());
      case DescribeClientQuotasRequest.MATCH_TYPE_SPECIFIED -> Optional.empty();
      default -> throw new InvalidRequestException("Unknown match type " + component.matchType());
    };
  }

  boolean matches(Entity entity) {
    long matched = entity.parts().stream().filter(this::matches).count();
    return matched == names.size() && (!strict || matched == entity.parts().size());
  }

  private boolean matches(Part part) {
    return names.containsKey(part.type())
        && names.get(part.type()).map(name -> name.equals(part.name())).orElse(true);
  }
}
