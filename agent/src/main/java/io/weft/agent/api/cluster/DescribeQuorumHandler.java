package io.weft.agent.api.cluster;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.admin.Quorum;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Listener;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ListenerCollection;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Node;
import org.apache.kafka.common.message.DescribeQuorumResponseData.NodeCollection;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeQuorumRequest;
import org.apache.kafka.common.requests.DescribeQuorumResponse;

/// DescribeQuorum: the control plane's leader as the quorum's one voter, and the journal's last
/// entry as its high watermark. Standbys are not shown: they read the journal and tell nobody.
/// Thread-safe.
final class DescribeQuorumHandler implements ApiHandler {
  /// Stands for the leader, whichever process that is: processes of the control plane have names,
  /// not numbers.
  private static final int LEADER_ID = 0;

  private static final TopicPartition METADATA = Topic.CLUSTER_METADATA_TOPIC_PARTITION;
  private static final String LISTENER = "CONTROL_PLANE";

  /// The first version with room for nodes.
  private static final short NODES_VERSION = 2;

  private final Quorum quorum;

  DescribeQuorumHandler(Quorum quorum) {
    this.quorum = quorum;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_QUORUM;
  }

  @Override
  public Answer handle(Request request) {
    DescribeQuorumRequestData asked = ((DescribeQuorumRequest) request.body()).data();
    if (!isMetadata(asked)) {
      return new Answer.Ready(
          new DescribeQuorumResponse(
              DescribeQuorumRequest.getPartitionLevelErrorResponse(
                  asked, Errors.UNKNOWN_TOPIC_OR_PARTITION)));
    }
    Quorum.Status status = quorum.describe();
    ReplicaState leader =
        new ReplicaState()
            .setReplicaId(LEADER_ID)
            .setLogEndOffset(status.index())
            .setLastFetchTimestamp(status.timeMs())
            .setLastCaughtUpTimestamp(status.timeMs());
    PartitionData partition =
        new PartitionData()
            .setLeaderId(LEADER_ID)
            .setLeaderEpoch(Math.clamp(status.epoch(), 0, Integer.MAX_VALUE))
            .setHighWatermark(status.index())
            .setCurrentVoters(List.of(leader));
    NodeCollection nodes =
        request.header().apiVersion() < NODES_VERSION
            ? new NodeCollection()
            : nodes(status.leader());
    return new Answer.Ready(
        new DescribeQuorumResponse(
            DescribeQuorumResponse.singletonResponse(METADATA, partition, nodes)));
  }

  private static boolean isMetadata(DescribeQuorumRequestData asked) {
    return asked.topics().size() == 1
        && asked.topics().getFirst().topicName().equals(METADATA.topic())
        && asked.topics().getFirst().partitions().size() == 1
        && asked.topics().getFirst().partitions().getFirst().partitionIndex()
            == METADATA.partition();
  }

  private static NodeCollection nodes(String leader) {
    ListenerCollection listeners = new ListenerCollection();
    listeners.add(new Listener().setName(LISTENER).setHost(leader).setPort(0));
    NodeCollection nodes = new NodeCollection();
    nodes.add(new Node().setNodeId(LEADER_ID).setListeners(listeners));
    return nodes;
  }
}
