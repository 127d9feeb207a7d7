package io.weft.agent.cache;

import io.weft.agent.cache.HeldChunks.ChunkId;
import io.weft.agent.cache.HeldChunks.LongFile;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileFooter;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.FileReader;
import io.weft.storage.object.ObjectPart;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

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
  /// What a footer says of one partition takes less.
  private static final int FOOTER_BYTES_PER_EXTENT_MAX = 128;

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

  /// What a request has brought, on the heap until it is copied.
  ///
  /// @param id of the chunk
  /// @param position where it begins in the file
  /// @param check refers to bytes of its own
  /// @param longer the file, if it has turned out to be longer than one chunk
  record Brought(
      ChunkId id, long position, ByteBuffer bytes, FileCheck check, Optional<LongFile> longer) {}

  /// Does what loads a chunk and copies it, once it may: so what loads have on the heap is bounded.
  /// A reader's loads do not wait for those that no reader has asked for yet.
  <T> T permitted(ReadPurpose purpose, Supplier<T> load) {
    Semaphore permits =
        switch (purpose) {
          case TAIL, CATCH_UP, SEARCH, JOB -> free;
          case READ_AHEAD -> freeAhead;
        };
    try {
      permits.acquire();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unavailable("interrupted before a load", interrupted);
    }
    try {
      return load.get();
    } finally {
      permits.release();
    }
  }

  /// Brings a file that is not known yet: whole, if it is short enough.
  ///
  /// @param position that is wanted
  /// @param knownEnd a byte before which the file does not end
  Brought first(ReadPurpose purpose, FilePlace place, long position, long knownEnd) {
    ObjectStore store = storeOf(purpose, place);
    int bytesMax = settings.wholeFileBytesMax();
    if (knownEnd <= bytesMax) {
      ObjectPart part = store.readUpTo(place.key(), 0, bytesMax);
      return part.objectLength() <= bytesMax
          ? whole(place, part.bytes())
          : longer(store, place, 0, part);
    }
    int index = Math.toIntExact(position / settings.chunkBytes());
    long from = (long) index * settings.chunkBytes();
    return longer(store, place, index, store.readUpTo(place.key(), from, settings.chunkBytes()));
  }

  /// Brings one aligned piece of a longer file.
  Brought piece(ReadPurpose purpose, ChunkId id, LongFile file) {
    long fileLength = file.length();
    long from = (long) id.index() * settings.chunkBytes();
    long to = Math.min(from + settings.chunkBytes(), fileLength);
    if (to <= from) {
      throw new ObjectStoreException.Rejected(
          "%s has %d bytes and no chunk %d".formatted(id.place(), fileLength, id.index()), null);
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
    storeOf(purpose, id.place()).read(id.place().key(), from, bytes);
    return new Brought(id, from, bytes.flip(), file.check(), Optional.empty());
  }

  private ObjectStore storeOf(ReadPurpose purpose, FilePlace place) {
    return bucket.usedFor(purpose.storePurpose()).storeOf(place);
  }

  /// What a file says of itself that its writer has in memory.
  FileCheck checkOf(FilePlace place, ComposedFile file) {
    long length = file.body().length();
    int footerBytesMax =
        FileReader.TAIL_BYTES + file.index().extents().size() * FOOTER_BYTES_PER_EXTENT_MAX;
    int tailBytes = (int) Math.min(length, footerBytesMax);
    ByteBuffer tail = ByteBuffer.allocate(tailBytes);
    long skip = length - tailBytes;
    for (ByteBuffer slice : file.body().slices()) {
      int skipped = (int) Math.min(skip, slice.remaining());
      tail.put(slice.position(slice.position() + skipped));
      skip -= skipped;
    }
    return checkOf(
        place,
        () ->
            FileReader.readFooter(
                storeOf(ReadPurpose.TAIL, place), place.key(), length, tail.flip()));
  }

  /// @param footer may refer to all of a file's bytes: what is kept of it does not
  private FileCheck checkOf(FilePlace place, Supplier<FileFooter> footer) {
    return FileCheck.of(
        bucket.clusterId(),
        place.fileId(),
        () -> FileFooter.of(ByteBuffer.wrap(footer.get().toBytes())));
  }

  private Brought whole(FilePlace place, ByteBuffer bytes) {
    FileCheck check = checkOf(place, () -> FileReader.footerOf(place.key(), bytes.duplicate()));
    return new Brought(new ChunkId(place, HeldChunks.WHOLE), 0, bytes, check, Optional.empty());
  }

  /// @param part from where the piece of this index begins; may reach beyond its end
  private Brought longer(ObjectStore store, FilePlace place, int index, ObjectPart part) {
    long from = (long) index * settings.chunkBytes();
    FileCheck check =
        FileCheck.of(bucket.clusterId(), place.fileId(), () -> footerOf(store, place, from, part));
    ByteBuffer bytes = part.bytes();
    int length = Math.min(bytes.remaining(), settings.chunkBytes());
    return new Brought(
        new ChunkId(place, index),
        from,
        bytes.slice(bytes.position(), length),
        check,
        Optional.of(new LongFile(part.objectLength(), check)));
  }

  private FileFooter footerOf(ObjectStore store, FilePlace place, long from, ObjectPart part) {
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
}
