package io.weft.server.doctor;

import io.weft.model.Invariant;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Deletes proved orphans, and nothing else. Owned by one thread.
///
/// The proof is in the journal: the id was leased, the lease has ended, and no log has an extent of
/// the file; no later entry can give it one. So it needs neither an age nor a grace.
final class Repair {
  private final ClusterBucket bucket;
  private final Metadata metadata;
  private final Progress progress;
  private long objects;
  private long bytes;

  Repair(ClusterBucket bucket, Metadata metadata, Progress progress) {
    this.bucket = bucket;
    this.metadata = metadata;
    this.progress = progress;
  }

  /// @throws io.weft.storage.object.ObjectStoreException with nothing deleted but what was said
  void delete(Orphans orphans) {
    for (int from = 0; from < orphans.count(); from += ObjectStore.KEYS_PER_CALL_MAX) {
      int to = Math.min(orphans.count(), from + ObjectStore.KEYS_PER_CALL_MAX);
      List<ObjectKey> keys = new ArrayList<>(to - from);
      Map<ObjectStore, List<ObjectKey>> byStore = new LinkedHashMap<>();
      long length = 0;
      for (int i = from; i < to; i++) {
        long fileId = orphans.fileId(i);
        Invariant.check(
            metadata.standing(fileId) == ObjectKind.ORPHAN, "file %d is no orphan", fileId);
        FilePlace place = FilePlace.of(fileId);
        keys.add(place.key());
        byStore.computeIfAbsent(bucket.storeOf(place), _ -> new ArrayList<>()).add(place.key());
        length += orphans.length(i);
      }
      byStore.forEach(ObjectStore::delete);
      objects += keys.size();
      bytes += length;
      progress.say(
          "Deleted %d orphans of %d bytes, %s to %s; %d in all."
              .formatted(keys.size(), length, keys.getFirst(), keys.getLast(), objects));
    }
  }

  long objects() {
    return objects;
  }

  long bytes() {
    return bytes;
  }
}
