package io.weft.agent.api.configs;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.requests.ApiError;

/// What settings one kind of resource can have. Stateless.
interface ResourceRules {
  /// @throws org.apache.kafka.common.errors.ApiException if no resource can have this name
  void checkName(String name);

  Optional<ApiError> flaw(String name, Map<String, String> after);

  /// The settings there are, by name order.
  Map<String, ConfigKey> keys();
}
