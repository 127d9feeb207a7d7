package io.weft.controlplane.state;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.codec.shape.Shaped;
import io.weft.controlplane.state.share.ShareChange;
import io.weft.controlplane.state.transaction.TransactionChange;
import io.weft.model.AgentId;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;

/// One change of the control plane's state, as it stands in the journal.
///
/// Where time matters the record carries it: `timeMs` is the leader's time at the decision.
public sealed interface StateRecord {
  /// The first record of a cluster.
  @Kind(1)
  record ClusterFounded(String clusterId, long timeMs) implements StateRecord {}

  @Kind(2)
  record TopicCreated(NewTopic topic) implements StateRecord {}

  @Kind(3)
  record TopicDeleted(TopicId topic) implements StateRecord {}

  /// @param partitions how many it has now
  @Kind(4)
  record TopicGrown(TopicId topic, int partitions) implements StateRecord {}

  @Kind(5)
  record TopicConfigured(TopicId topic, Map<String, String> settings) implements StateRecord {}

  /// An agent came, or came again with another address.
  @Kind(6)
  record AgentRegistered(AgentId agent, UUID instance, Zone zone, String host, int port)
      implements StateRecord {}

  /// An agent left, or was not heard of for too long.
  @Kind(7)
  record AgentGone(AgentId agent) implements StateRecord {}

  @Kind(8)
  record FileIdsLeased(AgentId agent, long firstFileId, int count, long timeMs)
      implements StateRecord {}

  /// The lease that begins at this id has ended: what was not committed never will be.
  @Kind(9)
  record FileIdsExpired(long firstFileId, long timeMs) implements StateRecord {}

  @Kind(10)
  record ProducerIdsLeased(long first, int count) implements StateRecord {}

  /// A file's batches got what they get.
  ///
  /// @param settledBelow outcomes of this agent's files below it are forgotten
  /// @param outcomes one per run of the file, in its order
  @Shaped(by = CommittedFileShape.class)
  @Kind(11)
  record FileCommitted(
      AgentId agent,
      long settledBelow,
      long timeMs,
      UploadedFile file,
      List<BatchOutcomes> outcomes)
      implements StateRecord {
    public FileCommitted {
      if (outcomes.size() != file.partitions().size()) {
        throw new IllegalArgumentException("runs without outcomes");
      }
    }
  }

  /// A record of Kafka's group coordinator: its key has this value now, or will have it when the
  /// producer's transaction commits.
  ///
  /// @param producerId of the transaction; -1 for none
  @Kind(40)
  record GroupRowPut(OpaqueBytes key, OpaqueBytes value, long producerId, short producerEpoch)
      implements StateRecord {}

  /// A tombstone of Kafka's group coordinator.
  @Kind(41)
  record GroupRowDropped(OpaqueBytes key) implements StateRecord {}

  /// A partition begins here now; what lies before is deleted.
  @Kind(60)
  record LogStartMoved(PartitionId partition, long logStartOffset) implements StateRecord {}

  /// Something of share groups.
  @Kind(70)
  record ShareChanged(ShareChange change) implements StateRecord {}

  /// Producers that placed nothing since then are forgotten, in every partition.
  @Kind(12)
  record ProducersExpired(long unusedSinceMs, long timeMs) implements StateRecord {}

  /// A transaction, or a transactional id, changed. If it ended, its partitions have their markers
  /// and its groups their offsets with it.
  @Kind(50)
  record TransactionChanged(TransactionChange change) implements StateRecord {}

  /// Set by administrators.
  sealed interface Administered extends StateRecord {}

  /// All settings of a resource that is no topic; without any, it is gone.
  @Kind(80)
  record ResourceConfigured(ResourceSettings.Kind kind, String name, Map<String, String> settings)
      implements Administered {}

  /// @param changes quotas set, or removed (empty); the entity's others stay
  @Kind(81)
  record QuotaAltered(ClientQuotas.Entity entity, Map<String, OptionalDouble> changes)
      implements Administered {}

  @Kind(82)
  record CredentialPut(
      String user, ScramCredentials.Mechanism mechanism, ScramCredentials.Credential credential)
      implements Administered {}

  @Kind(83)
  record CredentialRemoved(String user, ScramCredentials.Mechanism mechanism)
      implements Administered {}
}
