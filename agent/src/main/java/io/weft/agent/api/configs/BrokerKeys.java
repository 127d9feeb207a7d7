package io.weft.agent.api.configs;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.server.config.QuotaConfig;
import org.apache.kafka.server.config.ServerConfigs;
import org.apache.kafka.storage.internals.log.CleanerConfig;
import org.apache.kafka.storage.internals.log.LogConfig;

/// What Kafka's settings of a broker are like: types, defaults, documentation. Stateless.
///
/// An agent shows the settings that hold for it: what it is told by its operator, what it is, what
/// topics take for a default, and what may be set while it runs. Those of disks, replication,
/// KRaft, tiered storage and security have no meaning in Weft, and are not shown.
final class BrokerKeys {
  /// Those that no operator sets, and that hold in every agent as Kafka's default has them: what a
  /// topic is like that does not say.
  static final Set<String> ALWAYS =
      Set.of(
          "broker.rack",
          "compression.gzip.level",
          "compression.lz4.level",
          "compression.type",
          "compression.zstd.level",
          "delete.topic.enable",
          "inter.broker.listener.name",
          "log.cleaner.delete.retention.ms",
          "log.cleaner.max.compaction.lag.ms",
          "log.cleaner.min.compaction.lag.ms",
          "log.cleanup.policy",
          "log.message.timestamp.after.max.ms",
          "log.message.timestamp.before.max.ms",
          "log.message.timestamp.type",
          "log.retention.bytes",
          "log.retention.hours",
          "log.retention.minutes",
          "log.retention.ms",
          "log.roll.hours",
          "log.roll.jitter.hours",
          "message.max.bytes",
          "unclean.leader.election.enable");

  /// By name, every one whose type and default are known here.
  static final Map<String, ConfigKey> ALL = all();

  private BrokerKeys() {}

  /// Its default as Kafka writes it; null for none.
  static String defaultOf(ConfigKey key) {
    return key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : null;
  }

  private static Map<String, ConfigKey> all() {
    Map<String, ConfigKey> keys = new TreeMap<>();
    for (ConfigDef definition :
        List.of(
            ServerConfigs.CONFIG_DEF,
            LogConfig.SERVER_CONFIG_DEF,
            CleanerConfig.CONFIG_DEF,
            QuotaConfig.brokerQuotaConfigs(),
            GroupCoordinatorConfig.CONFIG_DEF,
            ShareGroupConfig.CONFIG_DEF,
            elsewhere())) {
      definition
          .configKeys()
          .forEach(
              (name, key) -> {
                if (!key.internalConfig) {
                  keys.put(name, key);
                }
              });
    }
    return Collections.unmodifiableMap(keys);
  }

  /// Those that Kafka defines in parts that are not here.
  private static ConfigDef elsewhere() {
    ConfigDef keys = new ConfigDef();
    define(
        keys, "node.id", ConfigDef.Type.INT, ConfigDef.NO_DEFAULT_VALUE, "The id of this agent.");
    define(
        keys,
        "advertised.listeners",
        ConfigDef.Type.LIST,
        null,
        "Where clients are told to reach this agent, by the listener they come in by.");
    define(keys, "listeners", ConfigDef.Type.LIST, null, "Where this agent listens to clients.");
    define(
        keys,
        "inter.broker.listener.name",
        ConfigDef.Type.STRING,
        null,
        "The listener whose address stands for this agent where one is known of each.");
    define(
        keys,
        "default.replication.factor",
        ConfigDef.Type.INT,
        1,
        "The replication factor that is shown of a topic that is created without one.");
    defineConnections(keys);
    define(
        keys,
        "transaction.max.timeout.ms",
        ConfigDef.Type.INT,
        900_000,
        "The longest time that a producer may ask for its transactions.");
    define(
        keys,
        "transactional.id.expiration.ms",
        ConfigDef.Type.INT,
        604_800_000,
        "How long a transactional id is remembered that nobody uses.");
    define(
        keys,
        "unclean.leader.election.enable",
        ConfigDef.Type.BOOLEAN,
        false,
        "Shown for tools: there are no replicas to choose a leader from.");
    return keys;
  }

  private static void defineConnections(ConfigDef keys) {
    define(
        keys,
        "socket.request.max.bytes",
        ConfigDef.Type.INT,
        104_857_600,
        "The longest request, in bytes.");
    define(
        keys,
        "max.connections",
        ConfigDef.Type.INT,
        Integer.MAX_VALUE,
        "The most connections at a time.");
    define(
        keys,
        "max.connections.per.ip",
        ConfigDef.Type.INT,
        Integer.MAX_VALUE,
        "The most connections at a time from one address.");
    define(
        keys,
        "connections.max.idle.ms",
        ConfigDef.Type.LONG,
        600_000L,
        "A connection that nothing was asked on for so long is closed.");
    define(
        keys,
        "queued.max.request.bytes",
        ConfigDef.Type.LONG,
        -1L,
        "The most bytes of requests that are held at a time.");
  }

  private static void define(
      ConfigDef keys, String name, ConfigDef.Type type, Object byDefault, String doc) {
    keys.define(name, type, byDefault, Importance.MEDIUM, doc);
  }
}
