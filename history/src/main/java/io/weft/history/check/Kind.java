package io.weft.history.check;

import java.util.Locale;

/// What can be wrong with a history.
public enum Kind {
  /// An offset has two values.
  INCONSISTENT_OFFSETS,
  /// A value has two offsets.
  DUPLICATE,
  /// A value was read that failed to be sent or whose transaction was aborted.
  ABORTED_READ,
  /// A value was read that nobody sent to that key.
  PHANTOM,
  /// A value was written and later ones were read, but never this one.
  LOST_WRITE,
  /// A value was acknowledged and no final read returned it.
  UNSEEN,
  /// No value has this offset, though others have lower and higher ones.
  OFFSET_GAP,
  /// One poll leaves out what lies between two of its values.
  INT_POLL_SKIP,
  /// One poll goes back, or stays.
  INT_NONMONOTONIC_POLL,
  /// A poll leaves out what follows its reader's last one.
  POLL_SKIP,
  /// A poll goes back behind its reader's last one.
  NONMONOTONIC_POLL,
  /// A producer's later value lies before an earlier one.
  NONMONOTONIC_SEND,
  /// So it is within one transaction.
  INT_NONMONOTONIC_SEND,
  /// A value lies before one that was acknowledged before this one was sent, by whomever.
  REALTIME_ORDER,
  /// A transaction read its own value before it was committed.
  PRECOMMITTED_READ,
  /// Transactions read each other's values in a circle.
  G1C,
  /// A transaction's value was read and another one of it never.
  TORN_TRANSACTION,
  /// A group is at an offset below the one it was seen at, or at none.
  COMMITTED_OFFSET_BACK,
  /// A group is at an offset below one whose commit was acknowledged.
  COMMITTED_OFFSET_LOST,
  /// A group is at an offset that only failed commits or aborted transactions said.
  ABORTED_OFFSET,
  /// A group is at an offset that nobody said.
  PHANTOM_OFFSET,
  /// Of an input no output was read.
  UNPROCESSED,
  /// Of an input two outputs were read.
  PROCESSED_TWICE,
  /// An output was read that no input is the cause of.
  OUTPUT_OF_NOTHING,
  /// At the end a pipeline's group is not behind its last input.
  INPUT_NOT_COMMITTED,
  /// A value was read before it was sent.
  FUTURE_READ,
  /// A reader was not given for too long what had been acknowledged.
  REALTIME_LAG;

  /// For people: `lost-write`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
