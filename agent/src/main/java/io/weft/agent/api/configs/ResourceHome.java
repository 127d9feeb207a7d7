package io.weft.agent.api.configs;

import io.weft.agent.catalog.LiveResources;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Resource;
import io.weft.controlplane.rules.KeptSettings;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/// The settings of resources other than topics. Thread-safe.
record ResourceHome(LiveResources live, ResourceRules rules) implements SettingsHome {
  @Override
  public Found find(String name) {
    rules.checkName(name);
    Optional<Resource> resource = live.fresh().find(name);
    long version = resource.map(Resource::version).orElse(0L);
    return new Found(
        Optional.empty(),
        resource.map(Resource::settings).orElse(Map.of()),
        after -> replaced(name, version, after));
  }

  @Override
  public Optional<ApiError> flaw(
      String name, Map<String, String> before, Map<String, String> after) {
    return rules.flaw(name, KeptSettings.checkable(before, after, rules.keys()));
  }

  @Override
  public Optional<ConfigKey> key(String setting) {
    return Optional.ofNullable(rules.keys().get(setting));
  }

  private Optional<ApiError> replaced(String name, long version, Map<String, String> after) {
    ResourceSettings.ConfigureOutcome outcome;
    try {
      outcome = live.configure(name, version, after);
    } catch (ControlPlaneException.Rejected e) {
      return Optional.of(new ApiError(Errors.INVALID_CONFIG, e.getMessage()));
    }
    return switch (outcome) {
      case CONFIGURED -> Optional.of(ApiError.NONE);
      case VERSION_CHANGED -> Optional.empty();
      case LIMIT_REACHED ->
          Optional.of(
              new ApiError(
                  Errors.POLICY_VIOLATION, "There are as many resources as there may be."));
    };
  }
}
