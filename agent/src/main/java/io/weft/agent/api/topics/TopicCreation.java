package io.weft.agent.api.topics;

import io.weft.agent.api.ApiSettings;
import io.weft.agent.api.ControlPlaneCalls;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.rules.TopicRules;
import io.weft.environment.Randomness;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/// Judges what a topic is asked to be, as Kafka's controller does, and creates it. Thread-safe.
final class TopicCreation {
  private static final int AS_DEFAULT = -1;

  /// A version 4 UUID whose text does not begin with '-', which tools would take for a flag.
  private static final long VERSION_4 = 0x4000L;

  private static final long DASH = 62;

  private final TopicCatalog topics;
  private final ControlPlaneCalls calls;
  private final Randomness randomness;
  private final ApiSettings settings;

  TopicCreation(
      TopicCatalog topics, ControlPlaneCalls calls, Randomness randomness, ApiSettings settings) {
    this.topics = topics;
    this.calls = calls;
    this.randomness = randomness;
    this.settings = settings;
  }

  /// What became of the wish for a topic.
  sealed interface Outcome {
    record Accepted(NewTopic topic) implements Outcome {}

    record Refused(ApiError error) implements Outcome {}
  }

  /// A topic of that name with all defaults.
  static CreatableTopic allDefaults(String name) {
    return new CreatableTopic()
        .setName(name)
        .setNumPartitions(AS_DEFAULT)
        .setReplicationFactor((short) AS_DEFAULT);
  }

  /// Whether the topic could be created, as far as this version of the catalog tells.
  Outcome judged(CreatableTopic asked, CatalogSnapshot catalog) {
    Optional<ApiError> flaw = nameFlaw(asked.name(), catalog).or(() -> configFlaw(asked));
    if (flaw.isPresent()) {
      return new Outcome.Refused(flaw.get());
    }
    return asked.assignments().isEmpty() ? counted(asked) : assigned(asked, catalog);
  }

  /// Creates a topic that was accepted. Asks again until `timeoutMs` are over.
  Outcome created(NewTopic topic, long timeoutMs) throws InterruptedException {
    return switch (calls.withRetries(timeoutMs, () -> topics.create(topic))) {
      case CREATED -> new Outcome.Accepted(topic);
      case NAME_TAKEN -> refused(Errors.TOPIC_ALREADY_EXISTS, taken(topic.name()));
      case NAME_COLLIDES ->
          refused(
              Errors.INVALID_TOPIC_EXCEPTION,
              "Topic '" + topic.name() + "' collides with an existing topic.");
      case LIMIT_REACHED ->
          refused(
              Errors.POLICY_VIOLATION,
              "The cluster has %d topics, %d partitions and %d characters of topics' settings at most."
                  .formatted(
                      TopicCatalog.TOPICS_MAX,
                      TopicCatalog.PARTITIONS_MAX,
                      TopicCatalog.SETTING_CHARS_IN_ALL_MAX));
    };
  }

  private static Optional<ApiError> nameFlaw(String name, CatalogSnapshot catalog) {
    if (name.equals(Topic.CLUSTER_METADATA_TOPIC_NAME)) {
      return error(
          Errors.INVALID_REQUEST, "Creation of internal topic " + name + " is prohibited.");
    }
    Optional<String> flaw = TopicNames.flaw(name);
    if (flaw.isPresent()) {
      return error(Errors.INVALID_TOPIC_EXCEPTION, flaw.get());
    }
    if (TopicNames.isReserved(name)) {
      return error(
          Errors.INVALID_TOPIC_EXCEPTION,
          "Topic name is invalid: '" + name + "' is reserved, and there are no internal topics.");
    }
    if (catalog.topic(name).isPresent()) {
      return error(Errors.TOPIC_ALREADY_EXISTS, taken(name));
    }
    if (Topic.hasCollisionChars(name)) {
      return catalog.topics().stream()
          .filter(topic -> Topic.hasCollision(topic.name(), name))
          .findFirst()
          .flatMap(
              other ->
                  error(
                      Errors.INVALID_TOPIC_EXCEPTION,
                      "Topic '%s' collides with existing topic: %s".formatted(name, other.name())));
    }
    return Optional.empty();
  }

  private static Optional<ApiError> configFlaw(CreatableTopic asked) {
    List<String> nulls =
        asked.configs().stream()
            .filter(config -> config.value() == null)
            .map(CreatableTopicConfig::name)
            .toList();
    if (!nulls.isEmpty()) {
      return error(
          Errors.INVALID_CONFIG,
          "Null value not supported for topic configs: " + String.join(",", nulls));
    }
    return TopicRules.flaw(Map.of(), settings(asked))
        .flatMap(flaw -> error(Errors.INVALID_CONFIG, flaw));
  }

