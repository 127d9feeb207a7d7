package io.weft.protocol.record;

import java.util.List;

/// What [BatchVerifier] says of the records of one partition.
public sealed interface Verification {
  record Accepted(VerifiedBatch batch) implements Verification {}

  /// The most records of one batch that are named.
  int FLAWS_MAX = 1_000;

  /// @param flaws the records that are to blame, if it is them; ascending, at most [#FLAWS_MAX]
  /// @param message for people; never holds bytes of the records
  record Refused(Reason reason, List<RecordFlaw> flaws, String message) implements Verification {}

  enum Reason {
    /// The bytes may have been damaged on the way: sending them again may help.
    CORRUPT,
    /// No correct client sends this: sending it again does not help.
    INVALID,
    TIMESTAMP_OUT_OF_RANGE,
    UNSUPPORTED_COMPRESSION,
    /// Over the partition's limit, or unfolding to more than any batch should.
    TOO_LARGE
  }
}
