package io.weft.server.versions;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.server.common.MetadataVersion;

/// Questions to the APIs about the cluster's own affairs: leaders, replicas, features, the quorum,
/// access, client metrics.
///
/// @param topic there, with three partitions
/// @param nodeId the agent that is asked
record ClusterQuestions(String topic, int nodeId) {
  Map<ApiKeys, VersionedRequest.Questions> all() {
    Map<ApiKeys, VersionedRequest.Questions> all = new EnumMap<>(ApiKeys.class);
    all.put(ApiKeys.ELECT_LEADERS, this::elections);
    all.put(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, this::reassignments);
    all.put(ApiKeys.ALTER_REPLICA_LOG_DIRS, this::logDirs);
    all.put(ApiKeys.DESCRIBE_QUORUM, ClusterQuestions::quorum);
    all.put(ApiKeys.UPDATE_FEATURES, ClusterQuestions::features);
    all.put(ApiKeys.UNREGISTER_BROKER, version -> List.of(VersionedRequest.wrong(unregistered())));
    all.put(ApiKeys.WRITE_TXN_MARKERS, this::markers);
    all.put(ApiKeys.DESCRIBE_ACLS, version -> List.of(VersionedRequest.wrong(acls())));
    all.put(ApiKeys.CREATE_ACLS, ClusterQuestions::newAcls);
    all.put(ApiKeys.DELETE_ACLS, ClusterQuestions::noAcls);
    all.put(ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS, ClusterQuestions::subscriptions);
    all.put(ApiKeys.PUSH_TELEMETRY, ClusterQuestions::pushes);
    return all;
  }

  private List<VersionedRequest> elections(short version) {
    return List.of(
        VersionedRequest.good(new ElectLeadersRequestData().setTopicPartitions(null)),
        VersionedRequest.wrong(election(topic)),
        VersionedRequest.wrong(election("nowhere")));
  }

  private static ElectLeadersRequestData election(String topic) {
    var topics = new ElectLeadersRequestData.TopicPartitionsCollection();
    topics.add(
        new ElectLeadersRequestData.TopicPartitions().setTopic(topic).setPartitions(List.of(0)));
    return new ElectLeadersRequestData().setTopicPartitions(topics);
  }

  private List<VersionedRequest> reassignments(short version) {
    return List.of(
        VersionedRequest.wrong(reassignment(topic, List.of(77))),
        VersionedRequest.wrong(reassignment(topic, null)),
        VersionedRequest.wrong(reassignment("nowhere", null)));
  }

  private static AlterPartitionReassignmentsRequestData reassignment(
      String topic, List<Integer> replicas) {
    return new AlterPartitionReassignmentsRequestData()
        .setTopics(
            List.of(
                new AlterPartitionReassignmentsRequestData.ReassignableTopic()
                    .setName(topic)
                    .setPartitions(
                        List.of(
                            new AlterPartitionReassignmentsRequestData.ReassignablePartition()
                                .setPartitionIndex(0)
                                .setReplicas(replicas)))));
  }

  private List<VersionedRequest> logDirs(short version) {
    var topics = new AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopicCollection();
    topics.add(
        new AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic()
            .setName(topic)
            .setPartitions(List.of(0)));
    var dirs = new AlterReplicaLogDirsRequestData.AlterReplicaLogDirCollection();
    dirs.add(
        new AlterReplicaLogDirsRequestData.AlterReplicaLogDir()
            .setPath("/nowhere")
            .setTopics(topics));
    return List.of(VersionedRequest.wrong(new AlterReplicaLogDirsRequestData().setDirs(dirs)));
  }

  private static List<VersionedRequest> quorum(short version) {
    return List.of(
        VersionedRequest.good(quorumOf("__cluster_metadata")),
        VersionedRequest.wrong(quorumOf("another")));
  }

