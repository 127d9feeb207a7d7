package io.weft.agent.api;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.feature.Features;
import org.apache.kafka.common.feature.SupportedVersionRange;
import org.apache.kafka.server.common.GroupVersion;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.common.ShareVersion;
import org.apache.kafka.server.common.StreamsVersion;
import org.apache.kafka.server.common.TransactionVersion;

/// The features of the cluster and their levels, as ApiVersions shows them. They are what the
/// software can do: none is ever at another level than its highest.
public final class ClusterFeatures {
  private ClusterFeatures() {}

  public static Map<String, Short> finalized() {
    Map<String, Short> levels = new TreeMap<>();
    levels.put(MetadataVersion.FEATURE_NAME, MetadataVersion.latestProduction().featureLevel());
    levels.put(GroupVersion.FEATURE_NAME, GroupVersion.GV_1.featureLevel());
    levels.put(ShareVersion.FEATURE_NAME, ShareVersion.SV_1.featureLevel());
    levels.put(StreamsVersion.FEATURE_NAME, StreamsVersion.SV_1.featureLevel());
    levels.put(TransactionVersion.FEATURE_NAME, TransactionVersion.TV_2.featureLevel());
    return levels;
  }

  static Features<SupportedVersionRange> supported() {
    Map<String, SupportedVersionRange> ranges = new TreeMap<>();
    finalized().forEach((name, level) -> ranges.put(name, range(name, level)));
    return Features.supportedFeatures(ranges);
  }

  private static SupportedVersionRange range(String name, short level) {
    return name.equals(MetadataVersion.FEATURE_NAME)
        ? new SupportedVersionRange(MetadataVersion.MINIMUM_VERSION.featureLevel(), level)
        : new SupportedVersionRange((short) 0, level);
  }
}
