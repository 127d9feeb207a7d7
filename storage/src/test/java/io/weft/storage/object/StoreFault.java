package io.weft.storage.object;

/// The ways in which a store can go wrong, as a [FaultyObjectStore] plays them.
public enum StoreFault {
  /// 503: nothing happened, and it says so as it says anything else, `Unavailable`.
  UNAVAILABLE,
  /// 503 for this call and a number of calls after it, whatever they are.
  BURST,
  /// It happened, but the answer is lost: `Unavailable`. Of a delete only the first keys are gone.
  ANSWER_LOST,
  /// `Unavailable`, and the write lands later: perhaps after a delete of its key.
  LANDS_LATE,
  /// The object is created, but the answer is `EXISTS`: what a proxy does that sends a request
  /// again by itself. Breaks the contract of [ObjectStore]; nothing but reading the object finds it
  /// out.
  EXISTS_AFTER_OWN,
  /// The read ends early: `Unavailable`, with some bytes of the target overwritten.
  SHORT_READ,
  /// The read ends well, with one bit wrong. Breaks the contract of [ObjectStore].
  FLIPPED_BIT,
  /// The call hangs until it is released, or for a time, and then goes on.
  STALL;

  /// Whether it can befall that operation.
  public boolean fits(ObjectOperation operation) {
    return switch (this) {
      case UNAVAILABLE, BURST, STALL -> true;
      case ANSWER_LOST -> operation.changes();
      case LANDS_LATE ->
          operation == ObjectOperation.PUT || operation == ObjectOperation.PUT_IF_ABSENT;
      case EXISTS_AFTER_OWN -> operation == ObjectOperation.PUT_IF_ABSENT;
      case SHORT_READ, FLIPPED_BIT ->
          operation == ObjectOperation.READ || operation == ObjectOperation.READ_ALL;
    };
  }
}
