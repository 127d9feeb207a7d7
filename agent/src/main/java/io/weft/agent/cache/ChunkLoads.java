package io.weft.agent.cache;

import io.weft.agent.cache.HeldChunks.ChunkId;
import io.weft.agent.cache.HeldChunks.LongFile;
import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.FileReader;
import io.weft.storage.object.ObjectInfo;
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
/// All bytes that are loaded come with what the file says of itself: which cluster it belongs to,
/// and what lies where.
final class ChunkLoads {
  private final ClusterBucket bucket;
  private final CacheSettings settings;
  private final Semaphore free;

  ChunkLoads(ClusterBucket bucket, CacheSettings settings) {
    this.bucket = bucket;
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
  Load whole(FilePlace place, long knownEnd) {
    acquire();
    try {
      return readWhole(place, knownEnd);
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
          "%s has %d bytes and no chunk %d".formatted(id.place(), fileLength, id.index()), null);
    }
    acquire();
    try {
      ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
      bucket.storeOf(id.place()).read(id.place().key(), from, bytes);
      return new Load.Brought(
          Chunk.ofPiece(id.place(), from, GatheredBytes.of(bytes.flip()), file.check()));
    } finally {
      free.release();
    }
  }

  private Load readWhole(FilePlace place, long knownEnd) {
    int bytesMax = settings.wholeFileBytesMax();
    if (knownEnd > bytesMax) {
      return longer(place, lengthOf(place));
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(bucket.storeOf(place).readAll(place.key(), bytesMax));
      return new Load.Brought(whole(place, bytes));
    } catch (ObjectStoreException.Rejected rejected) {
      long length = lengthOf(place);
      if (length <= bytesMax) {
        throw rejected; // for another reason than its length
      }
      return longer(place, length);
    }
  }

  /// A file that is in memory whole, as one chunk.
  Chunk whole(FilePlace place, ByteBuffer bytes) {
    FileCheck check =
        FileCheck.of(
            bucket.clusterId(),
            place.fileId(),
            () -> FileReader.footerOf(place.key(), bytes.duplicate()));
    return Chunk.ofWhole(place, GatheredBytes.of(bytes), check);
  }

  private Load longer(FilePlace place, long length) {
    FileCheck check =
        FileCheck.of(
            bucket.clusterId(),
            place.fileId(),
            () -> FileReader.readFooter(bucket.storeOf(place), place.key(), length));
    return new Load.Longer(new LongFile(length, check));
  }

  private long lengthOf(FilePlace place) {
    return bucket
        .storeOf(place)
        .stat(place.key())
        .map(ObjectInfo::length)
        .orElseThrow(() -> new ObjectStoreException.NotFound(place.key()));
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
