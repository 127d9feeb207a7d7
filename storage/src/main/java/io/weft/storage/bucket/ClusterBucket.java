package io.weft.storage.bucket;

import io.weft.storage.object.ObjectStore;

/// The bucket that holds one cluster's records.
///
/// @param store retries by itself: what it throws is final
/// @param clusterId as the cluster's control plane says it
public record ClusterBucket(ObjectStore store, String clusterId) {}
