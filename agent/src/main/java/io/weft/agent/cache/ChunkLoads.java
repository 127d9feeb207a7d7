package io.weft.agent.cache;

import io.weft.agent.cache.HeldChunks.ChunkId;
import io.weft.agent.cache.HeldChunks.LongFile;
import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.FileFooter;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.FileReader;
import io.weft.storage.object.ObjectPart;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// What it takes to bring a chunk from the store: the requests, and how many at once. Thread-safe.
///
/// An extent only says that its file reaches to the extent's end. So a file nobody here knows is
/// asked for whole, or for as much of it as a whole file may have: the answer says how long it is,
/// and for every ingest file that is all. Of a longer one the first aligned piece is kept and the
/// footer is read, once, unless the piece brought it along; aligned pieces are loaded from then on.
/// Where the extent itself lies beyond the size of one chunk, its piece is asked for first.
///
/// All bytes that are loaded come with what the file says of itself: which cluster it belongs to,
/// and what lies where.
final class ChunkLoads {
  private final ClusterBucket bucket;
  private final CacheSettings settings;
  private final Semaphore free;
  private final Semaphore freeAhead;

  ChunkLoads(ClusterBucket bucket, CacheSettings settings) {
    this.bucket = bucket;
    this.settings = settings;
    this.free = new Semaphore(settings.loadsMax());
    this.freeAhead = new Semaphore(settings.aheadLoadsMax());
  }

  sealed interface Load {
    record Brought(Chunk chunk) implements Load {}

    /// The file is longer than one chunk: this is known now, and the piece that has come with it.
    record Longer(LongFile file, ChunkId id, Chunk piece) implements Load {}

    /// The chunk with the byte at `position`, if this has brought it; a short file is its own only
    /// one.
    default Optional<Chunk> chunkAt(long position) {
      return switch (this) {
        case Brought(Chunk chunk) -> Optional.of(chunk);
        case Longer(LongFile file, ChunkId id, Chunk piece) ->
            piece.position() <= position && position < piece.end()
                ? Optional.of(piece)
                : Optional.empty();
      };
    }

    default Chunk chunk() {
      return switch (this) {
        case Brought(Chunk chunk) -> chunk;
        case Longer(LongFile file, ChunkId id, Chunk piece) -> piece;
      };
    }
  }

  /// Brings a file that is not known yet: whole, if it is short enough.
  ///
  /// @param position that is wanted
  /// @param knownEnd a byte before which the file does not end
  Load first(FilePlace place, long position, long knownEnd, ReadPurpose purpose) {
    Semaphore permits = acquire(purpose);
    try {
      int bytesMax = settings.wholeFileBytesMax();
      if (knownEnd <= bytesMax) {
        ObjectPart part = bucket.storeOf(place).readUpTo(place.key(), 0, bytesMax);
        return part.objectLength() <= bytesMax
            ? new Load.Brought(whole(place, part.bytes()))
            : longer(place, 0, part);
      }
      int index = Math.toIntExact(position / settings.chunkBytes());
      long from = (long) index * settings.chunkBytes();
      return longer(
          place, index, bucket.storeOf(place).readUpTo(place.key(), from, settings.chunkBytes()));
    } finally {
      permits.release();
    }
  }

  /// Brings one aligned piece of a longer file.
  Load piece(ChunkId id, LongFile file, ReadPurpose purpose) {
    long fileLength = file.length();
    long from = (long) id.index() * settings.chunkBytes();
    long to = Math.min(from + settings.chunkBytes(), fileLength);
    if (to <= from) {
      throw new ObjectStoreException.Rejected(
          "%s has %d bytes and no chunk %d".formatted(id.place(), fileLength, id.index()), null);
    }
    Semaphore permits = acquire(purpose);
    try {
      ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
      bucket.storeOf(id.place()).read(id.place().key(), from, bytes);
      return new Load.Brought(
          Chunk.ofPiece(id.place(), from, GatheredBytes.of(bytes.flip()), file.check()));
    } finally {
      permits.release();
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

  /// @param part from where the piece of this index begins; may reach beyond its end
  private Load longer(FilePlace place, int index, ObjectPart part) {
    long from = (long) index * settings.chunkBytes();
    long length = part.objectLength();
    FileCheck check =
        FileCheck.of(bucket.clusterId(), place.fileId(), () -> footerOf(place, from, part));
    ByteBuffer bytes = part.bytes();
    if (bytes.remaining() > settings.chunkBytes()) {
      // What lies beyond the piece must not stay with it.
      ByteBuffer piece = ByteBuffer.allocate(settings.chunkBytes());
      bytes = piece.put(bytes.slice(bytes.position(), piece.capacity())).flip();
    }
    return new Load.Longer(
        new LongFile(length, check),
        new ChunkId(place, index),
        Chunk.ofPiece(place, from, GatheredBytes.of(bytes), check));
  }

  private FileFooter footerOf(FilePlace place, long from, ObjectPart part) {
    ObjectStore store = bucket.storeOf(place);
    ByteBuffer bytes = part.bytes();
    boolean reachesEnd = from + bytes.remaining() == part.objectLength();
    if (!reachesEnd || bytes.remaining() < FileReader.TAIL_BYTES) {
      return FileReader.readFooter(store, place.key(), part.objectLength());
    }
    // A copy: what is remembered of a file must not keep a piece of it.
    byte[] tail = new byte[FileReader.TAIL_BYTES];
    bytes.get(bytes.limit() - tail.length, tail);
    return FileReader.readFooter(store, place.key(), part.objectLength(), ByteBuffer.wrap(tail));
  }

  /// A reader's loads do not wait for those that no reader has asked for yet.
  ///
  /// @return where to give it back
  private Semaphore acquire(ReadPurpose purpose) {
    Semaphore permits =
        switch (purpose) {
          case TAIL, CATCH_UP, JOB -> free;
          case READ_AHEAD -> freeAhead;
        };
    try {
      permits.acquire();
      return permits;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unavailable("interrupted before a load", interrupted);
    }
  }
}
