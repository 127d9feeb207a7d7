package io.weft.agent.api.topics;

import io.weft.agent.api.AnswerRows;
import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiSettings;
import io.weft.agent.api.Permitted;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.ClientRoute;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;

/// Metadata: the agents that the client is sent to by its zone, role and group, and topics with the
/// one of them to ask for each partition. Creates topics that are asked for and not there, if the
/// settings allow. Thread-safe.
///
/// While the control plane is away, topics that are known are shown as they were; others as being
/// without a leader, which clients ask again about.
final class MetadataHandler implements ApiHandler {
  private static final short TOPIC_IDS_VERSION = 12;
  private static final short CLUSTER_OPERATIONS_VERSION_MAX = 10;

  /// Topics one request may bring into being; clients ask again about the others.
  private static final int CREATED_PER_REQUEST_MAX = 64;

  private static final long CREATE_TIMEOUT_MS = 5_000;

  private final LiveCatalog catalog;
  private final TopicCreation creation;
  private final ApiSettings settings;

  MetadataHandler(LiveCatalog catalog, TopicCreation creation, ApiSettings settings) {
    this.catalog = catalog;
    this.creation = creation;
    this.settings = settings;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.METADATA;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    MetadataRequest body = (MetadataRequest) request.body();
    if (!body.isAllTopics() && body.version() < TOPIC_IDS_VERSION && namesIds(body)) {
      return new Answer.Ready(
          body.getErrorResponse(
              new InvalidRequestException(
                  "Topics are asked for by name in version " + body.version())));
    }
    ClientRoute route = ClientRoute.of(request.header().clientId(), request.client().listener());
    MetadataResponseData answer = new MetadataResponseData();
    if (body.isAllTopics()) {
      CatalogSnapshot snapshot = catalog.fresh();
      request.owed().makeRoom(AnswerBytes.of(snapshot.topics()));
      PartitionView view = new PartitionView(snapshot, route);
      snapshot.topics().forEach(topic -> answer.topics().add(shown(topic, view, body)));
      return finished(answer, snapshot, view, body);
    }
    Wanted wanted = new Wanted(body);
    if (wanted.names.size() + wanted.ids.size() > AnswerRows.ROWS_MAX) {
      return wanted.refused(body);
    }
    CatalogSnapshot snapshot = snapshotFor(wanted, body);
    request.owed().makeRoom(wanted.answerBytes(snapshot));
    PartitionView view = new PartitionView(snapshot, route);
    for (String name : wanted.names) {
      Optional<Topic> topic = snapshot.topic(name);
      answer
          .topics()
          .add(topic.isPresent() ? shown(topic.get(), view, body) : missing(name, wanted, body));
    }
    for (Uuid id : wanted.ids) {
      Optional<Topic> topic = snapshot.topic(PartitionView.topicId(id));
      answer.topics().add(topic.isPresent() ? shown(topic.get(), view, body) : missing(id, wanted));
    }
    return finished(answer, snapshot, view, body);
  }

  /// What a request asks for, and what was learnt on the way to the answer.
  private static final class Wanted {
    final Set<String> names = new LinkedHashSet<>();
    final Set<Uuid> ids = new LinkedHashSet<>();
    final Map<String, Errors> refused = new LinkedHashMap<>();
    boolean uncertain;

    Wanted(MetadataRequest body) {
      for (MetadataRequestTopic topic : body.data().topics()) {
        if (!topic.topicId().equals(Uuid.ZERO_UUID)) {
          ids.add(topic.topicId());
        } else if (topic.name() != null) {
          names.add(topic.name());
        }
      }
      if (!ids.isEmpty()) {
        // As Kafka does: where there are ids, names do not count.
        names.clear();
      }
    }

    /// No client can have reason to ask for more topics than there can be.
    Answer refused(MetadataRequest body) {
      MetadataResponseData answer = new MetadataResponseData();
      for (MetadataRequestTopic topic : body.data().topics().subList(0, AnswerRows.REFUSED_MAX)) {
        answer
            .topics()
            .add(
                new MetadataResponseTopic()
                    .setName(topic.name())
                    .setTopicId(topic.topicId())
                    .setErrorCode(Errors.INVALID_REQUEST.code()));
      }
      return new Answer.Ready(new MetadataResponse(answer, body.version()));
    }

    List<String> missingNames(CatalogSnapshot snapshot) {
      return names.stream().filter(name -> snapshot.topic(name).isEmpty()).toList();
    }

    long answerBytes(CatalogSnapshot snapshot) {
      List<Topic> found = new ArrayList<>();
      names.forEach(name -> snapshot.topic(name).ifPresent(found::add));
      ids.forEach(id -> snapshot.topic(PartitionView.topicId(id)).ifPresent(found::add));
      return AnswerBytes.of(found) + AnswerBytes.ofMissing(names.size() + ids.size());
    }

    boolean isComplete(CatalogSnapshot snapshot) {
      return missingNames(snapshot).isEmpty()
          && ids.stream().allMatch(id -> snapshot.topic(PartitionView.topicId(id)).isPresent());
    }
  }

