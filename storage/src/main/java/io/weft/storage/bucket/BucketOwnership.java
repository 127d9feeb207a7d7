package io.weft.storage.bucket;

import io.weft.model.FileTier;
import io.weft.storage.file.FileLayout;
import io.weft.storage.object.ListedPage;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads and writes a bucket's mark. Thread-safe; every call blocks and may throw
/// [ObjectStoreException].
public final class BucketOwnership {
  /// How often a mark is read before it is believed to be damaged: a read may lie.
  private static final int READS_MAX = 10;

  private final ObjectStore store;

  public BucketOwnership(ObjectStore store) {
    this.store = store;
  }

  /// The cluster that owns the bucket.
  public sealed interface Owner {
    record Cluster(String clusterId) implements Owner {}

    /// There is no mark.
    ///
    /// @param hasFiles whether there are files of some cluster all the same
    record Nobody(boolean hasFiles) implements Owner {}

    /// Under the mark's key lies something else.
    record Unreadable() implements Owner {}
  }

  /// One request, or two if there is no mark or something much longer than one.
  public Owner owner() {
    try {
      for (int reads = 0; reads < READS_MAX; reads++) {
        Optional<String> clusterId =
            BucketMark.clusterId(store.readAll(BucketMark.KEY, BucketMark.BYTES_MAX));
        if (clusterId.isPresent()) {
          return new Owner.Cluster(clusterId.get());
        }
      }
      return new Owner.Unreadable();
    } catch (ObjectStoreException.NotFound none) {
      return new Owner.Nobody(!store.list(FileLayout.PREFIX, "", 1).isEmpty());
    } catch (ObjectStoreException.Rejected refused) {
      boolean isTooLong =
          store.stat(BucketMark.KEY).filter(it -> it.length() > BucketMark.BYTES_MAX).isPresent();
      if (isTooLong) {
        return new Owner.Unreadable();
      }
      throw refused;
    }
  }

  /// Makes the bucket this cluster's if it is nobody's and empty.
  ///
  /// @return its owner now: a bucket of another cluster, or one with files and without an owner, is
  ///   left as it was
  public Owner claim(String clusterId) {
    Owner found = owner();
    if (!(found instanceof Owner.Nobody(boolean hasFiles)) || hasFiles) {
      return found;
    }
    return switch (store.putIfAbsent(BucketMark.KEY, BucketMark.of(clusterId))) {
      case CREATED -> new Owner.Cluster(clusterId);
      case EXISTS -> owner(); // others start at the same time
    };
  }

  /// Makes the bucket this cluster's, whosever it was.
  public void adopt(String clusterId) {
    store.put(BucketMark.KEY, BucketMark.of(clusterId));
  }

  /// The highest id, without its tier, that a file in the bucket has; empty if there is no file.
  /// Lists all of them.
  ///
  /// @see FileTier#number
  public OptionalLong highestFileNumber() {
    OptionalLong highest = OptionalLong.empty();
    Optional<String> from = Optional.empty();
    do {
      ListedPage page =
          store.listInAnyOrder(FileLayout.PREFIX, from, ObjectStore.KEYS_PER_CALL_MAX);
      for (ObjectInfo object : page.objects()) {
        OptionalLong id = FileLayout.fileId(object.key());
        if (id.isPresent() && FileTier.number(id.getAsLong()) > highest.orElse(-1)) {
          highest = OptionalLong.of(FileTier.number(id.getAsLong()));
        }
      }
      from = page.next();
    } while (from.isPresent());
    return highest;
  }
}
