package io.weft.agent.api.configs;

import io.weft.agent.api.telemetry.Subscription;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.ApiError;

/// The settings of client metrics subscriptions (KIP-714). Stateless.
final class ClientMetricsRules implements ResourceRules {
  @Override
  public void checkName(String name) {
    if (name.isEmpty()) {
      throw new InvalidRequestException("Subscription name can't be empty");
    }
  }

  @Override
  public Optional<ApiError> flaw(String name, Map<String, String> after) {
    try {
      Subscription.of(name, after);
      return Optional.empty();
    } catch (ApiException e) {
      return Optional.of(ApiError.fromThrowable(e));
    }
  }

  @Override
  public Map<String, ConfigKey> keys() {
    return Subscription.KEYS;
  }
}
