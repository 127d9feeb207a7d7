package io.weft.agent.api.share;

import io.weft.agent.api.fetch.TopicLookup;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.share.Member;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOrder;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOutcome;
import io.weft.controlplane.api.ShareGroups.AcknowledgedPartition;
import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.environment.Environment;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings what members say of their records to the control plane. Thread-safe.
final class Acknowledging {
  private static final Logger LOG = LoggerFactory.getLogger(Acknowledging.class);

  private final LiveCatalog catalog;
  private final ShareGroups groups;
  private final Environment environment;

  Acknowledging(LiveCatalog catalog, ShareGroups groups, Environment environment) {
    this.catalog = catalog;
    this.groups = groups;
    this.environment = environment;
  }

  /// @return how it went with each partition, in order
  SequencedMap<SharePart, Errors> acknowledge(
      Member member, List<PartitionAcknowledgements> all, boolean renewals) {
    SequencedMap<SharePart, Errors> results = new LinkedHashMap<>();
    TopicLookup topics = new TopicLookup(catalog);
    List<SharePart> asked = new ArrayList<>();
    List<AcknowledgedPartition> order = new ArrayList<>();
    int runsLeft = ShareGroups.RUNS_PER_CALL_MAX;
    for (PartitionAcknowledgements said : all) {
      Optional<Topic> topic = topics.topic(said.part().topicId());
      Optional<PartitionId> partition =
          topic.flatMap(there -> topics.partition(there, said.part().partition()));
      Optional<List<AcknowledgedRun>> runs = said.runs(renewals);
      if (topic.isEmpty()) {
        results.put(
            said.part(), topics.absent(Errors.UNKNOWN_TOPIC_ID, Errors.NOT_LEADER_OR_FOLLOWER));
      } else if (runs.isEmpty()
          || runs.get().size() > runsLeft
          || order.size() >= ShareGroups.PARTITIONS_PER_CALL_MAX) {
        results.put(said.part(), Errors.INVALID_REQUEST);
      } else if (partition.isEmpty()) {
        results.put(
            said.part(),
            topics.absent(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.NOT_LEADER_OR_FOLLOWER));
      } else if (runs.get().isEmpty()) {
        results.put(said.part(), Errors.NONE);
      } else {
        runsLeft -= runs.get().size();
        asked.add(said.part());
        order.add(new AcknowledgedPartition(partition.get(), runs.get()));
      }
    }
    if (!order.isEmpty()) {
      List<Errors> told = ask(member, order);
      for (int i = 0; i < asked.size(); i++) {
        results.put(asked.get(i), told.get(i));
      }
    }
    return results;
  }

  /// What a session's member still holds goes back, if it can be said now; else its time runs out.
  void release(Member member, List<SharePart> parts) {
    List<PartitionId> ids =
        parts.stream().filter(part -> part.partition() >= 0).map(SharePart::id).toList();
    for (int from = 0; from < ids.size(); from += ShareGroups.PARTITIONS_PER_CALL_MAX) {
      int end = Math.min(ids.size(), from + ShareGroups.PARTITIONS_PER_CALL_MAX);
      try {
        groups.release(member.group(), member.id(), ids.subList(from, end));
      } catch (ControlPlaneException failure) {
        LOG.info("Records of {} are not given back: {}", member.id(), failure.getMessage());
        return;
      }
    }
  }

  private List<Errors> ask(Member member, List<AcknowledgedPartition> order) {
    try {
      return groups
          .acknowledge(
              new AcknowledgeOrder(
                  environment.randomness().nextLong(), member.group(), member.id(), order))
          .stream()
          .map(Acknowledging::error)
          .toList();
    } catch (ControlPlaneException failure) {
      LOG.warn("Acknowledgements of {} are not taken: {}", member.id(), failure.getMessage());
      return order.stream().map(_ -> Errors.NOT_LEADER_OR_FOLLOWER).toList();
    }
  }

  private static Errors error(AcknowledgeOutcome outcome) {
    return switch (outcome) {
      case DONE -> Errors.NONE;
      case NOT_ACQUIRED -> Errors.INVALID_RECORD_STATE;
      case NEVER_ACQUIRED -> Errors.INVALID_REQUEST;
      case NOT_BEGUN -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
    };
  }
}
