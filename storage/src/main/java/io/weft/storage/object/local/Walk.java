package io.weft.storage.object.local;

import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/// One page of a list: a walk through the folders in key order that enters only those which can
/// hold a wanted key, and ends with the page. Owned by the calling thread.
///
/// Key order is not the order of names: `a-b` comes before `a/c`, but after `a`. So a name waits in
/// the queue as it is, and, if it turns out to be a folder's, once more with a `/` at its end.
/// Besides the page it holds the names of the folders it is in.
final class Walk {
  private final Path root;
  private final String prefix;
  private final String startAfter;
  private final int max;
  private final List<ObjectInfo> page = new ArrayList<>();

  Walk(Path root, String prefix, String startAfter, int max) {
    this.root = root;
    this.prefix = prefix;
    this.startAfter = startAfter;
    this.max = max;
  }

  List<ObjectInfo> page() throws IOException {
    int slash = prefix.lastIndexOf('/');
    if (slash < 0) {
      enter(root, "");
      return page;
    }
    Optional<ObjectKey> folder = key(prefix.substring(0, slash));
    if (folder.isPresent() && !LocalObjectStore.isScratch(folder.get().name())) {
      enter(root.resolve(folder.get().name()), prefix.substring(0, slash + 1));
    }
    return page;
  }

  /// @param path its key part, empty or with a `/` at its end
  private void enter(Path folder, String path) throws IOException {
    PriorityQueue<String> names = wantedNames(folder, path);
    while (!names.isEmpty() && page.size() < max) {
      String name = names.remove();
      if (name.endsWith("/")) {
        enter(folder.resolve(name), path + name);
        continue;
      }
      Optional<BasicFileAttributes> found = attributes(folder.resolve(name));
      if (found.isPresent() && found.get().isDirectory()) {
        names.add(name + "/");
      } else if (found.isPresent() && found.get().isRegularFile() && wanted(path + name)) {
        key(path + name).ifPresent(key -> page.add(new ObjectInfo(key, found.get().size())));
      }
    }
  }

  private PriorityQueue<String> wantedNames(Path folder, String path) throws IOException {
    PriorityQueue<String> names = new PriorityQueue<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (canBeginWanted(path + name) && !LocalObjectStore.isScratch(path + name)) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      return new PriorityQueue<>();
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
    return names;
  }

  private boolean wanted(String key) {
    return key.startsWith(prefix) && key.compareTo(startAfter) > 0;
  }

  /// Whether this name, as a file's or as a folder's, can lead to a wanted key. The last key below
  /// `a/` comes before `a0`, since `0` follows `/`.
  private boolean canBeginWanted(String name) {
    return (name.startsWith(prefix) || prefix.startsWith(name + "/"))
        && (name + "0").compareTo(startAfter) > 0;
  }

  private static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException deleted) {
      return Optional.empty();
    }
  }

  /// Empty for what somebody else has put there under a name that no object of ours has.
  private static Optional<ObjectKey> key(String name) {
    try {
      return Optional.of(new ObjectKey(name));
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }
}
