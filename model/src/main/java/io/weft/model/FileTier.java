package io.weft.model;

/// In which of a cluster's two stores a file lies: the one for fresh data, or the one for all else.
/// A file's id says it, from the moment it is leased, so whatever names a file says where it is.
///
/// Ids are numbered through, whatever their tier: a number is given once. Those of the low-latency
/// store have one bit more, so they are above all others.
public enum FileTier {
  /// Where fresh data goes, if a cluster has two stores.
  LOW_LATENCY,

  /// Where merged data goes, and everything if a cluster has one store.
  HIGH_LATENCY;

  /// The number of a file lies below it: a thousand files a second for seventy years.
  private static final long LOW_LATENCY_BIT = 1L << 41;

  /// The tier of the file with this id.
  public static FileTier of(long fileId) {
    return fileId >= LOW_LATENCY_BIT ? LOW_LATENCY : HIGH_LATENCY;
  }

  /// An id without its tier: of two files that one with the larger number is younger.
  public static long number(long fileId) {
    return fileId & ~LOW_LATENCY_BIT;
  }

  /// The lowest id that a file of the low-latency store can have.
  public static long firstOfLowLatency() {
    return LOW_LATENCY_BIT;
  }

  /// The id of this tier with a number.
  ///
  /// @param number 0 or more
  public long id(long number) {
    Invariant.check(number < LOW_LATENCY_BIT, "there are no more file ids: %d", number);
    return switch (this) {
      case LOW_LATENCY -> number | LOW_LATENCY_BIT;
      case HIGH_LATENCY -> number;
    };
  }
}
