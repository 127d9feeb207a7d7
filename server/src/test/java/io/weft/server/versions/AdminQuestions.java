package io.weft.server.versions;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Questions to the APIs about topics, settings and the cluster.
///
/// @param topic there, with settings of its own
/// @param nodeId the agent that is asked
record AdminQuestions(String topic, Uuid topicId, int nodeId) {
  private static final Uuid NOWHERE = new Uuid(7, 7);

  /// Topics that are there to be deleted are named by this and the version.
  static final String DOOMED = "doomed-";

  Map<ApiKeys, VersionedRequest.Questions> all() {
    Map<ApiKeys, VersionedRequest.Questions> all = new EnumMap<>(ApiKeys.class);
    all.put(ApiKeys.API_VERSIONS, AdminQuestions::apiVersions);
    all.put(ApiKeys.METADATA, this::metadata);
    all.put(ApiKeys.DESCRIBE_CLUSTER, AdminQuestions::cluster);
    all.put(ApiKeys.FIND_COORDINATOR, AdminQuestions::coordinators);
    all.put(ApiKeys.CREATE_TOPICS, this::creations);
    all.put(ApiKeys.DELETE_TOPICS, AdminQuestions::deletions);
    all.put(ApiKeys.CREATE_PARTITIONS, this::partitions);
    all.put(ApiKeys.DESCRIBE_CONFIGS, this::configs);
    all.put(ApiKeys.ALTER_CONFIGS, this::changes);
    all.put(ApiKeys.INCREMENTAL_ALTER_CONFIGS, this::incrementalChanges);
    all.put(ApiKeys.DESCRIBE_LOG_DIRS, this::logDirs);
    all.put(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, this::topicPartitions);
    all.put(ApiKeys.LIST_PARTITION_REASSIGNMENTS, AdminQuestions::reassignments);
    return all;
  }

  private static List<VersionedRequest> reassignments(short version) {
    return List.of(
        VersionedRequest.good(new ListPartitionReassignmentsRequestData().setTopics(null)));
  }

  private static List<VersionedRequest> apiVersions(short version) {
    List<VersionedRequest> asks = new ArrayList<>();
    asks.add(
        VersionedRequest.good(
            new ApiVersionsRequestData()
                .setClientSoftwareName("test")
                .setClientSoftwareVersion("1")));
    if (version >= 3) {
      asks.add(
          VersionedRequest.wrong(
              new ApiVersionsRequestData()
                  .setClientSoftwareName("")
                  .setClientSoftwareVersion("1")));
    }
    return asks;
  }

  private List<VersionedRequest> metadata(short version) {
    List<VersionedRequest> asks = new ArrayList<>();
    asks.add(
        VersionedRequest.good(
            new MetadataRequestData().setTopics(version == 0 ? List.of() : null)));
    asks.add(VersionedRequest.good(new MetadataRequestData().setTopics(List.of(named(topic)))));
    asks.add(
        VersionedRequest.wrong(
            new MetadataRequestData().setTopics(List.of(named("a/b"), named(topic)))));
    if (version >= 4) {
      asks.add(
          VersionedRequest.wrong(
              new MetadataRequestData()
                  .setAllowAutoTopicCreation(false)
                  .setTopics(List.of(named("nowhere")))));
    }
    if (version >= 8) {
      asks.add(
          VersionedRequest.good(
              new MetadataRequestData()
                  .setTopics(List.of(named(topic)))
                  .setIncludeClusterAuthorizedOperations(version <= 10)
                  .setIncludeTopicAuthorizedOperations(true)));
    }
    if (version >= 12) {
      var known = new MetadataRequestData.MetadataRequestTopic().setName(null).setTopicId(topicId);
      var unknown =
          new MetadataRequestData.MetadataRequestTopic().setName(null).setTopicId(NOWHERE);
      asks.add(VersionedRequest.good(new MetadataRequestData().setTopics(List.of(known))));
      asks.add(VersionedRequest.wrong(new MetadataRequestData().setTopics(List.of(unknown))));
    }
    return asks;
  }

  private static MetadataRequestData.MetadataRequestTopic named(String name) {
    return new MetadataRequestData.MetadataRequestTopic().setName(name);
  }

