package io.weft.storage.object.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The folders below the root: made durably, each before what it holds. Thread-safe.
final class Folders {
  /// Folders known to be durable; past so many they are forgotten and asked for again.
  private static final int KNOWN_MAX = 10_000;

  /// Folders kept open to be synced; of more than these, each is opened anew.
  private static final int OPEN_MAX = 64;

  private final Path root;
  private final boolean synced;
  private final Set<Path> known = ConcurrentHashMap.newKeySet();
  private final Map<Path, FileChannel> open = new ConcurrentHashMap<>();

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
    // Also if it was there: whoever made it may not have come to this line yet.
    sync(folder.getParent());
    if (known.size() >= KNOWN_MAX) {
      known.clear();
    }
    known.add(folder);
  }

  /// To be called when a folder turns out to be gone, and at the end.
  void forget() throws IOException {
    known.clear();
    for (FileChannel channel : open.values()) {
      channel.close();
    }
    open.clear();
  }

  /// Makes the names in a folder durable.
  void sync(Path folder) throws IOException {
    if (!synced) {
      return;
    }
    FileChannel kept = open.get(folder);
    if (kept != null && kept.isOpen()) {
      kept.force(true);
      return;
    }
    // An interruption of a thread that was syncing has closed it, if it was there.
    if (kept != null) {
      open.remove(folder, kept);
    }
    FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ);
    if (open.size() >= OPEN_MAX || open.putIfAbsent(folder, opened) != null) {
      try (opened) {
        opened.force(true);
      }
    } else {
      opened.force(true);
    }
  }
}
