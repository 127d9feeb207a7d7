package io.weft.agent.cache;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The chunks in memory, least recently used first out, and the lengths of files that are longer
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

  /// Files whose length is remembered, at most.
  private static final int LENGTHS_MAX = 100_000;

  private final int chunkBytes;
  private final long bytesMax;
  private final LinkedHashMap<ChunkId, Chunk> chunks = new LinkedHashMap<>(16, 0.75f, true);
  private final LinkedHashMap<Long, Long> lengths = new LinkedHashMap<>(16, 0.75f, true);
  private long bytesHeld;

  record ChunkId(long fileId, int index) {}

  HeldChunks(int chunkBytes, long bytesMax) {
    this.chunkBytes = chunkBytes;
    this.bytesMax = bytesMax;
  }

  long bytesHeld() {
    return bytesHeld;
  }

  int count() {
    return chunks.size();
  }

  /// The chunk with this byte of the file, if it is held.
  Optional<Chunk> at(long fileId, long position) {
    Chunk whole = chunks.get(new ChunkId(fileId, WHOLE));
    return Optional.ofNullable(
        whole != null ? whole : chunks.get(new ChunkId(fileId, indexOf(position))));
  }

  /// The length of a file that is not kept whole, if it is known.
  Optional<Long> length(long fileId) {
    return Optional.ofNullable(lengths.get(fileId));
  }

  void rememberLength(long fileId, long length) {
    lengths.put(fileId, length);
    if (lengths.size() > LENGTHS_MAX) {
      lengths.remove(lengths.firstEntry().getKey());
    }
  }

  int indexOf(long position) {
    return Math.toIntExact(position / chunkBytes);
  }

  /// Keeps a chunk, and lets others go until all fit. One that alone is too large is not kept.
  void keep(ChunkId id, Chunk chunk) {
    if (chunk.length() > bytesMax) {
      return;
    }
    Chunk before = chunks.put(id, chunk);
    bytesHeld += chunk.length() - (before == null ? 0 : before.length());
    Iterator<Map.Entry<ChunkId, Chunk>> oldest = chunks.entrySet().iterator();
    while (bytesHeld > bytesMax) {
      bytesHeld -= oldest.next().getValue().length();
      oldest.remove();
    }
  }

  /// Lets this very copy go, if it is still held.
  void drop(Chunk chunk) {
    List<ChunkId> ids = new ArrayList<>();
    ids.add(new ChunkId(chunk.fileId(), WHOLE));
    ids.add(new ChunkId(chunk.fileId(), indexOf(chunk.position())));
    for (ChunkId id : ids) {
      if (chunks.remove(id, chunk)) {
        bytesHeld -= chunk.length();
      }
    }
  }
}
