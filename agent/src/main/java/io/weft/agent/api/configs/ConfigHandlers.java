package io.weft.agent.api.configs;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiParts;
import io.weft.agent.api.Asking;
import io.weft.agent.catalog.LiveResources;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.environment.Clock;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;

/// The handlers of settings.
public final class ConfigHandlers {
  private ConfigHandlers() {}

  public static List<ApiHandler> of(ApiParts parts) {
    ResourceSettings settings = parts.controlPlane().as(ResourceSettings.class);
    Clock clock = parts.environment().clock();
    LiveResources groups = new LiveResources(settings, Kind.GROUP, clock);
    LiveResources agents = new LiveResources(settings, Kind.AGENT, clock);
    LiveResources metrics = new LiveResources(settings, Kind.CLIENT_METRICS, clock);
    Map<ConfigResource.Type, SettingsHome> homes =
        Map.of(
            ConfigResource.Type.TOPIC,
            new TopicHome(parts.catalog(), parts.controlPlane().as(TopicCatalog.class)),
            ConfigResource.Type.GROUP,
            new ResourceHome(groups, new GroupRules()),
            ConfigResource.Type.BROKER,
            new ResourceHome(agents, new AgentRules(parts.self())),
            ConfigResource.Type.CLIENT_METRICS,
            new ResourceHome(metrics, new ClientMetricsRules()));
    ConfigChanges changes = new ConfigChanges(homes, parts.self(), new Asking(parts.environment()));
    return List.of(
        new DescribeConfigsHandler(
            parts.catalog(),
            new DescribedResources(groups, agents, metrics),
            parts.self(),
            parts.settings().shown()),
        new IncrementalAlterConfigsHandler(changes),
        new AlterConfigsHandler(changes),
        new ListConfigResourcesHandler(parts.catalog(), groups, metrics));
  }
}