  private static DescribeQuorumRequestData quorumOf(String topic) {
    return new DescribeQuorumRequestData()
        .setTopics(
            List.of(
                new DescribeQuorumRequestData.TopicData()
                    .setTopicName(topic)
                    .setPartitions(
                        List.of(
                            new DescribeQuorumRequestData.PartitionData().setPartitionIndex(0)))));
  }

  private static List<VersionedRequest> features(short version) {
    short level = MetadataVersion.latestProduction().featureLevel();
    return List.of(
        VersionedRequest.good(feature(MetadataVersion.FEATURE_NAME, level)),
        VersionedRequest.wrong(feature(MetadataVersion.FEATURE_NAME, (short) (level + 1))),
        VersionedRequest.wrong(feature("no.such.feature", (short) 1)));
  }

  private static UpdateFeaturesRequestData feature(String name, short level) {
    var updates = new UpdateFeaturesRequestData.FeatureUpdateKeyCollection();
    updates.add(
        new UpdateFeaturesRequestData.FeatureUpdateKey()
            .setFeature(name)
            .setMaxVersionLevel(level));
    return new UpdateFeaturesRequestData().setFeatureUpdates(updates);
  }

  private static UnregisterBrokerRequestData unregistered() {
    return new UnregisterBrokerRequestData().setBrokerId(1_000_000);
  }

  private List<VersionedRequest> markers(short version) {
    return List.of(
        VersionedRequest.wrong(
            new WriteTxnMarkersRequestData()
                .setMarkers(
                    List.of(
                        new WriteTxnMarkersRequestData.WritableTxnMarker()
                            .setProducerId(1)
                            .setTopics(
                                List.of(
                                    new WriteTxnMarkersRequestData.WritableTxnMarkerTopic()
                                        .setName(topic)
                                        .setPartitionIndexes(List.of(0))))))));
  }

  private static DescribeAclsRequestData acls() {
    return new DescribeAclsRequestData()
        .setResourceTypeFilter((byte) 1)
        .setPatternTypeFilter((byte) 3)
        .setOperation((byte) 1)
        .setPermissionType((byte) 1);
  }

  private static List<VersionedRequest> newAcls(short version) {
    return List.of(
        VersionedRequest.wrong(
            new CreateAclsRequestData()
                .setCreations(
                    List.of(
                        new CreateAclsRequestData.AclCreation()
                            .setResourceType((byte) 2)
                            .setResourceName("t")
                            .setResourcePatternType((byte) 3)
                            .setPrincipal("User:alice")
                            .setHost("*")
                            .setOperation((byte) 3)
                            .setPermissionType((byte) 3)))));
  }

  private static List<VersionedRequest> noAcls(short version) {
    return List.of(
        VersionedRequest.wrong(
            new DeleteAclsRequestData()
                .setFilters(
                    List.of(
                        new DeleteAclsRequestData.DeleteAclsFilter()
                            .setResourceTypeFilter((byte) 2)
                            .setPatternTypeFilter((byte) 3)
                            .setOperation((byte) 3)
                            .setPermissionType((byte) 3)))));
  }

  private static List<VersionedRequest> subscriptions(short version) {
    Uuid id = new Uuid(5, version);
    List<VersionedRequest> asks = new ArrayList<>();
    asks.add(VersionedRequest.good(new GetTelemetrySubscriptionsRequestData()));
    asks.add(
        VersionedRequest.good(new GetTelemetrySubscriptionsRequestData().setClientInstanceId(id)));
    asks.add(
        VersionedRequest.wrong(new GetTelemetrySubscriptionsRequestData().setClientInstanceId(id)));
    return asks;
  }

  private static List<VersionedRequest> pushes(short version) {
    Uuid id = new Uuid(6, version);
    return List.of(
        VersionedRequest.wrong(new PushTelemetryRequestData()),
        VersionedRequest.wrong(
            new PushTelemetryRequestData().setClientInstanceId(id).setSubscriptionId(1)));
  }
}
