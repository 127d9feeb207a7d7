package io.weft.storage.object.local;

import io.weft.environment.BlockingCalls;
import io.weft.model.Invariant;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectPart;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A store in a folder of a local disk. Thread-safe; several processes may open the same folder.
///
/// An object is the file of its key's name below the root. It is written to `.tmp` and synced
/// there; then a rename (put) or a hard link (put, if absent) gives it its name, and the folder is
/// synced. So the file system decides which process was first, and a crash leaves an object or
/// none. Empty folders stay.
///
/// What a folder can't do and S3 can: hold an object `a` and an object `a/b`, a key part of more
/// than 255 characters, a key below `.tmp`. Such a put is `Rejected`.
public final class LocalObjectStore implements ObjectStore {
  private static final String SCRATCH_NAME = ".tmp";
  private static final int PART_CHARS_MAX = 255;

  /// How much is read at once. The JDK reads into native memory of this size first, unless the
  /// target is a direct buffer.
  private static final int READ_BYTES_MAX = 1 << 20;

  /// More objects than these are not read at once, and not written: reading holds up no writing.
  private static final int CALLS_MAX = 8;

  private final Path root;
  private final Scratch scratch;
  private final Folders folders;
  private final BlockingCalls reads = new BlockingCalls("disk-read", CALLS_MAX);
  private final BlockingCalls writes = new BlockingCalls("disk-write", CALLS_MAX);

  /// As [#LocalObjectStore(Path, boolean)], durably.
  public LocalObjectStore(Path folder) {
    this(folder, true);
  }

  /// Opens a folder, which is made if it is not there, and removes what crashes left in it.
  ///
  /// @param synced if not, a crash of the machine (not of the process) may lose what was written
  ///   last, in parts too: for tests and comparisons
  /// @throws ObjectStoreException.Rejected if it can't be made or written to
  public LocalObjectStore(Path folder, boolean synced) {
    try {
      Files.createDirectories(folder);
      this.root = folder.toRealPath();
      Path scratchFolder = root.resolve(SCRATCH_NAME);
      Files.createDirectories(scratchFolder);
      this.scratch = new Scratch(scratchFolder, synced);
      scratch.removeLeftovers();
    } catch (IOException failure) {
      throw new ObjectStoreException.Rejected(
          "folder %s can't be used as an object store (%s): give the process a folder it may write to"
              .formatted(folder, failure),
          failure);
    }
    this.folders = new Folders(root, synced);
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    try {
      writes.run(
          () -> {
            Path target = placeFor(key, body);
            move(key, target, body);
            return target;
          });
    } catch (IOException failure) {
      throw writeFailure(key, failure);
    }
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    try {
      return writes.run(() -> link(key, placeFor(key, body), body));
    } catch (IOException failure) {
      throw writeFailure(key, failure);
    }
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    Invariant.check(position >= 0, "read at %d", position);
    int start = target.position();
    int limit = target.limit();
    try {
      reads.run(
          () -> {
            readRange(key, position, target);
            return target;
          });
    } catch (IOException failure) {
      target.limit(limit).position(start);
      throw readFailure(key, failure);
    }
  }

  private void readRange(ObjectKey key, long position, ByteBuffer target) throws IOException {
    try (FileChannel channel = open(key)) {
      if (position > channel.size() || target.remaining() > channel.size() - position) {
        requireObject(key);
        throw new ObjectStoreException.Rejected(
            "object %s of %d bytes ends before %d + %d"
                .formatted(key, channel.size(), position, target.remaining()),
            null);
      }
      fill(channel, position, target);
    }
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    try {
      return reads.run(() -> readWhole(key, lengthMax));
    } catch (IOException failure) {
      throw readFailure(key, failure);
    }
  }

  private byte[] readWhole(ObjectKey key, int lengthMax) throws IOException {
    try (FileChannel channel = open(key)) {
      if (channel.size() > lengthMax) {
        requireObject(key);
        throw new ObjectStoreException.Rejected(
            "object %s has %d bytes, more than %d".formatted(key, channel.size(), lengthMax), null);
      }
      ByteBuffer whole = ByteBuffer.allocate((int) channel.size());
      fill(channel, 0, whole);
      return whole.array();
    }
  }

  @Override
  public ObjectPart readUpTo(ObjectKey key, long position, int lengthMax) {
    Invariant.check(position >= 0, "read at %d", position);
    Invariant.check(lengthMax >= 1, "at most %d bytes", lengthMax);
    try {
      return reads.run(() -> readThere(key, position, lengthMax));
    } catch (IOException failure) {
      throw readFailure(key, failure);
    }
  }

  private ObjectPart readThere(ObjectKey key, long position, int lengthMax) throws IOException {
    try (FileChannel channel = open(key)) {
      long there = channel.size() - position;
      if (there < 0) {
        requireObject(key);
        throw new ObjectStoreException.Rejected(
            "object %s of %d bytes ends before %d".formatted(key, channel.size(), position), null);
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(there, lengthMax));
      fill(channel, position, bytes);
      return new ObjectPart(bytes.flip(), channel.size());
    }
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    Path file = root.resolve(key.name());
    try {
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return found.isRegularFile() && !isScratch(key.name())
          ? Optional.of(new ObjectInfo(key, found.size()))
          : Optional.empty();
    } catch (IOException failure) {
      ObjectStoreException reason = readFailure(key, failure);
      if (reason instanceof ObjectStoreException.NotFound) {
        return Optional.empty();
      }
      throw reason;
    }
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    Invariant.check(max >= 1 && max <= KEYS_PER_CALL_MAX, "a page of %d keys", max);
    try {
      return new Walk(root, prefix, startAfter, max).page();
    } catch (AccessDeniedException failure) {
      throw denied(failure);
    } catch (IOException failure) {
      throw new ObjectStoreException.Unavailable("list of '" + prefix + "': " + failure, failure);
    }
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    Invariant.check(keys.size() <= KEYS_PER_CALL_MAX, "%d keys to delete", keys.size());
    try {
      writes.run(() -> remove(keys));
    } catch (AccessDeniedException failure) {
      throw denied(failure);
    } catch (IOException failure) {
      throw new ObjectStoreException.Unavailable("delete: " + failure, failure);
    }
  }