  private static boolean namesIds(MetadataRequest body) {
    return body.data().topics().stream()
        .anyMatch(topic -> topic.name() == null || !topic.topicId().equals(Uuid.ZERO_UUID));
  }

  private CatalogSnapshot snapshotFor(Wanted wanted, MetadataRequest body)
      throws InterruptedException {
    try {
      CatalogSnapshot snapshot = catalog.current();
      if (wanted.isComplete(snapshot)) {
        return snapshot;
      }
      snapshot = catalog.fresh();
      List<String> missing = wanted.missingNames(snapshot);
      if (!missing.isEmpty() && settings.autoCreateTopics() && body.allowAutoTopicCreation()) {
        create(missing, snapshot, wanted);
        snapshot = catalog.fresh();
      }
      return snapshot;
    } catch (ControlPlaneException e) {
      wanted.uncertain = true;
      return catalog.known();
    }
  }

  private void create(List<String> missing, CatalogSnapshot snapshot, Wanted wanted)
      throws InterruptedException {
    List<String> names = new ArrayList<>();
    List<TopicCreation.Outcome> judged = new ArrayList<>();
    for (String name : missing) {
      if (TopicNames.isReserved(name)) {
        continue;
      }
      if (names.size() == CREATED_PER_REQUEST_MAX) {
        wanted.refused.put(name, Errors.LEADER_NOT_AVAILABLE);
        continue;
      }
      names.add(name);
      judged.add(creation.judged(TopicCreation.allDefaults(name), snapshot));
    }
    List<TopicCreation.Outcome> outcomes = creation.createdAll(judged, CREATE_TIMEOUT_MS);
    for (int i = 0; i < names.size(); i++) {
      if (outcomes.get(i) instanceof TopicCreation.Outcome.Refused(var error)) {
        wanted.refused.put(names.get(i), error.error());
      }
    }
  }

  private static MetadataResponseTopic shown(
      Topic topic, PartitionView view, MetadataRequest body) {
    List<MetadataResponsePartition> partitions = new ArrayList<>(topic.partitions());
    for (int i = 0; i < topic.partitions(); i++) {
      int leader = view.leader(topic, i);
      List<Integer> replicas = view.replicas(topic, leader);
      Errors error = leader == PartitionView.NO_LEADER ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE;
      partitions.add(
          new MetadataResponsePartition()
              .setErrorCode(error.code())
              .setPartitionIndex(i)
              .setLeaderId(leader)
              .setLeaderEpoch(view.leaderEpoch())
              .setReplicaNodes(replicas)
              .setIsrNodes(replicas));
    }
    return new MetadataResponseTopic()
        .setName(topic.name())
        .setTopicId(PartitionView.uuid(topic.id()))
        .setPartitions(partitions)
        .setTopicAuthorizedOperations(
            body.data().includeTopicAuthorizedOperations()
                ? Permitted.ON_TOPIC
                : Permitted.NOT_ASKED);
  }

  private static MetadataResponseTopic missing(String name, Wanted wanted, MetadataRequest body) {
    Errors error = Errors.UNKNOWN_TOPIC_OR_PARTITION;
    if (TopicNames.flaw(name).isPresent()) {
      error = Errors.INVALID_TOPIC_EXCEPTION;
    } else if (wanted.uncertain) {
      error = Errors.LEADER_NOT_AVAILABLE;
    } else if (wanted.refused.containsKey(name)) {
      error = wanted.refused.get(name);
    }
    return new MetadataResponseTopic()
        .setName(name)
        .setErrorCode(error.code())
        .setTopicAuthorizedOperations(
            body.data().includeTopicAuthorizedOperations()
                ? Permitted.ON_TOPIC
                : Permitted.NOT_ASKED);
  }

  private static MetadataResponseTopic missing(Uuid id, Wanted wanted) {
    Errors error = wanted.uncertain ? Errors.LEADER_NOT_AVAILABLE : Errors.UNKNOWN_TOPIC_ID;
    return new MetadataResponseTopic().setName(null).setTopicId(id).setErrorCode(error.code());
  }

  private static Answer finished(
      MetadataResponseData answer,
      CatalogSnapshot snapshot,
      PartitionView view,
      MetadataRequest body) {
    for (Agent agent : view.agents()) {
      answer
          .brokers()
          .add(
              new MetadataResponseBroker()
                  .setNodeId(agent.id().value())
                  .setHost(agent.host())
                  .setPort(agent.port())
                  .setRack(agent.zone().equals(Zone.NONE) ? null : agent.zone().name()));
    }
    boolean cluster =
        body.version() <= CLUSTER_OPERATIONS_VERSION_MAX
            && body.data().includeClusterAuthorizedOperations();
    answer
        .setClusterId(snapshot.clusterId())
        .setControllerId(
            view.agents().isEmpty()
                ? MetadataResponse.NO_CONTROLLER_ID
                : view.agents().getFirst().id().value())
        .setClusterAuthorizedOperations(cluster ? Permitted.ON_CLUSTER : Permitted.NOT_ASKED);
    return new Answer.Ready(new MetadataResponse(answer, body.version()));
  }
}
