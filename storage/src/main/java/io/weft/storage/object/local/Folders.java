package io.weft.storage.object.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The folders below the root: made durably, each before what it holds. Thread-safe.
final class Folders {
  /// Folders known to be durable; past so many they are forgotten and asked for again.
  private static final int KNOWN_MAX = 10_000;

  private final Path root;
  private final boolean synced;
  private final Set<Path> known = ConcurrentHashMap.newKeySet();

  Folders(Path root, boolean synced) {
    this.root = root;
    this.synced = synced;
  }

  /// Makes sure that a folder is there, and stays there through a crash.
  void require(Path folder) throws IOException {
    if (folder.equals(root) || known.contains(folder)) {
      return;
    }
    require(folder.getParent());
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException there) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw there;
      }
    }
    // Also if it was there: the process that made it may not have come to this line yet.
    sync(folder.getParent());
    if (known.size() >= KNOWN_MAX) {
      known.clear();
    }
    known.add(folder);
  }

  /// To be called when a folder turns out to be gone.
  void forget() {
    known.clear();
  }

  /// Makes the names in a folder durable.
  void sync(Path folder) throws IOException {
    if (!synced) {
      return;
    }
    // Not kept open: by then it may be another folder of that name.
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
