package io.weft.controlplane.api;

import io.weft.controlplane.api.question.OneEach;
import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Fixed;
import io.weft.controlplane.codec.shape.Kind;
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

  /// Replicas that metadata shows of one topic, at most: partitions times replication factor.
  int REPLICAS_PER_TOPIC_MAX = 1_000_000;

  /// Settings of one topic, at most.
  int SETTINGS_MAX = 200;

  /// Characters of one setting's name and value together, at most. Kafka's own values are numbers,
  /// words and short lists.
  int SETTING_CHARS_MAX = 4_096;

  /// Characters of all names and values of one topic's settings, at most.
  int SETTING_CHARS_PER_TOPIC_MAX = 16_384;

  /// Characters of all names and values of all topics' settings, at most: every agent has them all
  /// in memory, and so has every snapshot.
  long SETTING_CHARS_IN_ALL_MAX = 32L << 20;

  /// Bytes of topics in one page, about; a page has one topic at least.
  int PAGE_BYTES_MAX = 4 << 20;

  /// The most partitions one call may delete records of.
  int DELETIONS_MAX = 10_000;

  /// What is new for a reader that has read up to here. See [CatalogCopy], which follows it.
  @Question(kind = 15, name = "ReadCatalog")
  Page page(Position known);

  /// The whole catalog, read page by page, or empty if it is still at `knownVersion` (-1: none
  /// known).
  default Optional<Catalog> read(long knownVersion) {
    Catalog catalog = CatalogCopy.whole(this::page);
    return catalog.version() == knownVersion ? Optional.empty() : Optional.of(catalog);
  }

  /// Creates a topic. Once it is answered, every later `read` by anyone shows the topic.
  @Question(kind = 8, name = "CreateTopic")
  CreateOutcome create(NewTopic topic);

  /// @return false if there is no such topic
  @Question(kind = 9, name = "DeleteTopic")
  boolean delete(TopicId topic);

  /// Gives a topic more partitions.
  @Question(kind = 10, name = "GrowTopic")
  GrowOutcome grow(TopicId topic, int partitions);

  /// Replaces a topic's own settings if they are still at `expectedVersion`.
  @Question(kind = 11, name = "ConfigureTopic")
  ConfigureOutcome configure(
      TopicId topic, long expectedVersion, @AtMost(Integer.MAX_VALUE) Map<String, String> settings);

  /// Makes partitions begin later. What lies before is gone for readers at once; records in a batch
  /// with later ones stay in its bytes.
  ///
  /// @return one outcome per deletion, in order
  @Question(kind = 60, name = "DeleteRecords")
  @AtMost(DELETIONS_MAX)
  List<DeleteOutcome> deleteRecords(@OneEach @AtMost(DELETIONS_MAX) List<RecordsBefore> deletions);

  /// A partition's records before an offset.
  record RecordsBefore(PartitionId partition, long offset) {
    /// As an offset: all there is.
    public static final long HIGH_WATERMARK = -1;
  }

  sealed interface DeleteOutcome {
    /// They are gone.
    ///
    /// @param logStartOffset where the partition begins now; it may have begun later before
    @Kind(0)
    record Deleted(long logStartOffset) implements DeleteOutcome {}

    /// The offset is no offset, or beyond the high watermark. Nothing is deleted.
    @Kind(1)
    record OutOfRange() implements DeleteOutcome {}

    @Kind(2)
    record UnknownPartition() implements DeleteOutcome {}
  }

  /// @param id chosen by the caller at random, so that a repeated call can be told from another's
  /// @param replicationFactor what was asked for; shown again and otherwise without effect
  record NewTopic(
      TopicId id,
      String name,
      int partitions,
      @Fixed short replicationFactor,
      @AtMost(Integer.MAX_VALUE) Map<String, String> settings) {}

  enum CreateOutcome {
    CREATED,
    NAME_TAKEN,
    /// Another topic's name differs only in `.` and `_`: their metric names would collide.
    NAME_COLLIDES,
    /// There are too many topics, partitions or settings in all.
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
    UNKNOWN_TOPIC,
    /// The topics of the cluster would have too many settings in all.
    LIMIT_REACHED
  }

  /// How far somebody has read the catalog.
  ///
  /// @param version everything up to here is known, except for the names that are still to be read;
  ///   -1 for an agent that knows nothing yet
  /// @param membershipEpoch of the agents that are known; -1 for none
  /// @param readUpTo the last topic read, while all are being read in the order of their names
  record Position(long version, int membershipEpoch, Optional<String> readUpTo) {
    /// Of a reader that knows nothing yet.
    public static final Position NOWHERE = new Position(-1, -1, Optional.empty());
  }

  /// A piece of the catalog. What it says of a topic is never older than what any page before it
  /// said, but pages do not belong to one version until the last one is there.
  ///
  /// @param anew whether nothing that was known of topics counts any more
  /// @param topics that are new, have changed or come next in the order of their names
  /// @param deleted topics that are gone
  /// @param members empty if those known are still so
  /// @param reached where the reader is now
  /// @param more whether there is more to be read at once
  record Page(
      String clusterId,
      boolean anew,
      @AtMost(TOPICS_MAX) List<Topic> topics,
      @AtMost(PAGE_BYTES_MAX / 16) List<TopicId> deleted,
      Optional<Members> members,
      Position reached,
      boolean more) {
    /// A whole catalog in one page, for clusters with few topics.
    public static Page of(Catalog catalog, Position known) {
      Position reached =
          new Position(catalog.version(), catalog.membershipEpoch(), Optional.empty());
      return known.equals(reached)
          ? new Page(
              catalog.clusterId(), false, List.of(), List.of(), Optional.empty(), reached, false)
          : new Page(
              catalog.clusterId(),
              true,
              catalog.topics(),
              List.of(),
              Optional.of(new Members(catalog.membershipEpoch(), catalog.agents())),
              reached,
              false);
    }
  }

  /// @param epoch rises when an agent comes or goes
  /// @param agents by id order; live ones only
  record Members(int epoch, @AtMost(Membership.AGENTS_MAX) List<Membership.Agent> agents) {}

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
      @Fixed short replicationFactor,
      long settingsVersion,
      @AtMost(Integer.MAX_VALUE) Map<String, String> settings) {}
}
