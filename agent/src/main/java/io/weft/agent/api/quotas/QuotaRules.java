package io.weft.agent.api.quotas;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.server.config.QuotaConfig;

/// What quotas there can be, and for whom: as Kafka's controller checks it. Stateless.
final class QuotaRules {
  /// How far a number may be from a whole one that is to be one.
  private static final double WHOLE_TOLERANCE = 1e-6;

  private QuotaRules() {}

  /// Why nobody can be meant by this, if so.
  ///
  /// @param named by type; null is the default
  static Optional<String> flaw(Map<String, String> named) {
    if (named.isEmpty()) {
      return Optional.of("Invalid empty client quota entity");
    }
    for (Map.Entry<String, String> part : named.entrySet()) {
      if (QuotaEntities.type(part.getKey()).isEmpty()) {
        return Optional.of("Unhandled client quota entity type: " + part.getKey());
      }
      if (part.getValue() != null && part.getValue().isEmpty()) {
        return Optional.of("Empty " + part.getKey() + " not supported");
      }
    }
    if (!named.containsKey(ClientQuotaEntity.IP)) {
      return Optional.empty();
    }
    if (named.size() > 1) {
      return Optional.of("An IP entity cannot be combined with a user or a client id.");
    }
    String address = named.get(ClientQuotaEntity.IP);
    return address == null || isAddress(address)
        ? Optional.empty()
        : Optional.of(address + " is not a valid IP.");
  }

  /// Why a quota cannot be so, if it cannot.
  static Optional<String> flaw(Map<String, String> named, String key, double value) {
    ConfigKey known = keys(named).get(key);
    if (known == null) {
      return Optional.of("Invalid configuration key " + key);
    }
    if (!Double.isFinite(value)) {
      return Optional.of("Quota " + key + " must be a finite number");
    }
    if (value <= 0) {
      return Optional.of("Quota " + key + " must be greater than 0");
    }
    if (known.type == ConfigDef.Type.DOUBLE) {
      return Optional.empty();
    }
    if (value > (known.type == ConfigDef.Type.INT ? Integer.MAX_VALUE : Long.MAX_VALUE)) {
      return Optional.of("Proposed value for " + key + " is too large.");
    }
    return Math.abs(value % 1) > WHOLE_TOLERANCE
        ? Optional.of(key + " cannot be a fractional value.")
        : Optional.empty();
  }

  private static Map<String, ConfigKey> keys(Map<String, String> named) {
    return named.containsKey(ClientQuotaEntity.IP)
        ? QuotaConfig.ipConfigs().configKeys()
        : QuotaConfig.userAndClientQuotaConfigs().configKeys();
  }

  /// Names of hosts are not looked up: a client must not make an agent ask a name server.
  private static boolean isAddress(String text) {
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
