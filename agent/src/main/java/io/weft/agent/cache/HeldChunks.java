package io.weft.agent.cache;

import io.weft.storage.file.FilePlace;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The chunks in memory, least recently used first out, and what is known of files that are longer
/// than one chunk. Guarded by its owner's lock.
///
/// ```
/// File => Whole | Chunk*          -- a file that is kept whole has the index WHOLE
/// ```
///
/// The order of use alone decides what goes: no clock, no chance, so that a simulated run repeats.
final class HeldChunks {
  /// Index of a chunk that is a whole file.
  static final int WHOLE = -1;

  /// Longer files that are remembered, at most, and the bytes of their footers together; of these a
  /// single one may have more.
  private static final int LONG_FILES_MAX = 100_000;

  private static final long FOOTER_BYTES_MAX = 8 << 20;

  private final int chunkBytes;
  private final long bytesMax;
  private final LinkedHashMap<ChunkId, Chunk> chunks = new LinkedHashMap<>(16, 0.75f, true);
  private final LinkedHashMap<FilePlace, LongFile> longFiles = new LinkedHashMap<>(16, 0.75f, true);
  private long bytesHeld;
  private long footerBytes;

  record ChunkId(FilePlace place, int index) {}

  /// A file that is not kept whole.
  record LongFile(long length, FileCheck check) {}

  HeldChunks(int chunkBytes, long bytesMax) {
    this.chunkBytes = chunkBytes;
    this.bytesMax = bytesMax;
  }

  /// The footers of longer files included.
  long bytesHeld() {
    return bytesHeld + footerBytes;
  }

  int count() {
    return chunks.size();
  }

  /// The chunk with this byte of the file, if it is held.
  Optional<Chunk> at(FilePlace place, long position) {
    Chunk whole = chunks.get(new ChunkId(place, WHOLE));
    return Optional.ofNullable(
        whole != null ? whole : chunks.get(new ChunkId(place, indexOf(position))));
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
  void keep(ChunkId id, Chunk chunk) {
    if (chunk.sizeInBytes() > bytesMax) {
      return;
    }
    Chunk before = chunks.put(id, chunk);
    bytesHeld += chunk.sizeInBytes() - (before == null ? 0 : before.sizeInBytes());
    Iterator<Map.Entry<ChunkId, Chunk>> oldest = chunks.entrySet().iterator();
    while (bytesHeld > bytesMax) {
      bytesHeld -= oldest.next().getValue().sizeInBytes();
      oldest.remove();
    }
  }

  /// Lets this very copy go, if it is still held, and what was found its file to be with it.
  void drop(Chunk chunk) {
    LongFile known = longFiles.get(chunk.place());
    if (known != null && known.check().equals(chunk.check())) {
      forget(chunk.place());
    }
    List<ChunkId> ids = new ArrayList<>();
    ids.add(new ChunkId(chunk.place(), WHOLE));
    ids.add(new ChunkId(chunk.place(), indexOf(chunk.position())));
    for (ChunkId id : ids) {
      if (chunks.remove(id, chunk)) {
        bytesHeld -= chunk.sizeInBytes();
      }
    }
  }
}
