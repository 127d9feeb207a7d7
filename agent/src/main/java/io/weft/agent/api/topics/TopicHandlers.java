package io.weft.agent.api.topics;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiParts;
import io.weft.agent.api.Asking;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.TopicCatalog;
import java.util.List;

/// The handlers of topics.
public final class TopicHandlers {
  private TopicHandlers() {}

  public static List<ApiHandler> of(ApiParts parts) {
    LiveCatalog catalog = parts.catalog();
    TopicCatalog topics = parts.controlPlane().as(TopicCatalog.class);
    Asking asking = new Asking(parts.environment());
    TopicCreation creation =
        new TopicCreation(topics, asking, parts.environment().randomness(), parts.settings());
    return List.of(
        new MetadataHandler(catalog, creation, parts.settings()),
        new DescribeTopicPartitionsHandler(catalog),
        new CreateTopicsHandler(catalog, creation),
        new DeleteTopicsHandler(catalog, topics, asking),
        new DeleteRecordsHandler(catalog, topics, asking),
        new CreatePartitionsHandler(catalog, topics, asking),
        new DescribeLogDirsHandler(
            catalog, parts.controlPlane().as(ExtentIndex.class), parts.self()),
        new ListPartitionReassignmentsHandler(),
        new AlterPartitionReassignmentsHandler(catalog),
        new AlterReplicaLogDirsHandler(catalog),
        new ElectLeadersHandler(catalog));
  }
}
