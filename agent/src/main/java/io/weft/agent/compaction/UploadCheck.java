package io.weft.agent.compaction;

import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.CorruptFileException;
import io.weft.storage.file.FileFooter;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.FileReader;
import io.weft.storage.object.ObjectStoreException;

/// Looks at a file in the bucket: whether it has the length and the footer that were written. Its
/// checksums are those of the batches, each of which was checked, and the store has checked the
/// whole. Stateless.
public final class UploadCheck {
  /// How often a file's end is read before it is believed to be another: a read may lie.
  private static final int READS_MAX = 3;

  private UploadCheck() {}

  /// @throws ObjectStoreException if it cannot be read, or is not what was written
  public static void check(ClusterBucket bucket, FilePlace place, ComposedFile file) {
    String damage = "its footer is another one";
    for (int reads = 0; reads < READS_MAX; reads++) {
      try {
        FileFooter footer =
            FileReader.readFooter(bucket.storeOf(place), place.key(), file.body().length());
        if (footer.flawAs(bucket.clusterId(), place.fileId()).isEmpty()
            && footer.index().equals(file.index())) {
          return;
        }
      } catch (CorruptFileException corrupt) {
        damage = corrupt.getMessage();
      }
    }
    throw new ObjectStoreException.Rejected(
        "%s is not in the bucket as it was written: %s".formatted(place, damage), null);
  }
}
