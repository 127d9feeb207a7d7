package io.weft.controlplane.command;

import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.controlplane.api.Producers.ProducerIds;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.TopicCatalog.ConfigureOutcome;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.GrowOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.UploadedFile;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One question to the control plane. What each means is said at the `api` method of the same name.
///
/// @param <R> the type of its reply
public sealed interface Command<R> {
  record Commit(AgentId agent, long settledBelow, List<UploadedFile> files)
      implements Command<List<FileOutcome>> {}

  record LeaseFileIds(AgentId agent, int count) implements Command<LeaseOutcome> {}

  record LeaseProducerIds(AgentId agent, int count) implements Command<ProducerIds> {}

  record FindExtents(List<ExtentQuery> queries) implements Command<List<ExtentsFound>> {}

  record FindExtentsByTime(List<TimeQuery> queries) implements Command<List<ExtentsFound>> {}

  record PartitionSizes(List<PartitionId> partitions) implements Command<List<Long>> {}

  record ReadCatalog(long knownVersion) implements Command<Optional<Catalog>> {}

  record CreateTopic(NewTopic topic) implements Command<CreateOutcome> {}

  record DeleteTopic(TopicId topic) implements Command<Boolean> {}

  record GrowTopic(TopicId topic, int partitions) implements Command<GrowOutcome> {}

  record ConfigureTopic(TopicId topic, long expectedVersion, Map<String, String> settings)
      implements Command<ConfigureOutcome> {}

  record RegisterAgent(UUID instance, Zone zone, String host, int port)
      implements Command<Registered> {}

  record RenewAgent(AgentId agent) implements Command<Boolean> {}

  record LeaveAgent(AgentId agent) implements Command<Boolean> {}
}