  private Set<Path> remove(Collection<ObjectKey> keys) throws IOException {
    Set<Path> changed = new LinkedHashSet<>();
    for (ObjectKey key : keys) {
      Path file = root.resolve(key.name());
      if (holdsObject(key, file)) {
        Files.deleteIfExists(file);
        changed.add(file.getParent());
      }
    }
    for (Path folder : changed) {
      folders.sync(folder);
    }
    return changed;
  }

  @Override
  public void close() {
    reads.close();
    writes.close();
  }

  static boolean isScratch(String name) {
    return name.equals(SCRATCH_NAME) || name.startsWith(SCRATCH_NAME + "/");
  }

  private static boolean holdsObject(ObjectKey key, Path file) {
    return !isScratch(key.name()) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  /// Where the object goes, once it is clear that it can and may go there.
  private Path placeFor(ObjectKey key, ObjectBody body) throws IOException {
    if (isScratch(key.name())) {
      throw new ObjectStoreException.Rejected(
          "object key " + key + " lies in the folder for unfinished files", null);
    }
    for (String part : key.name().split("/", -1)) {
      if (part.length() > PART_CHARS_MAX) {
        throw new ObjectStoreException.Rejected(
            "a part of object key %s is longer than a file name can be".formatted(key), null);
      }
    }
    if (!body.intact()) {
      throw new ObjectStoreException.Rejected(
          "the bytes of " + key + " do not have the CRC-32C they were announced with", null);
    }
    Path target = root.resolve(key.name());
    Invariant.check(target.normalize().startsWith(root), "a key that leads out of the root");
    try {
      folders.require(target.getParent());
    } catch (FileAlreadyExistsException object) {
      throw conflict(key, object);
    }
    return target;
  }

  private void move(ObjectKey key, Path target, ObjectBody body) throws IOException {
    Path written = scratch.write(body.slices());
    try {
      Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      Files.deleteIfExists(written);
      requireNoFolder(key, target);
      throw failure;
    }
    folders.sync(target.getParent());
  }

  private PutOutcome link(ObjectKey key, Path target, ObjectBody body) throws IOException {
    Path written = scratch.write(body.slices());
    PutOutcome outcome;
    try {
      Files.createLink(target, written);
      outcome = PutOutcome.CREATED;
    } catch (FileAlreadyExistsException there) {
      requireNoFolder(key, target);
      outcome = PutOutcome.EXISTS;
    } finally {
      Files.deleteIfExists(written);
    }
    // Also if it exists: the process that wrote it may have been killed before it came to this
    // line.
    folders.sync(target.getParent());
    return outcome;
  }

  private static void requireNoFolder(ObjectKey key, Path target) {
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw conflict(key, null);
    }
  }

  private FileChannel open(ObjectKey key) throws IOException {
    if (isScratch(key.name())) {
      throw new ObjectStoreException.NotFound(key);
    }
    return FileChannel.open(
        root.resolve(key.name()), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /// A folder can be opened too, and has a size; it fails when it is read.
  private void requireObject(ObjectKey key) {
    if (!holdsObject(key, root.resolve(key.name()))) {
      throw new ObjectStoreException.NotFound(key);
    }
  }

  private static void fill(FileChannel channel, long position, ByteBuffer target)
      throws IOException {
    int start = target.position();
    int limit = target.limit();
    while (target.position() < limit) {
      target.limit(Math.min(limit, target.position() + READ_BYTES_MAX));
      if (channel.read(target, position + target.position() - start) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
      target.limit(limit);
    }
  }

  private static ObjectStoreException readFailure(ObjectKey key, IOException failure) {
    return switch (failure) {
      case NoSuchFileException absent -> new ObjectStoreException.NotFound(key);
      case AccessDeniedException denied -> denied(denied);
      case IOException other when isNotThere(other) -> new ObjectStoreException.NotFound(key);
      default -> new ObjectStoreException.Unavailable("read of " + key + ": " + failure, failure);
    };
  }

  /// Its beginning is an object's name, or it is a folder's, or longer than names can be.
  private static boolean isNotThere(IOException failure) {
    String reason = String.valueOf(failure.getMessage());
    return reason.endsWith("Not a directory")
        || reason.endsWith("Is a directory")
        || reason.endsWith("File name too long");
  }

  private ObjectStoreException writeFailure(ObjectKey key, IOException failure) {
    return switch (failure) {
      case AccessDeniedException denied -> denied(denied);
      case NoSuchFileException gone -> {
        // Somebody has removed a folder: the next attempt makes it again.
        folders.forget();
        yield new ObjectStoreException.Unavailable("write of " + key + ": " + gone, gone);
      }
      default -> new ObjectStoreException.Unavailable("write of " + key + ": " + failure, failure);
    };
  }

  private static ObjectStoreException.Rejected denied(AccessDeniedException failure) {
    return new ObjectStoreException.Rejected(
        "no permission for %s: let the process read and write the whole folder"
            .formatted(failure.getFile()),
        failure);
  }

  private static ObjectStoreException.Rejected conflict(ObjectKey key, Throwable cause) {
    return new ObjectStoreException.Rejected(
        "object " + key + " can't be kept: its name, or its beginning, is taken", cause);
  }
}
