package io.weft.agent.fetch;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.model.AbortedRange;
import io.weft.model.Span;
import java.util.List;

/// Where a wanted partition's records lie.
sealed interface Located {
  /// All from one version of the partition's metadata.
  ///
  /// @param spans in offset order, the first one with the offset asked for; empty at the high
  ///   watermark; not always up to it
  /// @param aborted transactions of which records may lie among the spans, by where they ended
  /// @param start a place inside the first span, at or before the offset asked for
  record Here(PartitionBounds bounds, List<Span> spans, List<AbortedRange> aborted, Place start)
      implements Located {}

  /// Why it cannot be read.
  record Failed(Fetched reason) implements Located {}

  /// A batch's beginning inside an extent.
  ///
  /// @param skip bytes of the extent before it
  /// @param offset of its first record; if it has an offset of its own, no later than that one
  record Place(int skip, long offset) {
    static final Place NONE = new Place(0, 0);

    static Place beginningOf(Span span) {
      return new Place(0, span.baseOffset());
    }
  }
}
