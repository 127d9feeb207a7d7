package io.weft.controlplane.api.transaction;

/// One incarnation of a producer: a later epoch of the same id fences it.
public record ProducerEpoch(long producerId, short epoch) {
  /// The last epoch a producer is given. The one after it is left for fencing it; then it gets a
  /// new id.
  public static final short EPOCH_MAX = Short.MAX_VALUE - 1;

  public ProducerEpoch {
    if (producerId < 0 || epoch < 0) {
      throw new IllegalArgumentException(
          "impossible producer %d, epoch %d".formatted(producerId, epoch));
    }
  }

  /// Whether this is no producer, but what is left of one that was fenced at its last epoch.
  public boolean isFence() {
    return epoch > EPOCH_MAX;
  }

  /// Whether there is no next epoch to give to a producer of this id.
  public boolean isExhausted() {
    return epoch >= EPOCH_MAX;
  }
}
