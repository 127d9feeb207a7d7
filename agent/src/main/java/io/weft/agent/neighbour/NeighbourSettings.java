package io.weft.agent.neighbour;

/// What agents of a zone do for each other.
///
/// @param answerMsMax an owner that has not answered for so long is not waited for
/// @param avoidMs how long a neighbour is not asked that was wrong; one that was away or silent, at
///   most
/// @param nearMs how long what a neighbour has sent is kept
/// @param nearBytesMax of it, at most
/// @param askedBytesMax of answers that this agent waits for, at most
/// @param servedBytesMax of answers that it gives at once, at most
/// @param servedRangesMax of ranges that it answers at once, at most
public record NeighbourSettings(
    long answerMsMax,
    long avoidMs,
    long nearMs,
    long nearBytesMax,
    long askedBytesMax,
    long servedBytesMax,
    int servedRangesMax) {
  public static final NeighbourSettings STANDARD =
      new NeighbourSettings(2_000, 10_000, 5_000, 32L << 20, 64L << 20, 64L << 20, 512);

  public NeighbourSettings {
    if (answerMsMax < 1
        || avoidMs < 0
        || nearMs < 0
        || nearBytesMax < 0
        || askedBytesMax < 0
        || servedBytesMax < RangeAsked.LENGTH_MAX
        || servedRangesMax < NeighbourMessage.RANGES_MAX) {
      throw new IllegalArgumentException("impossible settings for neighbours");
    }
  }

  /// These, with memory limits that fit into so many bytes of the heap for all that goes with the
  /// cache of an agent.
  public NeighbourSettings within(long heapBytes) {
    long part = heapBytes / 8;
    return new NeighbourSettings(
        answerMsMax,
        avoidMs,
        nearMs,
        Math.min(nearBytesMax, part),
        Math.min(askedBytesMax, part),
        Math.clamp(part, RangeAsked.LENGTH_MAX, servedBytesMax),
        servedRangesMax);
  }
}
