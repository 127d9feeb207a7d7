package io.weft.controlplane.api;

import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Kind;
import java.util.List;

/// What became of an uploaded file.
public sealed interface FileOutcome {
  /// Its batches were judged, each for itself.
  ///
  /// @param partitions in the order of [UploadedFile#partitions()]
  @Kind(0)
  record Committed(@AtMost(TopicCatalog.PARTITIONS_MAX) List<BatchOutcomes> partitions)
      implements FileOutcome {}

  /// Its id has expired (or was never this agent's): none of its batches is or ever will be in the
  /// log.
  @Kind(1)
  record Expired() implements FileOutcome {}
}
