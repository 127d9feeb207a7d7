package io.weft.agent.files;

import io.weft.storage.file.CorruptFileException;
import io.weft.storage.file.FileFooter;
import io.weft.storage.file.FileOrigin;
import io.weft.storage.file.FileReader;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import java.util.Optional;

/// Puts one file where nothing is yet, and knows the file when it meets it there: from an attempt
/// whose answer was lost, or one that is made at the same time. Thread-safe.
final class FileCreation {
  /// How often the end of a file is read before it is believed to be damaged: a read may lie.
  private static final int READS_MAX = 10;

  private final ObjectStore store;
  private final ObjectKey key;
  private final FileOrigin origin;
  private final ObjectBody body;

  /// @param store retries by itself: what it throws is final
  /// @param key where nothing is yet
  /// @param body of a file that says this of itself
  FileCreation(ObjectStore store, ObjectKey key, FileOrigin origin, ObjectBody body) {
    this.store = store;
    this.key = key;
    this.origin = origin;
    this.body = body;
  }

  /// Returns once the file is durable.
  ///
  /// @throws ObjectStoreException if it may not be
  /// @throws FileTakenException if another one is there
  void create() {
    switch (store.putIfAbsent(key, body)) {
      case CREATED -> {}
      case EXISTS -> recognise();
    }
  }

  private void recognise() {
    long length =
        store
            .stat(key)
            .map(ObjectInfo::length)
            .orElseThrow(
                () ->
                    new ObjectStoreException.Unavailable(
                        "object " + key + " was there, and is gone", null));
    String damage = "";
    for (int reads = 0; reads < READS_MAX; reads++) {
      try {
        FileFooter footer = FileReader.readFooter(store, key, length);
        if (!footer.origin().equals(Optional.of(origin)) || length != body.length()) {
          throw taken(whose(footer), isOfThisCluster(footer));
        }
        return;
      } catch (CorruptFileException corrupt) {
        damage = corrupt.getMessage();
      }
    }
    throw taken("something that cannot be read (%s)".formatted(damage), false);
  }

  private boolean isOfThisCluster(FileFooter footer) {
    return footer.origin().filter(of -> of.clusterId().equals(origin.clusterId())).isPresent();
  }

  private static String whose(FileFooter footer) {
    return footer
        .origin()
        .map(FileOrigin::toString)
        .orElse("a file of format version 1, which names no cluster");
  }

  private FileTakenException taken(String there, boolean isOfThisCluster) {
    String cause =
        isOfThisCluster
            ? "the control plane has given this id a second time: its journal has probably lost its"
                + " end, or was restored from an older copy"
            : "another cluster has written into this bucket, or the control plane's journal is not"
                + " the one that belongs to it";
    return new FileTakenException(
        "at %s, where %s was to be created, there is already %s, written by somebody else; %s."
                .formatted(key, origin, there, cause)
            + " Nothing was overwritten and nothing of this acknowledged."
            + " docs/recovery.md says what to do");
  }
}
