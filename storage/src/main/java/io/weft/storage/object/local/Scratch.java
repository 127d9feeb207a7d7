package io.weft.storage.object.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The folder in which files are written before they become objects. Thread-safe, and safe for
/// several processes at once: a name is only ever used by the process that created it.
final class Scratch {
  /// What is older was left by a crash: no upload takes as long.
  static final long LEFTOVER_AGE_MS = 60 * 60 * 1_000;

  /// How much is handed to the operating system at once. The JDK copies heap buffers into native
  /// memory of this size first.
  private static final int WRITE_BYTES_MAX = 1 << 20;

  /// As many buffers as the JDK hands over in one call.
  private static final int WRITE_SLICES_MAX = 16;

  private final Path folder;
  private final boolean synced;
  private final long process = ProcessHandle.current().pid();
  private final AtomicLong created = new AtomicLong();

  /// @param folder exists and can be written to
  /// @param synced whether what is written is durable
  Scratch(Path folder, boolean synced) {
    this.folder = folder;
    this.synced = synced;
  }

  /// Removes what crashes left behind. Ages are told by the file system's own clock, on a file made
  /// for it, so that no other clock matters.
  void removeLeftovers() throws IOException {
    Path probe = write(List.of());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      long nowMs = Files.getLastModifiedTime(probe).toMillis();
      for (Path file : files) {
        removeIfOlder(file, nowMs - LEFTOVER_AGE_MS);
      }
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /// Writes a new file, durably.
  ///
  /// @return its path; the caller moves or deletes it
  Path write(List<ByteBuffer> slices) throws IOException {
    while (true) {
      Path file = folder.resolve(process + "-" + created.incrementAndGet());
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        writeAndSync(file, channel, slices);
        return file;
      } catch (FileAlreadyExistsException taken) {
        // By another process of that number: on another machine, in a container, before a crash.
      }
    }
  }

  private void writeAndSync(Path file, FileChannel channel, List<ByteBuffer> slices)
      throws IOException {
    try {
      for (ByteBuffer[] portion : portions(slices)) {
        while (portion[portion.length - 1].hasRemaining()) {
          channel.write(portion);
        }
      }
      if (synced) {
        channel.force(true);
      }
    } catch (IOException failure) {
      Files.deleteIfExists(file);
      throw failure;
    }
  }

  /// The slices cut and gathered into portions for one call each. No portion ends with an empty
  /// buffer, so that its last one tells when it is written.
  static List<ByteBuffer[]> portions(List<ByteBuffer> slices) {
    List<ByteBuffer[]> portions = new ArrayList<>();
    List<ByteBuffer> portion = new ArrayList<>();
    int bytes = 0;
    for (ByteBuffer slice : slices) {
      while (slice.hasRemaining()) {
        int length = Math.min(slice.remaining(), WRITE_BYTES_MAX - bytes);
        portion.add(slice.slice(slice.position(), length));
        slice.position(slice.position() + length);
        bytes += length;
        if (bytes == WRITE_BYTES_MAX || portion.size() == WRITE_SLICES_MAX) {
          portions.add(portion.toArray(ByteBuffer[]::new));
          portion.clear();
          bytes = 0;
        }
      }
    }
    if (!portion.isEmpty()) {
      portions.add(portion.toArray(ByteBuffer[]::new));
    }
    return portions;
  }

  private static void removeIfOlder(Path file, long thanMs) throws IOException {
    try {
      if (Files.getLastModifiedTime(file).toMillis() < thanMs) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException gone) {
      // Its writer has just moved it, or another process cleans up too.
    }
  }
}