  private static List<VersionedRequest> cluster(short version) {
    List<VersionedRequest> asks = new ArrayList<>();
    asks.add(VersionedRequest.good(new DescribeClusterRequestData()));
    asks.add(
        VersionedRequest.good(
            new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true)));
    if (version >= 1) {
      asks.add(VersionedRequest.wrong(new DescribeClusterRequestData().setEndpointType((byte) 2)));
    }
    if (version >= 2) {
      asks.add(
          VersionedRequest.good(new DescribeClusterRequestData().setIncludeFencedBrokers(true)));
    }
    return asks;
  }

  private static List<VersionedRequest> coordinators(short version) {
    List<VersionedRequest> asks = new ArrayList<>();
    if (version >= 4) {
      asks.add(
          VersionedRequest.either(
              new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g", "h"))));
      asks.add(
          VersionedRequest.wrong(
              new FindCoordinatorRequestData()
                  .setKeyType((byte) 9)
                  .setCoordinatorKeys(List.of("g"))));
    } else {
      asks.add(VersionedRequest.either(new FindCoordinatorRequestData().setKey("g")));
    }
    if (version >= 1 && version < 4) {
      asks.add(
          VersionedRequest.wrong(
              new FindCoordinatorRequestData().setKey("g").setKeyType((byte) 9)));
      asks.add(
          VersionedRequest.either(
              new FindCoordinatorRequestData().setKey("t").setKeyType((byte) 1)));
    }
    return asks;
  }

  private List<VersionedRequest> creations(short version) {
    String name = "made-" + version;
    return List.of(
        VersionedRequest.good(creation(name, "1000").setValidateOnly(true)),
        VersionedRequest.good(creation(name, "1000")),
        VersionedRequest.wrong(creation(name, "1000")),
        VersionedRequest.wrong(creation("wrong-" + version, "soon")));
  }

  private static CreateTopicsRequestData creation(String name, String retentionMs) {
    var settings = new CreateTopicsRequestData.CreatableTopicConfigCollection();
    settings.add(
        new CreateTopicsRequestData.CreatableTopicConfig()
            .setName("retention.ms")
            .setValue(retentionMs));
    var topics = new CreateTopicsRequestData.CreatableTopicCollection();
    topics.add(
        new CreateTopicsRequestData.CreatableTopic()
            .setName(name)
            .setNumPartitions(3)
            .setReplicationFactor((short) 3)
            .setConfigs(settings));
    return new CreateTopicsRequestData().setTopics(topics);
  }

  private static List<VersionedRequest> deletions(short version) {
    if (version < 6) {
      return List.of(
          VersionedRequest.good(
              new DeleteTopicsRequestData().setTopicNames(List.of(DOOMED + version))),
          VersionedRequest.wrong(new DeleteTopicsRequestData().setTopicNames(List.of("nowhere"))));
    }
    return List.of(
        VersionedRequest.good(
            new DeleteTopicsRequestData()
                .setTopics(
                    List.of(
                        new DeleteTopicsRequestData.DeleteTopicState().setName(DOOMED + version)))),
        VersionedRequest.wrong(
            new DeleteTopicsRequestData()
                .setTopics(
                    List.of(new DeleteTopicsRequestData.DeleteTopicState().setTopicId(NOWHERE)))));
  }

  private List<VersionedRequest> partitions(short version) {
    return List.of(
        VersionedRequest.good(partitions(topic, 10 + version).setValidateOnly(true)),
        VersionedRequest.good(partitions(topic, 10 + version)),
        VersionedRequest.wrong(partitions(topic, 1)),
        VersionedRequest.wrong(partitions("nowhere", 3)));
  }

  private static CreatePartitionsRequestData partitions(String name, int count) {
    var topics = new CreatePartitionsRequestData.CreatePartitionsTopicCollection();
    topics.add(
        new CreatePartitionsRequestData.CreatePartitionsTopic()
            .setName(name)
            .setCount(count)
            .setAssignments(null));
    return new CreatePartitionsRequestData().setTopics(topics).setTimeoutMs(10_000);
  }

  private List<VersionedRequest> configs(short version) {
    String node = Integer.toString(nodeId);
    return List.of(
        VersionedRequest.good(configs(version, ConfigResource.Type.TOPIC, topic)),
        VersionedRequest.good(configs(version, ConfigResource.Type.BROKER, node)),
        VersionedRequest.good(configs(version, ConfigResource.Type.BROKER, "")),
        VersionedRequest.wrong(configs(version, ConfigResource.Type.BROKER, "not a number")),
        VersionedRequest.either(configs(version, ConfigResource.Type.BROKER_LOGGER, node)),
        VersionedRequest.either(configs(version, ConfigResource.Type.GROUP, "g")),
        VersionedRequest.either(configs(version, ConfigResource.Type.CLIENT_METRICS, "m")),
        VersionedRequest.wrong(configs(version, ConfigResource.Type.TOPIC, "nowhere")));
  }

  private static DescribeConfigsRequestData configs(
      short version, ConfigResource.Type type, String name) {
    return new DescribeConfigsRequestData()
        .setResources(
            List.of(
                new DescribeConfigsRequestData.DescribeConfigsResource()
                    .setResourceType(type.id())
                    .setResourceName(name)
                    .setConfigurationKeys(null)))
        .setIncludeSynonyms(true)
        .setIncludeDocumentation(version >= 3);
  }

  private List<VersionedRequest> changes(short version) {
    return List.of(
        VersionedRequest.good(change(topic, Integer.toString(5_000 + version))),
        VersionedRequest.wrong(change(topic, "soon")),
        VersionedRequest.wrong(change("nowhere", "1")));
  }

  private static AlterConfigsRequestData change(String name, String value) {
    var settings = new AlterConfigsRequestData.AlterableConfigCollection();
    settings.add(
        new AlterConfigsRequestData.AlterableConfig().setName("retention.ms").setValue(value));
    var resources = new AlterConfigsRequestData.AlterConfigsResourceCollection();
    resources.add(
        new AlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(ConfigResource.Type.TOPIC.id())
            .setResourceName(name)
            .setConfigs(settings));
    return new AlterConfigsRequestData().setResources(resources);
  }

  private List<VersionedRequest> incrementalChanges(short version) {
    return List.of(
        VersionedRequest.good(incrementalChange(topic, Integer.toString(6_000 + version))),
        VersionedRequest.wrong(incrementalChange(topic, "soon")),
        VersionedRequest.wrong(incrementalChange("nowhere", "1")));
  }

  private static IncrementalAlterConfigsRequestData incrementalChange(String name, String value) {
    var settings = new IncrementalAlterConfigsRequestData.AlterableConfigCollection();
    settings.add(
        new IncrementalAlterConfigsRequestData.AlterableConfig()
            .setName("retention.ms")
            .setValue(value));
    var resources = new IncrementalAlterConfigsRequestData.AlterConfigsResourceCollection();
    resources.add(
        new IncrementalAlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(ConfigResource.Type.TOPIC.id())
            .setResourceName(name)
            .setConfigs(settings));
    return new IncrementalAlterConfigsRequestData().setResources(resources);
  }

  private List<VersionedRequest> logDirs(short version) {
    var topics = new DescribeLogDirsRequestData.DescribableLogDirTopicCollection();
    topics.add(
        new DescribeLogDirsRequestData.DescribableLogDirTopic()
            .setTopic(topic)
            .setPartitions(List.of(0, 50 + version)));
    return List.of(
        VersionedRequest.good(new DescribeLogDirsRequestData().setTopics(null)),
        VersionedRequest.good(new DescribeLogDirsRequestData().setTopics(topics)));
  }

  private List<VersionedRequest> topicPartitions(short version) {
    var known = new DescribeTopicPartitionsRequestData.TopicRequest().setName(topic);
    var unknown = new DescribeTopicPartitionsRequestData.TopicRequest().setName("nowhere");
    var cursor = new DescribeTopicPartitionsRequestData.Cursor();
    return List.of(
        VersionedRequest.good(new DescribeTopicPartitionsRequestData().setTopics(List.of(known))),
        VersionedRequest.good(
            new DescribeTopicPartitionsRequestData()
                .setTopics(List.of(known))
                .setResponsePartitionLimit(1 + version)),
        VersionedRequest.good(
            new DescribeTopicPartitionsRequestData()
                .setTopics(List.of(known))
                .setCursor(cursor.setTopicName(topic).setPartitionIndex(1))),
        VersionedRequest.wrong(
            new DescribeTopicPartitionsRequestData().setTopics(List.of(known, unknown))));
  }
}
