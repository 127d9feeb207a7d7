package io.weft.agent.share;

import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.protocol.record.StampedRecords;
import java.util.List;

/// What a share fetch gets of one partition. Of all but `Records` the member holds nothing that it
/// did not hold before, unless the control plane could not be told: it then waits for the lock's
/// end.
public sealed interface ShareFetched {
  /// @param records whole batches: all the acquired ones lie in them
  /// @param acquired by the member, in offset order; at least one
  record Records(StampedRecords records, List<AcquiredRun> acquired) implements ShareFetched {}

  /// There is nothing to be acquired now.
  record Nothing() implements ShareFetched {}

  /// The group does not read this partition yet.
  record NotBegun() implements ShareFetched {}

  /// The control plane says so.
  record UnknownPartition() implements ShareFetched {}

  /// The records are there but could not be read now.
  record Unreadable() implements ShareFetched {}

  /// The records are damaged, or their file is missing: trying again does not help.
  record Damaged() implements ShareFetched {}

  /// The control plane cannot be asked.
  record Unplaced() implements ShareFetched {}
}
