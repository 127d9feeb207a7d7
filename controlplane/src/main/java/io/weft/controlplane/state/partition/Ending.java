package io.weft.controlplane.state.partition;

/// How a transaction ended, the same in all its partitions.
///
/// @param producerEpoch the epoch that fences what the producer has sent so far
public record Ending(long producerId, short producerEpoch, boolean committed, long timeMs) {}
