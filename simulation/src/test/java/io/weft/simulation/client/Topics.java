package io.weft.simulation.client;

import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;

/// The topics of a simulated cluster: made as an admin client makes them.
///
/// @param ids by name
/// @param partitions of all of them
public record Topics(Map<String, Uuid> ids, List<TopicPartition> partitions) {
  /// What workers read and what they write.
  public static final String INPUT = "in";

  public static final String OUTPUT = "out";
  private static final short CREATE_VERSION = 7;
  private static final short METADATA_VERSION = 12;
  private static final int PAUSE_MS = 200;

  /// @param pipeline partitions of the input and of the output each; 0 if there are none
  public static Topics create(Cluster cluster, int partitions, boolean logAppendTimes, int pipeline)
      throws InterruptedException {
    Caller caller = new Caller(cluster, "admin");
    Topics topics = new Topics(new LinkedHashMap<>(), new ArrayList<>());
    topics.create(caller, "t", partitions, false);
    topics.create(caller, "u", 1, logAppendTimes);
    if (pipeline > 0) {
      topics.create(caller, INPUT, pipeline, false);
      topics.create(caller, OUTPUT, pipeline, false);
    }
    return topics;
  }

  /// Those of one topic.
  public List<TopicPartition> of(String topic) {
    return partitions.stream().filter(partition -> partition.topic().equals(topic)).toList();
  }

  /// Those that no pipeline writes or reads.
  public List<TopicPartition> forQueue() {
    return partitions.stream()
        .filter(partition -> !List.of(INPUT, OUTPUT).contains(partition.topic()))
        .toList();
  }

  /// Those that no pipeline writes.
  public List<TopicPartition> forAnybody() {
    return partitions.stream().filter(partition -> !partition.topic().equals(OUTPUT)).toList();
  }

  public Uuid id(String topic) {
    return ids.get(topic);
  }

  private void create(Caller caller, String name, int count, boolean logAppendTime)
      throws InterruptedException {
    CreatableTopic topic =
        new CreatableTopic().setName(name).setNumPartitions(count).setReplicationFactor((short) 1);
    if (logAppendTime) {
      topic
          .configs()
          .add(
              new CreatableTopicConfig()
                  .setName("message.timestamp.type")
                  .setValue("LogAppendTime"));
    }
    CreateTopicsRequestData data = new CreateTopicsRequestData().setTimeoutMs(10_000);
    data.topics().add(topic);
    while (!isCreated(caller, data) || !isKnown(caller, name)) {
      caller.world().sleepMs(PAUSE_MS);
    }
    for (int i = 0; i < count; i++) {
      partitions.add(new TopicPartition(name, i));
    }
  }

  private static boolean isCreated(Caller caller, CreateTopicsRequestData data)
      throws InterruptedException {
    try {
      CreateTopicsResponse response =
          (CreateTopicsResponse)
              caller.ask(new CreateTopicsRequest.Builder(data).build(CREATE_VERSION));
      short code = response.data().topics().iterator().next().errorCode();
      return code == Errors.NONE.code() || code == Errors.TOPIC_ALREADY_EXISTS.code();
    } catch (ClientLink.Lost e) {
      return false;
    }
  }

  private boolean isKnown(Caller caller, String name) throws InterruptedException {
    try {
      MetadataResponse response =
          (MetadataResponse)
              caller.ask(new MetadataRequest.Builder(List.of(name), false).build(METADATA_VERSION));
      response.topicMetadata().stream()
          .filter(topic -> topic.error() == Errors.NONE)
          .forEach(topic -> ids.put(topic.topic(), topic.topicId()));
      return ids.containsKey(name);
    } catch (ClientLink.Lost e) {
      return false;
    }
  }
}
