package io.weft.agent.api.configs;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiParts;
import io.weft.agent.api.Asking;
import java.util.List;

/// The handlers of settings.
public final class ConfigHandlers {
  private ConfigHandlers() {}

  public static List<ApiHandler> of(ApiParts parts) {
    TopicConfigChange change =
        new TopicConfigChange(
            parts.catalog(), parts.controlPlane().topics(), new Asking(parts.environment()));
    return List.of(
        new DescribeConfigsHandler(parts.catalog(), parts.self(), parts.settings().shown()),
        new IncrementalAlterConfigsHandler(change),
        new AlterConfigsHandler(change));
  }
}
