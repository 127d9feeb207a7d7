package io.weft.controlplane.state.part;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.util.List;
import java.util.Map;

/// Hears what a replayed record changed, in the order it changed. Called by the thread that
/// replays.
public interface ChangeListener {
  /// Ignores every change.
  ChangeListener NONE = new ChangeListener() {};

  /// @param appended what was added at the partition's end, in offset order
  default void advanced(PartitionId partition, PartitionBounds bounds, List<Span> appended) {}

  /// Others have taken the place of a run of the partition's extents.
  ///
  /// @param extents those there are now, in offset order
  default void replaced(PartitionId partition, List<Extent> extents) {}

  /// The partition's topic was deleted.
  default void gone(PartitionId partition) {}

  /// Topics, their settings or the agents have changed.
  default void catalogChanged(long version) {}

  /// @param settings all that the resource has now; empty if it has none any more
  default void resourceConfigured(Kind kind, String name, Map<String, String> settings) {}

  /// A producer's transaction ended. Its partitions have [#advanced] before.
  ///
  /// @param producerEpoch the epoch that fences what the producer has sent so far
  default void transactionEnded(long producerId, short producerEpoch, boolean committed) {}
}
