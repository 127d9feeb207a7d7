package io.weft.controlplane.api;

import io.weft.controlplane.codec.shape.AtMost;
import java.util.List;

/// A file that is durable in the object store and now asks for its places.
///
/// @param bytes the object's length
/// @param partitions its runs of batches, in file order; the first begins at `firstPosition`, each
///   batch where the one before it ends
public record UploadedFile(
    long fileId,
    long bytes,
    int firstPosition,
    @AtMost(TopicCatalog.PARTITIONS_MAX) List<UploadedBatches> partitions) {
  /// This, without its batches' checksums.
  public UploadedFile withoutChecksums() {
    return new UploadedFile(
        fileId,
        bytes,
        firstPosition,
        partitions.stream().map(UploadedBatches::withoutChecksums).toList());
  }
}
