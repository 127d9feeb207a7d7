package io.weft.agent.fetch;

/// @param partitionsMax partitions watched, at most
/// @param extentsMax newest extents kept of each, with the markers among them
/// @param markersMax newest markers kept of each: a partition that gets more of them per extent
///   keeps fewer extents
/// @param backoffMsMin the first pause before the stream is opened again lasts up to this
/// @param backoffMsMax and never longer than this
public record TailSettings(
    int partitionsMax, int extentsMax, int markersMax, long backoffMsMin, long backoffMsMax) {
  public static final TailSettings STANDARD = new TailSettings(20_000, 64, 512, 50, 5_000);

  public TailSettings {
    if (partitionsMax < 1
        || extentsMax < 1
        || markersMax < 1
        || backoffMsMin < 1
        || backoffMsMax < backoffMsMin) {
      throw new IllegalArgumentException("a tail setting is too small");
    }
  }
}
