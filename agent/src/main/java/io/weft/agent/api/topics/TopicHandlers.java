package io.weft.agent.api.topics;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiSettings;
import io.weft.agent.api.ControlPlaneCalls;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import java.util.List;
import java.util.function.Supplier;

/// The handlers of topics.
public final class TopicHandlers {
  private TopicHandlers() {}

  public static List<ApiHandler> of(
      LiveCatalog catalog,
      TopicCatalog topics,
      ExtentIndex extents,
      Supplier<AgentId> self,
      Environment environment,
      ApiSettings settings) {
    ControlPlaneCalls calls = new ControlPlaneCalls(environment);
    TopicCreation creation = new TopicCreation(topics, calls, environment.randomness(), settings);
    return List.of(
        new MetadataHandler(catalog, creation, settings),
        new DescribeTopicPartitionsHandler(catalog),
        new CreateTopicsHandler(catalog, creation),
        new DeleteTopicsHandler(catalog, topics, calls),
        new DeleteRecordsHandler(catalog, topics, calls),
        new CreatePartitionsHandler(catalog, topics, calls),
        new DescribeLogDirsHandler(catalog, extents, self),
        new ListPartitionReassignmentsHandler(),
        new AlterPartitionReassignmentsHandler(catalog),
        new AlterReplicaLogDirsHandler(catalog),
        new ElectLeadersHandler(catalog));
  }
}
