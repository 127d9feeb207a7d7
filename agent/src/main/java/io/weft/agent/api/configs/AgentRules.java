package io.weft.agent.api.configs;

import io.weft.model.AgentId;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/// The settings of a running agent, or of all. Those are taken that tools set on the way to
/// something else (throttles, threads) and that have nothing to act on in Weft: they are checked,
/// kept and shown. What an agent goes by comes from its configuration and is read-only here; so is
/// what a topic's own setting can say. Thread-safe.
record AgentRules(Supplier<AgentId> self) implements ResourceRules {
  private static final Set<String> TAKEN =
      Set.of(
          "background.threads",
          "num.io.threads",
          "num.network.threads",
          "num.replica.fetchers",
          "num.recovery.threads.per.data.dir",
          "leader.replication.throttled.rate",
          "follower.replication.throttled.rate",
          "replica.alter.log.dirs.io.max.bytes.per.second",
          "min.insync.replicas",
          "unclean.leader.election.enable",
          "log.preallocate",
          "log.segment.bytes",
          "log.segment.delete.delay.ms",
          "log.roll.ms",
          "log.roll.jitter.ms",
          "log.index.interval.bytes",
          "log.index.size.max.bytes",
          "log.flush.interval.messages",
          "log.flush.interval.ms",
          "log.cleaner.threads",
          "log.cleaner.backoff.ms",
          "log.cleaner.dedupe.buffer.size",
          "log.cleaner.io.buffer.size",
          "log.cleaner.io.buffer.load.factor",
          "log.cleaner.io.max.bytes.per.second",
          "log.cleaner.min.cleanable.ratio");

  static final Map<String, ConfigKey> KEYS = taken();

  @Override
  public void checkName(String name) {
    if (name.isEmpty()) {
      return;
    }
    int id;
    try {
      id = Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("Node id must be an integer, but it is: " + name, e);
    }
    if (id != self.get().value()) {
      throw new InvalidRequestException(
          "Unexpected broker id, expected %d, but received %s".formatted(self.get().value(), name));
    }
  }

  @Override
  public Optional<ApiError> flaw(String name, Map<String, String> after) {
    Set<String> fixed = new TreeSet<>(after.keySet());
    fixed.removeAll(KEYS.keySet());
    if (!fixed.isEmpty()) {
      return Optional.of(
          new ApiError(
              Errors.INVALID_REQUEST, "Cannot update these configs dynamically: " + fixed));
    }
    try {
      after.forEach(AgentRules::checkValue);
      return Optional.empty();
    } catch (ConfigException e) {
      return Optional.of(new ApiError(Errors.INVALID_REQUEST, e.getMessage()));
    }
  }

  @Override
  public Map<String, ConfigKey> keys() {
    return KEYS;
  }

  private static void checkValue(String name, String value) {
    ConfigKey key = KEYS.get(name);
    Object parsed = ConfigDef.parseType(name, value, key.type);
    if (key.validator != null) {
      key.validator.ensureValid(name, parsed);
    }
  }

  private static Map<String, ConfigKey> taken() {
    Map<String, ConfigKey> keys = new TreeMap<>(BrokerKeys.ALL);
    keys.keySet().retainAll(TAKEN);
    return Collections.unmodifiableMap(keys);
  }
}
