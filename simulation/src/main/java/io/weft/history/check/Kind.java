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
  /// A value was read before it was sent.
  FUTURE_READ,
  /// A reader was not given for too long what had been acknowledged.
  REALTIME_LAG;

  /// For people: `lost-write`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
