package io.weft.controlplane.state.partition;

/// What a partition's log cannot know of producers by itself.
///
/// @param producerIdsIssuedBelow ids from here on were not given out by this cluster
/// @param former what a deleted topic of the same name knew
public record Knowledge(
    long producerIdsIssuedBelow, TransactionGate transactions, FormerProducers.OfPartition former) {
  public Knowledge(long producerIdsIssuedBelow, TransactionGate transactions) {
    this(producerIdsIssuedBelow, transactions, FormerProducers.OfPartition.NONE);
  }

  public Knowledge with(FormerProducers.OfPartition ofPartition) {
    return new Knowledge(producerIdsIssuedBelow, transactions, ofPartition);
  }
}
