package io.weft.agent.api;

import java.util.Map;

/// What the handlers need to be told by the operator.
///
/// @param autoCreateTopics whether asking for an unknown topic creates it
///   (`auto.create.topics.enable`)
/// @param defaultPartitions of a topic that does not say (`num.partitions`)
/// @param defaultReplicationFactor shown of a topic that does not say
///   (`default.replication.factor`)
/// @param transactionTimeoutMsMax the longest time a producer may ask its transactions to be let
///   open (`transaction.max.timeout.ms`)
/// @param shown this agent's settings by Kafka's names, as DescribeConfigs shows them; no secrets
public record ApiSettings(
    boolean autoCreateTopics,
    int defaultPartitions,
    short defaultReplicationFactor,
    int transactionTimeoutMsMax,
    Map<String, String> shown) {
  public static final ApiSettings DEFAULTS = new ApiSettings(true, 1, (short) 1, Map.of());

  /// As Kafka's default.
  private static final int TRANSACTION_TIMEOUT_MS_MAX = 900_000;

  public ApiSettings(
      boolean autoCreateTopics,
      int defaultPartitions,
      short defaultReplicationFactor,
      Map<String, String> shown) {
    this(
        autoCreateTopics,
        defaultPartitions,
        defaultReplicationFactor,
        TRANSACTION_TIMEOUT_MS_MAX,
        shown);
  }

  public ApiSettings {
    if (defaultPartitions < 1 || defaultReplicationFactor < 1) {
      throw new IllegalArgumentException("default partitions and replication begin at 1");
    }
    shown = Map.copyOf(shown);
  }
}
