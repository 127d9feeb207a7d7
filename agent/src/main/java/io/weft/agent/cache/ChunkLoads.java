package io.weft.agent.cache;

import io.weft.agent.cache.HeldChunks.ChunkId;
import io.weft.agent.cache.HeldChunks.LongFile;
import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.FileLayout;
import io.weft.storage.file.FileReader;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/// What it takes to bring a chunk from the store: the requests, and how many at once. Thread-safe.
///
/// A store must not be asked for bytes that are not there, and an extent only says that its file
/// reaches to the extent's end. So a file nobody here knows is asked for whole, which is right for
/// every ingest file and costs one GET; only if the store says that it is longer is its length
/// asked for, once, and its footer, and aligned pieces are loaded from then on. Where the extent
/// itself lies beyond the size of one chunk, the length is asked for at once.
///
/// Whatever is brought comes with what the file says of itself: whose it is, and what lies where.
final class ChunkLoads {
  private final ClusterBucket bucket;
  private final ObjectStore store;
  private final CacheSettings settings;
  private final Semaphore free;

  ChunkLoads(ClusterBucket bucket, CacheSettings settings) {
    this.bucket = bucket;
    this.store = bucket.store();
    this.settings = settings;
    this.free = new Semaphore(settings.loadsMax());
  }

  sealed interface Load {
    record Brought(Chunk chunk) implements Load {}

    /// The file is longer than one chunk: nothing was brought yet.
    record Longer(LongFile file) implements Load {}
  }

  /// Brings a file whole, if it is short enough.
  ///
  /// @param knownEnd a byte before which the file does not end
  Load whole(long fileId, long knownEnd) {
    acquire();
    try {
      return readWhole(fileId, knownEnd);
    } finally {
      free.release();
    }
  }

  /// Brings one aligned piece of a longer file.
  Load piece(ChunkId id, LongFile file) {
    long fileLength = file.length();
    long from = (long) id.index() * settings.chunkBytes();
    long to = Math.min(from + settings.chunkBytes(), fileLength);
    if (to <= from) {
      throw new ObjectStoreException.Rejected(
          "file %d has %d bytes and no chunk %d".formatted(id.fileId(), fileLength, id.index()),
          null);
    }
    acquire();
    try {
      ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
      store.read(FileLayout.key(id.fileId()), from, bytes);
      return new Load.Brought(
          Chunk.ofPiece(id.fileId(), from, GatheredBytes.of(bytes.flip()), file.check()));
    } finally {
      free.release();
    }
  }

  private Load readWhole(long fileId, long knownEnd) {
    ObjectKey key = FileLayout.key(fileId);
    int bytesMax = settings.wholeFileBytesMax();
    if (knownEnd > bytesMax) {
      return longer(fileId, lengthOf(key));
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(store.readAll(key, bytesMax));
      return new Load.Brought(whole(fileId, bytes));
    } catch (ObjectStoreException.Rejected rejected) {
      long length = lengthOf(key);
      if (length <= bytesMax) {
        throw rejected; // for another reason than its length
      }
      return longer(fileId, length);
    }
  }

  /// A file that is in memory whole, as one chunk.
  Chunk whole(long fileId, ByteBuffer bytes) {
    FileCheck check =
        FileCheck.of(
            bucket.clusterId(),
            fileId,
            () -> FileReader.footerOf(FileLayout.key(fileId), bytes.duplicate()));
    return Chunk.ofWhole(fileId, GatheredBytes.of(bytes), check);
  }

  private Load longer(long fileId, long length) {
    FileCheck check =
        FileCheck.of(
            bucket.clusterId(),
            fileId,
            () -> FileReader.readFooter(store, FileLayout.key(fileId), length));
    return new Load.Longer(new LongFile(length, check));
  }

  private long lengthOf(ObjectKey key) {
    return store
        .stat(key)
        .map(ObjectInfo::length)
        .orElseThrow(() -> new ObjectStoreException.NotFound(key));
  }

  private void acquire() {
    try {
      free.acquire();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unavailable("interrupted before a load", interrupted);
    }
  }
}
