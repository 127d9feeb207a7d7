package io.weft.protocol.frame;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;

/// The APIs that are offered, and in which versions: what a broker of the pinned Kafka advertises,
/// cut down to those that somebody answers. Immutable.
///
/// Produce is advertised from version 0, since old librdkafka switches compression off without it,
/// but understood from version 3 only, as in Kafka.
public final class OfferedApis {
  private final Map<ApiKeys, ApiVersion> offered = new EnumMap<>(ApiKeys.class);

  /// @param answered the APIs somebody answers; one that no broker advertises is left out
  public static OfferedApis of(Collection<ApiKeys> answered) {
    return new OfferedApis(answered);
  }

  private OfferedApis(Collection<ApiKeys> answered) {
    for (ApiKeys key : answered) {
      if (!key.messageType.listeners().contains(ListenerType.BROKER)) {
        continue;
      }
      key.toApiVersionForApiResponse(false, ListenerType.BROKER)
          .ifPresent(range -> offered.put(key, range));
    }
  }

  public boolean offers(ApiKeys key) {
    return offered.containsKey(key);
  }

  /// Whether a request of this API and version can be parsed and is answered.
  public boolean accepts(ApiKeys key, short version) {
    ApiVersion range = offered.get(key);
    return range != null
        && range.minVersion() <= version
        && version <= range.maxVersion()
        && key.isVersionSupported(version);
  }

  /// The ranges as ApiVersions shows them, by API key; a new collection each time.
  public ApiVersionCollection advertised() {
    ApiVersionCollection ranges = new ApiVersionCollection(offered.size());
    offered.values().forEach(range -> ranges.add(range.duplicate()));
    return ranges;
  }
}
