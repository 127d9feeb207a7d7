package io.weft.agent.cache;

import io.weft.storage.file.FilePlace;
import java.util.LinkedHashMap;
import java.util.Optional;

/// The chunks in memory, and what is known of files that are longer than one chunk. Guarded by its
/// owner's lock.
///
/// ```
/// File => Whole | Chunk*          -- a file that is kept whole has the index WHOLE
/// ```
///
/// What goes first is for [Segments] to say.
final class HeldChunks {
  /// Index of a chunk that is a whole file.
  static final int WHOLE = -1;

  /// Longer files that are remembered, at most, and the bytes of their footers together; of these a
  /// single one may have more.
  private static final int LONG_FILES_MAX = 100_000;

  private static final long FOOTER_BYTES_MAX = 8 << 20;

  private final int chunkBytes;
  private final Segments<ChunkId, Chunk> chunks;
  private final LinkedHashMap<FilePlace, LongFile> longFiles = new LinkedHashMap<>(16, 0.75f, true);
  private long footerBytes;

  record ChunkId(FilePlace place, int index) {}

  /// A file that is not kept whole.
  record LongFile(long length, FileCheck check) {}

  HeldChunks(int chunkBytes, long bytesMax) {
    this.chunkBytes = chunkBytes;
    this.chunks = new Segments<>(bytesMax);
  }

  /// The footers of longer files included.
  long bytesHeld() {
    return chunks.bytes() + footerBytes;
  }

  int count() {
    return chunks.count();
  }

  /// The chunk with this byte of the file, if it is held; asking changes nothing.
  Optional<Chunk> peek(FilePlace place, long position) {
    return chunks
        .peek(new ChunkId(place, WHOLE))
        .or(() -> chunks.peek(new ChunkId(place, indexOf(position))));
  }

  /// The chunk with this byte of the file, if it is held, for a reader with this purpose.
  Optional<Chunk> at(FilePlace place, long position, ReadPurpose purpose) {
    if (!purpose.inserts()) {
      return peek(place, position);
    }
    return chunks
        .use(new ChunkId(place, WHOLE))
        .or(() -> chunks.use(new ChunkId(place, indexOf(position))));
  }

  /// A file that is not kept whole, if it is known.
  Optional<LongFile> longFile(FilePlace place) {
    return Optional.ofNullable(longFiles.get(place));
  }

  void remember(FilePlace place, LongFile file) {
    forget(place);
    longFiles.put(place, file);
    footerBytes += file.check().sizeInBytes();
    while (longFiles.size() > LONG_FILES_MAX
        || (footerBytes > FOOTER_BYTES_MAX && longFiles.size() > 1)) {
      forget(longFiles.firstEntry().getKey());
    }
  }

  private void forget(FilePlace place) {
    LongFile known = longFiles.remove(place);
    footerBytes -= known == null ? 0 : known.check().sizeInBytes();
  }

  int indexOf(long position) {
    return Math.toIntExact(position / chunkBytes);
  }

  /// Keeps a chunk, and lets others go until all fit. One that alone is too large is not kept.
  ///
  /// @param inserts whether it is kept for more than the reader that it was brought for
  void keep(ChunkId id, Chunk chunk, boolean inserts) {
    if (inserts) {
      chunks.keep(id, chunk, chunk.sizeInBytes());
    } else {
      chunks.keepInPassing(id, chunk, chunk.sizeInBytes());
    }
  }

  /// Lets this very copy go, if it is still held, and what was found its file to be with it.
  void drop(Chunk chunk) {
    LongFile known = longFiles.get(chunk.place());
    if (known != null && known.check().equals(chunk.check())) {
      forget(chunk.place());
    }
    chunks.removeExactly(new ChunkId(chunk.place(), WHOLE), chunk);
    chunks.removeExactly(new ChunkId(chunk.place(), indexOf(chunk.position())), chunk);
  }
}
