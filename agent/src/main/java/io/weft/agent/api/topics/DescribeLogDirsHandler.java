package io.weft.agent.api.topics;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LeaderChoice;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;

/// DescribeLogDirs: a single directory that stands for the object store, with the bytes each
/// partition has in the object store. Thread-safe.
///
/// Tools ask every broker and add up; so each agent names the partitions it would lead in a cluster
/// of one zone, and every byte is counted once.
final class DescribeLogDirsHandler implements ApiHandler {
  static final String LOG_DIR = "object-store";

  private final LiveCatalog catalog;
  private final ExtentIndex extents;
  private final Supplier<AgentId> self;

  DescribeLogDirsHandler(LiveCatalog catalog, ExtentIndex extents, Supplier<AgentId> self) {
    this.catalog = catalog;
    this.extents = extents;
    this.self = self;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_LOG_DIRS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    DescribeLogDirsRequestData asked = ((DescribeLogDirsRequest) request.body()).data();
    CatalogSnapshot snapshot = catalog.fresh();
    List<PartitionId> partitions = new ArrayList<>(named(asked, snapshot));
    List<Agent> agents = snapshot.agentsOn(request.client().listener());
    partitions.removeIf(partition -> !isOurs(partition, agents));
    if (!request.owed().madeRoom(AnswerBytes.ofPartitions(partitions.size()))) {
      return refused();
    }

    Map<String, DescribeLogDirsTopic> topics = new HashMap<>();
    DescribeLogDirsResult dir = new DescribeLogDirsResult().setLogDir(LOG_DIR);
    for (int from = 0; from < partitions.size(); from += ExtentIndex.QUERIES_MAX) {
      int to = Math.min(partitions.size(), from + ExtentIndex.QUERIES_MAX);
      List<PartitionId> some = partitions.subList(from, to);
      List<Long> sizes = extents.sizes(some);
      for (int i = 0; i < some.size(); i++) {
        if (sizes.get(i) >= 0) {
          add(some.get(i), sizes.get(i), snapshot, topics, dir);
        }
      }
    }
    return new Answer.Ready(
        new DescribeLogDirsResponse(new DescribeLogDirsResponseData().setResults(List.of(dir))));
  }

  private static Answer refused() {
    short error = Errors.INVALID_REQUEST.code();
    DescribeLogDirsResult dir = new DescribeLogDirsResult().setLogDir(LOG_DIR).setErrorCode(error);
    return new Answer.Ready(
        new DescribeLogDirsResponse(
            new DescribeLogDirsResponseData().setErrorCode(error).setResults(List.of(dir))));
  }

  private static Set<PartitionId> named(
      DescribeLogDirsRequestData asked, CatalogSnapshot snapshot) {
    Set<PartitionId> named = new LinkedHashSet<>();
    if (asked.topics() == null) {
      for (Topic topic : snapshot.topics()) {
        IntStream.range(0, topic.partitions())
            .forEach(partition -> named.add(new PartitionId(topic.id(), partition)));
      }
      return named;
    }
    asked
        .topics()
        .forEach(
            askedTopic ->
                snapshot
                    .topic(askedTopic.topic())
                    .ifPresent(
                        topic ->
                            askedTopic.partitions().stream()
                                .filter(index -> index >= 0 && index < topic.partitions())
                                .forEach(index -> named.add(new PartitionId(topic.id(), index)))));
    return named;
  }

  private boolean isOurs(PartitionId partition, List<Agent> agents) {
    return !agents.isEmpty()
        && agents.get(LeaderChoice.leaderIndex(partition, agents)).id().equals(self.get());
  }

  private static void add(
      PartitionId partition,
      long bytes,
      CatalogSnapshot snapshot,
      Map<String, DescribeLogDirsTopic> topics,
      DescribeLogDirsResult dir) {
    String name = snapshot.topic(partition.topic()).map(Topic::name).orElseThrow();
    topics
        .computeIfAbsent(
            name,
            first -> {
              DescribeLogDirsTopic topic = new DescribeLogDirsTopic().setName(first);
              dir.topics().add(topic);
              return topic;
            })
        .partitions()
        .add(
            new DescribeLogDirsPartition()
                .setPartitionIndex(partition.partition())
                .setPartitionSize(bytes));
  }
}