  private static Map<String, String> settings(CreatableTopic asked) {
    Map<String, String> own = new TreeMap<>();
    asked.configs().forEach(config -> own.put(config.name(), config.value()));
    return own;
  }

  private Outcome counted(CreatableTopic asked) {
    if (asked.replicationFactor() < AS_DEFAULT || asked.replicationFactor() == 0) {
      return refused(
          Errors.INVALID_REPLICATION_FACTOR,
          "Replication factor must be larger than 0, or -1 to use the default value.");
    }
    if (asked.numPartitions() < AS_DEFAULT || asked.numPartitions() == 0) {
      return refused(
          Errors.INVALID_PARTITIONS,
          "Number of partitions was set to an invalid non-positive value.");
    }
    int partitions =
        asked.numPartitions() == AS_DEFAULT ? settings.defaultPartitions() : asked.numPartitions();
    short replication =
        asked.replicationFactor() == AS_DEFAULT
            ? settings.defaultReplicationFactor()
            : asked.replicationFactor();
    return sized(asked, partitions, replication);
  }

  /// An assignment by hand says how many partitions and replicas there are; where they are is the
  /// object store's affair.
  private Outcome assigned(CreatableTopic asked, CatalogSnapshot catalog) {
    if (asked.replicationFactor() != AS_DEFAULT || asked.numPartitions() != AS_DEFAULT) {
      return refused(
          Errors.INVALID_REQUEST,
          "With a manual partition assignment, replication factor and partitions must be -1.");
    }
    Set<Integer> partitions = new HashSet<>();
    int replication = asked.assignments().iterator().next().brokerIds().size();
    for (CreatableReplicaAssignment assignment : asked.assignments()) {
      if (!partitions.add(assignment.partitionIndex())) {
        return refused(
            Errors.INVALID_REPLICA_ASSIGNMENT,
            "Found multiple manual partition assignments for partition "
                + assignment.partitionIndex());
      }
      Optional<String> flaw = ReplicaAssignments.flaw(assignment.brokerIds(), replication, catalog);
      if (flaw.isPresent()) {
        return refused(Errors.INVALID_REPLICA_ASSIGNMENT, flaw.get());
      }
    }
    for (int i = 0; i < partitions.size(); i++) {
      if (!partitions.contains(i)) {
        return refused(
            Errors.INVALID_REPLICA_ASSIGNMENT,
            "partitions should be a consecutive 0-based integer sequence");
      }
    }
    return sized(asked, partitions.size(), (short) replication);
  }

  private Outcome sized(CreatableTopic asked, int partitions, short replication) {
    if (partitions > TopicCatalog.PARTITIONS_PER_TOPIC_MAX) {
      return refused(
          Errors.POLICY_VIOLATION,
          "A topic has %d partitions at most.".formatted(TopicCatalog.PARTITIONS_PER_TOPIC_MAX));
    }
    if ((long) partitions * replication > TopicCatalog.REPLICAS_PER_TOPIC_MAX) {
      return refused(
          Errors.INVALID_REPLICATION_FACTOR,
          "%d partitions of %d replicas are more than can be shown."
              .formatted(partitions, replication));
    }
    return new Outcome.Accepted(
        new NewTopic(newId(), asked.name(), partitions, replication, settings(asked)));
  }

  private TopicId newId() {
    long high = randomness.nextLong();
    while (high >>> 58 == DASH) {
      high = randomness.nextLong();
    }
    long low = randomness.nextLong();
    return new TopicId(
        (high & ~0xF000L) | VERSION_4, (low & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L);
  }

  private static String taken(String name) {
    return "Topic '" + name + "' already exists.";
  }

  private static Optional<ApiError> error(Errors error, String message) {
    return Optional.of(new ApiError(error, message));
  }

  private static Outcome refused(Errors error, String message) {
    return new Outcome.Refused(new ApiError(error, message));
  }

  /// All outcomes of several wishes, in their order: those that are accepted are created, side by
  /// side.
  List<Outcome> createdAll(List<Outcome> judged, long timeoutMs) throws InterruptedException {
    List<ControlPlaneCalls.Call<Outcome>> questions = new ArrayList<>();
    for (Outcome outcome : judged) {
      questions.add(
          switch (outcome) {
            case Outcome.Accepted(NewTopic topic) -> () -> created(topic, timeoutMs);
            case Outcome.Refused refused -> () -> refused;
          });
    }
    return calls.concurrently(questions);
  }
}
