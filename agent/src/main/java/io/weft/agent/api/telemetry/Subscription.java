package io.weft.agent.api.telemetry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;

/// Which metrics which clients are to push, and how often (KIP-714). Immutable.
///
/// @param metrics prefixes of names; `*` for all
/// @param match by what is matched ([Trait]), a pattern that all of it must match
public record Subscription(
    String name, List<String> metrics, int intervalMs, Map<Trait, Pattern> match) {
  static final int INTERVAL_MS_DEFAULT = 300_000;
  private static final int INTERVAL_MS_MIN = 100;
  private static final int INTERVAL_MS_MAX = 3_600_000;

  /// A backtracking pattern over a client's words must not hold a thread for long.
  private static final int PATTERN_CHARS_MAX = 256;

  private static final String METRICS = "metrics";
  private static final String INTERVAL_MS = "interval.ms";
  private static final String MATCH = "match";

  private static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              METRICS,
              ConfigDef.Type.LIST,
              List.of(),
              Importance.MEDIUM,
              "Prefixes of the names of the metrics to push; * for all.")
          .define(
              INTERVAL_MS,
              ConfigDef.Type.INT,
              INTERVAL_MS_DEFAULT,
              Importance.MEDIUM,
              "How often they are to be pushed.")
          .define(
              MATCH,
              ConfigDef.Type.LIST,
              List.of(),
              Importance.MEDIUM,
              "Which clients are to push: trait=regular expression, separated by commas.");

  /// The settings of a subscription, by name order.
  public static final Map<String, ConfigKey> KEYS =
      Collections.unmodifiableMap(new TreeMap<>(DEFINITION.configKeys()));

  /// What a client can be told by.
  enum Trait {
    CLIENT_INSTANCE_ID,
    CLIENT_ID,
    CLIENT_SOFTWARE_NAME,
    CLIENT_SOFTWARE_VERSION,
    CLIENT_SOURCE_ADDRESS,
    CLIENT_SOURCE_PORT;

    private static final Map<String, Trait> BY_NAME = byName();

    private static Map<String, Trait> byName() {
      Map<String, Trait> byName = new TreeMap<>();
      for (Trait trait : values()) {
        byName.put(trait.name().toLowerCase(Locale.ROOT), trait);
      }
      return byName;
    }
  }

  /// @throws InvalidRequestException or [InvalidConfigurationException], as Kafka does, if these
  ///   are no settings of a subscription
  public static Subscription of(String name, Map<String, String> settings) {
    for (String setting : settings.keySet()) {
      if (!KEYS.containsKey(setting)) {
        throw new InvalidRequestException("Unknown client metrics configuration: " + setting);
      }
    }
    Map<String, Object> parsed;
    try {
      parsed = DEFINITION.parse(settings);
    } catch (ConfigException e) {
      throw new InvalidConfigurationException(e.getMessage(), e);
    }
    int intervalMs = (Integer) parsed.get(INTERVAL_MS);
    if (intervalMs < INTERVAL_MS_MIN || intervalMs > INTERVAL_MS_MAX) {
      throw new InvalidRequestException(
          "Invalid value %d for interval.ms, it must be between %d and %d (1 hour)"
              .formatted(intervalMs, INTERVAL_MS_MIN, INTERVAL_MS_MAX));
    }
    return new Subscription(
        name, strings(parsed.get(METRICS)), intervalMs, patterns(strings(parsed.get(MATCH))));
  }

  private static List<String> strings(Object list) {
    return ((List<?>) list).stream().map(String.class::cast).toList();
  }

  private static Map<Trait, Pattern> patterns(List<String> match) {
    Map<Trait, Pattern> patterns = new LinkedHashMap<>();
    for (String one : match) {
      String[] parts = one.split("=", -1);
      Trait trait = Trait.BY_NAME.get(parts[0].strip());
      if (parts.length != 2 || trait == null || parts[1].length() > PATTERN_CHARS_MAX) {
        throw illegal(one);
      }
      try {
        patterns.put(trait, Pattern.compile(parts[1].strip()));
      } catch (PatternSyntaxException e) {
        throw illegal(one);
      }
    }
    return patterns;
  }

  private static InvalidConfigurationException illegal(String pattern) {
    return new InvalidConfigurationException("Illegal client matching pattern: " + pattern);
  }

  boolean matches(Map<Trait, String> client) {
    return match.entrySet().stream()
        .allMatch(one -> one.getValue().matcher(client.getOrDefault(one.getKey(), "")).matches());
  }

  boolean wantsAll() {
    return Set.copyOf(metrics).contains("*");
  }
}
