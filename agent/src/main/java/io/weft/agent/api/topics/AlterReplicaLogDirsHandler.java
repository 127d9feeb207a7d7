package io.weft.agent.api.topics;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.TopicCatalog.Topic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterReplicaLogDirsRequest;
import org.apache.kafka.common.requests.AlterReplicaLogDirsResponse;

/// AlterReplicaLogDirs: an agent has no directories to move anything to. Naming the one that
/// [DescribeLogDirsHandler] shows moves nothing and is accepted. Thread-safe.
final class AlterReplicaLogDirsHandler implements ApiHandler {
  private final LiveCatalog catalog;

  AlterReplicaLogDirsHandler(LiveCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ALTER_REPLICA_LOG_DIRS;
  }

  @Override
  public Answer handle(Request request) {
    AlterReplicaLogDirsRequest body = (AlterReplicaLogDirsRequest) request.body();
    CatalogSnapshot snapshot = catalog.fresh();
    Map<String, AlterReplicaLogDirTopicResult> results = new LinkedHashMap<>();
    for (AlterReplicaLogDir dir : body.data().dirs()) {
      for (AlterReplicaLogDirTopic asked : dir.topics()) {
        AlterReplicaLogDirTopicResult result =
            results.computeIfAbsent(
                asked.name(), name -> new AlterReplicaLogDirTopicResult().setTopicName(name));
        for (int index : asked.partitions()) {
          result
              .partitions()
              .add(
                  new AlterReplicaLogDirPartitionResult()
                      .setPartitionIndex(index)
                      .setErrorCode(
                          result(dir.path(), snapshot.topic(asked.name()), index).code()));
        }
      }
    }
    return new Answer.Ready(
        new AlterReplicaLogDirsResponse(
            new AlterReplicaLogDirsResponseData().setResults(List.copyOf(results.values()))));
  }

  private static Errors result(String path, Optional<Topic> topic, int index) {
    if (!path.equals(DescribeLogDirsHandler.LOG_DIR)) {
      return Errors.LOG_DIR_NOT_FOUND;
    }
    return topic.filter(known -> index >= 0 && index < known.partitions()).isPresent()
        ? Errors.NONE
        : Errors.UNKNOWN_TOPIC_OR_PARTITION;
  }
}
