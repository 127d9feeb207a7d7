package io.weft.agent.fetch;

/// @param partitionsMax partitions watched, at most
/// @param spansMax newest extents and markers kept of each
/// @param backoffMsMin the first pause before the stream is opened again lasts up to this
/// @param backoffMsMax and never longer than this
public record TailSettings(int partitionsMax, int spansMax, long backoffMsMin, long backoffMsMax) {
  public static final TailSettings STANDARD = new TailSettings(20_000, 64, 50, 5_000);

  public TailSettings {
    if (partitionsMax < 1 || spansMax < 1 || backoffMsMin < 1 || backoffMsMax < backoffMsMin) {
      throw new IllegalArgumentException("a tail setting is too small");
    }
  }
}
