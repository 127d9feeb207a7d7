package io.weft.agent.api;

import java.util.Map;

/// What the handlers need to be told by the operator.
///
/// @param autoCreateTopics whether asking for an unknown topic creates it
///   (`auto.create.topics.enable`)
/// @param defaultPartitions of a topic that does not say (`num.partitions`)
/// @param defaultReplicationFactor shown of a topic that does not say
///   (`default.replication.factor`)
/// @param shown this agent's settings by Kafka's names, as DescribeConfigs shows them; no secrets
public record ApiSettings(
    boolean autoCreateTopics,
    int defaultPartitions,
    short defaultReplicationFactor,
    Map<String, String> shown) {
  public static final ApiSettings DEFAULTS = new ApiSettings(true, 1, (short) 1, Map.of());

  public ApiSettings {
    if (defaultPartitions < 1 || defaultReplicationFactor < 1) {
      throw new IllegalArgumentException("default partitions and replication begin at 1");
    }
    shown = Map.copyOf(shown);
  }
}
