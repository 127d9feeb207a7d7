package io.weft.controlplane.state.log;

import io.weft.model.PartitionId;
import java.util.Optional;

/// What becomes of extents that are to take the place of others.
public sealed interface ReplaceOutcome {
  /// They have done so.
  record Replaced() implements ReplaceOutcome {}

  /// Nothing has changed: what was to be replaced is no longer what it was, or others cannot take
  /// its place.
  ///
  /// @param why for people
  /// @param differing the partition whose sums are not what they must be, if that is why
  record Refused(String why, Optional<PartitionId> differing) implements ReplaceOutcome {
    /// For anything but sums.
    public Refused(String why) {
      this(why, Optional.empty());
    }
  }
}
