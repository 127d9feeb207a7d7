package io.weft.agent.api.configs;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.requests.ApiError;

/// Where the settings of one kind of resource are kept, and what they may be. Thread-safe.
interface SettingsHome {
  /// What a resource has now.
  ///
  /// @throws org.apache.kafka.common.errors.ApiException if nothing can have this name
  Found find(String name);

  /// Why a resource cannot have these settings, if it cannot.
  ///
  /// @param before what it has now; what was accepted once stays acceptable
  Optional<ApiError> flaw(String name, Map<String, String> before, Map<String, String> after);

  /// What a setting is, if it is known.
  Optional<ConfigKey> key(String setting);

  /// @param absent the answer if there is no such resource
  /// @param replacement how its settings are replaced
  record Found(Optional<ApiError> absent, Map<String, String> own, Replacement replacement) {}

  interface Replacement {
    /// @return empty if somebody else's change came between
    Optional<ApiError> with(Map<String, String> after);
  }
}
