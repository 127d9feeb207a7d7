package io.weft.storage.bucket;

import io.weft.model.FileTier;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.StorePurpose;
import java.util.Optional;

/// The bucket that holds one cluster's records, or the two that do.
///
/// @param store of all files but those of the low-latency tier; retries by itself: what it throws
///   is final
/// @param lowLatency likewise, where fresh data goes; empty if all goes to the one store
/// @param clusterId as the cluster's control plane says it
public record ClusterBucket(ObjectStore store, Optional<ObjectStore> lowLatency, String clusterId) {
  /// One bucket for everything.
  public ClusterBucket(ObjectStore store, String clusterId) {
    this(store, Optional.empty(), clusterId);
  }

  /// As one of its users has it: see [ObjectStore#usedFor].
  public ClusterBucket usedFor(StorePurpose purpose) {
    return new ClusterBucket(
        store.usedFor(purpose), lowLatency.map(it -> it.usedFor(purpose)), clusterId);
  }

  /// The tier of what producers send.
  public FileTier freshTier() {
    return lowLatency.isPresent() ? FileTier.LOW_LATENCY : FileTier.HIGH_LATENCY;
  }

  /// The store of a tier; empty if this process was not told of it.
  public Optional<ObjectStore> find(FileTier tier) {
    return switch (tier) {
      case HIGH_LATENCY -> Optional.of(store);
      case LOW_LATENCY -> lowLatency;
    };
  }

  /// The store in which a file of this cluster lies, or is to be put.
  ///
  /// @throws ObjectStoreException if this process was not told of that store
  public ObjectStore storeOf(FilePlace place) {
    return find(place.tier())
        .orElseThrow(
            () ->
                new ObjectStoreException.Unavailable(
                    place
                        + " lies in the low-latency store of the cluster, of which this process"
                        + " knows nothing: it needs the setting tiered.storage that the others"
                        + " have",
                    null));
  }
}
