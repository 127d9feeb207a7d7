package io.weft.controlplane.state.partition;

/// What a partition's log cannot know of producers by itself.
///
/// @param producerIdsIssuedBelow ids from here on were not given out by this cluster
public record Knowledge(long producerIdsIssuedBelow, TransactionGate transactions) {}
