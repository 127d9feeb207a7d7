package io.weft.storage.bucket;

import io.weft.model.Invariant;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.StorePurpose;

/// The bucket that holds one cluster's records.
///
/// @param store retries by itself: what it throws is final
/// @param clusterId as the cluster's control plane says it
public record ClusterBucket(ObjectStore store, String clusterId) {
  /// As one of its users has it: see [ObjectStore#usedFor].
  public ClusterBucket usedFor(StorePurpose purpose) {
    return new ClusterBucket(store.usedFor(purpose), clusterId);
  }

  /// The store in which a file of this cluster lies, or is to be put.
  public ObjectStore storeOf(FilePlace place) {
    Invariant.check(
        place.store().equals(FilePlace.RECORDS),
        "file %d lies in no store of the cluster",
        place.fileId());
    return store;
  }
}
