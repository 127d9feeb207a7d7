package io.weft.server.process;

import io.weft.server.settings.SettingException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where `weft dev` keeps everything: a folder, or a bucket's URL. A folder is this process's alone
/// for as long as it runs: the kernel holds the lock, and gives it back however the process ends.
final class DataFolder {
  private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
  private static final String LOCK_NAME = ".lock";

  private final String text;
  private final String place;
  private final String options;

  /// @throws SettingException if it names no place
  DataFolder(String text) {
    int query = text.indexOf('?');
    this.text = text;
    String before = query < 0 ? text : text.substring(0, query);
    boolean folder = !before.matches("[a-z0-9]+:.*");
    this.place = (folder ? "file:" : "") + before;
    this.options = query < 0 ? "" : text.substring(query);
    if (place.equals("file:") || before.isBlank()) {
      throw new SettingException(
          "data is '%s', which names no folder; set --data to one, such as weft-data."
              .formatted(text));
    }
  }

  /// A part of it, as the URL of a store of its own.
  String url(String part) {
    // A store in memory has a name, not a path.
    String separator = place.startsWith("mem:") ? "-" : "/";
    return place + separator + part + options;
  }

  /// Takes the folder for this process.
  ///
  /// @return how to give it back; empty if this is no folder, or one that cannot be locked
  /// @throws SettingException if another process has it
  Optional<OpenedParts.Part> lock() {
    if (!place.startsWith("file:")) {
      return Optional.empty();
    }
    FileChannel channel;
    try {
      Path folder = Path.of(place.substring("file:".length()).replaceFirst("^///", "/"));
      Files.createDirectories(folder);
      channel =
          FileChannel.open(
              folder.resolve(LOCK_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException | InvalidPathException e) {
      throw new SettingException(
          "data is '%s', which cannot be used (%s); set --data to a folder that this process may write to."
              .formatted(text, e));
    }
    return held(channel);
  }

  private Optional<OpenedParts.Part> held(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(() -> close(channel));
      }
    } catch (OverlappingFileLockException e) {
      LOG.debug("locked by this process itself", e);
    } catch (IOException e) {
      close(channel);
      LOG.warn(
          "{} cannot be locked ({}); see to it that no second process uses it",
          text,
          e.getMessage());
      return Optional.empty();
    }
    close(channel);
    throw new SettingException(
        "The data folder '%s' is in use by another weft dev; stop that one, or name another folder with --data."
            .formatted(text));
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("the lock's file did not close well", e);
    }
  }
}
