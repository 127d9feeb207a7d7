package io.weft.simulation.client;

import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/// A producer's batches for one partition, as Java's producer keeps them: sequences are given when
/// a batch is made, batches go out in their order, and one that must go again waits until none
/// before it is on its way. Owned by its producer.
final class Lane {
  private static final Comparator<ProducerBatch> IN_ORDER =
      Comparator.comparingInt(ProducerBatch::baseSequence);

  private final TopicPartition partition;
  private final TreeSet<ProducerBatch> waiting = new TreeSet<>(IN_ORDER);
  private final TreeSet<ProducerBatch> inFlight = new TreeSet<>(IN_ORDER);
  private int nextSequence;
  private int lastAcked = -1;

  Lane(TopicPartition partition) {
    this.partition = partition;
  }

  TopicPartition partition() {
    return partition;
  }

  int nextSequence() {
    return nextSequence;
  }

  void add(ProducerBatch batch) {
    nextSequence = batch.lastSequence() + 1;
    waiting.add(batch);
  }

  int unresolved() {
    return waiting.size() + inFlight.size();
  }

  /// The batch to be sent next, if there is one now.
  Optional<ProducerBatch> take(long nowMs) {
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    ProducerBatch first = waiting.first();
    boolean mustWait =
        first.attempts > 0
            && !inFlight.isEmpty()
            && inFlight.first().baseSequence() < first.baseSequence();
    if (mustWait || first.notBeforeMs > nowMs) {
      return Optional.empty();
    }
    waiting.remove(first);
    first.attempts++;
    first.sentAsNext = first.baseSequence() == lastAcked + 1;
    inFlight.add(first);
    return Optional.of(first);
  }

  /// Whether this one is still wanted, and not of an identity that was given up.
  boolean isInFlight(ProducerBatch batch) {
    return inFlight.contains(batch) && inFlight.floor(batch).identity().equals(batch.identity());
  }

  void again(ProducerBatch batch, long notBeforeMs) {
    inFlight.remove(batch);
    batch.notBeforeMs = notBeforeMs;
    waiting.add(batch);
  }

  void done(ProducerBatch batch) {
    inFlight.remove(batch);
  }

  void acked(ProducerBatch batch) {
    inFlight.remove(batch);
    lastAcked = Math.max(lastAcked, batch.lastSequence());
  }

  /// Begins again from sequence 0; what is not resolved never will be.
  void reset() {
    waiting.clear();
    inFlight.clear();
    nextSequence = 0;
    lastAcked = -1;
  }
}
