package io.weft.controlplane.api;

import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What metadata and admin requests may ask.
public interface TopicCatalog {
  /// Topics in the cluster, at most.
  int TOPICS_MAX = 100_000;

  /// Partitions of one topic, at most.
  int PARTITIONS_PER_TOPIC_MAX = 10_000;

  /// Partitions of the cluster, at most.
  int PARTITIONS_MAX = 1_000_000;

  /// The most partitions one call may delete records of.
  int DELETIONS_MAX = 10_000;

  /// The catalog as it is now, or empty if it is still at `knownVersion` (-1: none known).
  Optional<Catalog> read(long knownVersion);

  /// Creates a topic. Once it is answered, every later `read` by anyone shows the topic.
  CreateOutcome create(NewTopic topic);

  /// @return false if there is no such topic
  boolean delete(TopicId topic);

  /// Gives a topic more partitions.
  GrowOutcome grow(TopicId topic, int partitions);

  /// Replaces a topic's own settings if they are still at `expectedVersion`.
  ConfigureOutcome configure(TopicId topic, long expectedVersion, Map<String, String> settings);

  /// Makes partitions begin later. What lies before is gone for readers at once; records in a batch
  /// with later ones stay in its bytes.
  ///
  /// @return one outcome per deletion, in order
  List<DeleteOutcome> deleteRecords(List<RecordsBefore> deletions);

  /// A partition's records before an offset.
  record RecordsBefore(PartitionId partition, long offset) {
    /// As an offset: all there is.
    public static final long HIGH_WATERMARK = -1;
  }

  sealed interface DeleteOutcome {
    /// They are gone.
    ///
    /// @param logStartOffset where the partition begins now; it may have begun later before
    record Deleted(long logStartOffset) implements DeleteOutcome {}

    /// The offset is no offset, or beyond the high watermark. Nothing is deleted.
    record OutOfRange() implements DeleteOutcome {}

    record UnknownPartition() implements DeleteOutcome {}
  }

  /// @param id chosen by the asker at random, so that a repeated call can be told from another's
  /// @param replicationFactor what was asked for; shown again and otherwise without effect
  record NewTopic(
      TopicId id,
      String name,
      int partitions,
      short replicationFactor,
      Map<String, String> settings) {}

  enum CreateOutcome {
    CREATED,
    NAME_TAKEN,
    /// Another topic's name differs only in `.` and `_`: their metric names would collide.
    NAME_COLLIDES,
    LIMIT_REACHED
  }

  enum GrowOutcome {
    GROWN,
    /// It has that many partitions or more.
    NOT_MORE,
    LIMIT_REACHED,
    UNKNOWN_TOPIC
  }

  enum ConfigureOutcome {
    CONFIGURED,
    /// Somebody else changed them: read again.
    VERSION_CHANGED,
    UNKNOWN_TOPIC
  }

  /// One version of all topics and agents.
  ///
  /// @param version rises with every change
  /// @param membershipEpoch rises when an agent comes or goes
  /// @param topics by name order
  /// @param agents by id order; live ones only
  record Catalog(
      long version,
      String clusterId,
      int membershipEpoch,
      List<Topic> topics,
      List<Membership.Agent> agents) {}

  /// @param settingsVersion rises with every change of `settings`
  /// @param settings the topic's own, by Kafka's names; those not set have the default
  record Topic(
      TopicId id,
      String name,
      int partitions,
      short replicationFactor,
      long settingsVersion,
      Map<String, String> settings) {}
}
