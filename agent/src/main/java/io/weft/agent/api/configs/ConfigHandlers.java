package io.weft.agent.api.configs;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiSettings;
import io.weft.agent.api.ControlPlaneCalls;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.catalog.LiveResources;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigResource;

/// The handlers of settings.
public final class ConfigHandlers {
  private ConfigHandlers() {}

  public static List<ApiHandler> of(
      LiveCatalog catalog,
      TopicCatalog topics,
      ResourceSettings resources,
      Supplier<AgentId> self,
      Environment environment,
      ApiSettings settings) {
    Clock clock = environment.clock();
    LiveResources groups = new LiveResources(resources, Kind.GROUP, clock);
    LiveResources agents = new LiveResources(resources, Kind.AGENT, clock);
    LiveResources metrics = new LiveResources(resources, Kind.CLIENT_METRICS, clock);
    Map<ConfigResource.Type, SettingsHome> homes =
        Map.of(
            ConfigResource.Type.TOPIC,
            new TopicHome(catalog, topics),
            ConfigResource.Type.GROUP,
            new ResourceHome(groups, new GroupRules()),
            ConfigResource.Type.BROKER,
            new ResourceHome(agents, new AgentRules(self)),
            ConfigResource.Type.CLIENT_METRICS,
            new ResourceHome(metrics, new ClientMetricsRules()));
    ConfigChanges changes = new ConfigChanges(homes, self, new ControlPlaneCalls(environment));
    return List.of(
        new DescribeConfigsHandler(
            catalog, new DescribedResources(groups, agents, metrics), self, settings.shown()),
        new IncrementalAlterConfigsHandler(changes),
        new AlterConfigsHandler(changes),
        new ListConfigResourcesHandler(catalog, groups, metrics));
  }
}
