package io.weft.controlplane.api;

import java.util.List;

/// What became of an uploaded file.
public sealed interface FileOutcome {
  /// Its batches were judged, each for itself.
  ///
  /// @param partitions in the order of [UploadedFile#partitions()]
  record Committed(List<BatchOutcomes> partitions) implements FileOutcome {}

  /// Its id has expired (or was never this agent's): nothing of it is or ever will be in the log.
  record Expired() implements FileOutcome {}
}
