package io.weft.controlplane.state.partition;

/// What a partition's log cannot know of producers by itself.
///
/// @param producerIdsIssuedBelow ids from here on were not given out by this cluster
/// @param former what a deleted topic of the same name knew
public record ProducerChecks(
    long producerIdsIssuedBelow, TransactionGate transactions, FormerProducers.OfPartition former) {
  public ProducerChecks(long producerIdsIssuedBelow, TransactionGate transactions) {
    this(producerIdsIssuedBelow, transactions, FormerProducers.OfPartition.NONE);
  }

  public ProducerChecks with(FormerProducers.OfPartition ofPartition) {
    return new ProducerChecks(producerIdsIssuedBelow, transactions, ofPartition);
  }
}
