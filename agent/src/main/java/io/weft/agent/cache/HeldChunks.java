package io.weft.agent.cache;

import io.weft.agent.memory.Lease;
import io.weft.agent.memory.PagePool;
import io.weft.agent.memory.Pages;
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
/// What goes first is for [Segments] to say. A chunk is held in pages that it takes before its
/// bytes are copied; pages of a chunk that was let go are free once no reader holds them, so what
/// is held and what readers hold are bounded together.
final class HeldChunks {
  /// Index of a chunk that is a whole file.
  static final int WHOLE = -1;

  /// Longer files that are remembered, at most, and the bytes of their footers together; of these a
  /// single one may have more.
  private static final int LONG_FILES_MAX = 100_000;

  private static final long FOOTER_BYTES_MAX = 8 << 20;

  private final CacheSettings settings;
  private final PagePool pool;
  private final Segments<ChunkId, Slot> slots;
  private final LinkedHashMap<FilePlace, LongFile> longFiles = new LinkedHashMap<>(16, 0.75f, true);
  private long footerBytes;

  /// Of pages of chunks in their slots, or on their way there.
  private long pageBytesKept;

  private long notKept;

  record ChunkId(FilePlace place, int index) {}

  /// A file that is not kept whole.
  record LongFile(long length, FileCheck check) {}

  /// The place of a chunk among those held; empty while the bytes are copied.
  static final class Slot {
    private Optional<Chunk> chunk = Optional.empty();
    private Lease lease = Lease.NONE;
    private long pageBytes;
    private boolean isGone;

    boolean holds(Chunk another) {
      return chunk.isPresent() && chunk.get().equals(another);
    }
  }

  /// @param pages for the chunk that is to fill the slot, held by the caller
  record Room(Slot slot, Pages pages) {}

  HeldChunks(CacheSettings settings, PagePool pool) {
    this.settings = settings;
    this.pool = pool;
    this.slots = new Segments<>(settings.bytesMax(), this::letGo);
  }

  private void letGo(Slot slot) {
    slot.isGone = true;
    slot.lease.release();
    slot.lease = Lease.NONE;
    pageBytesKept -= slot.pageBytes;
    slot.pageBytes = 0;
  }

  /// The footers of longer files included.
  long bytesHeld() {
    return slots.bytes() + footerBytes;
  }

  int count() {
    return slots.count();
  }

  /// What readers hold of chunks that were let go.
  long bytesOnlyReaders() {
    return pool.figures().bytesUsed() - pageBytesKept;
  }

  /// Chunks that no page was free for.
  long notKept() {
    return notKept;
  }

  /// The chunk with this byte of the file, if it is held; asking changes nothing.
  Optional<Chunk> peek(FilePlace place, long position) {
    return slots
        .peek(new ChunkId(place, WHOLE))
        .or(() -> slots.peek(new ChunkId(place, indexOf(position))))
        .flatMap(slot -> slot.chunk);
  }

  /// Says that a reader with this purpose uses the chunk with this byte. That may let chunks go,
  /// this one too.
  void use(FilePlace place, long position, ReadPurpose purpose) {
    if (purpose.inserts() && slots.use(new ChunkId(place, WHOLE)).isEmpty()) {
      var _ = slots.use(new ChunkId(place, indexOf(position)));
    }
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
    return Math.toIntExact(position / settings.chunkBytes());
  }

  /// Makes room for a chunk that is to be copied, and lets others go for it.
  ///
  /// @param footer bytes of what its file says of itself
  /// @param inserts whether it is kept for more than the reader that it was brought for
  /// @return empty if it is not to be kept: it alone is too large, or readers hold too much
  Optional<Room> makeRoom(ChunkId id, int length, int footer, boolean inserts) {
    Slot slot = new Slot();
    long bytes = pool.roundedUp(length);
    long counted = settings.counted(bytes, footer);
    if (inserts) {
      slots.keep(id, slot, counted);
    } else {
      slots.keepInPassing(id, slot, counted);
    }
    if (slot.isGone || !slots.peek(id).equals(Optional.of(slot))) {
      return Optional.empty();
    }
    Optional<Pages> pages = pool.allocate(length);
    while (pages.isEmpty() && !slot.isGone && canHave(bytes)) {
      slots.letOneGo();
      pages = pool.allocate(length);
    }
    if (pages.isEmpty()) {
      notKept++;
      slots.removeExactly(id, slot);
      return Optional.empty();
    }
    if (!slot.isGone) {
      slot.pageBytes = bytes;
      pageBytesKept += bytes;
    }
    return Optional.of(new Room(slot, pages.get()));
  }

  /// Whether so many bytes can be free once chunks are let go, as far as readers hold none of
  /// these.
  private boolean canHave(long bytes) {
    return bytes <= pool.figures().bytesMax() - bytesOnlyReaders();
  }

  /// Puts a chunk where room was made for it, unless that is others' by now.
  void fill(Room room, Chunk chunk) {
    Slot slot = room.slot();
    if (!slot.isGone) {
      slot.chunk = Optional.of(chunk);
      slot.lease = chunk.lease();
    }
  }

  /// Lets this very copy go, if it is still held, and what was found its file to be with it.
  void drop(Chunk chunk) {
    LongFile known = longFiles.get(chunk.place());
    if (known != null && known.check().equals(chunk.check())) {
      forget(chunk.place());
    }
    drop(new ChunkId(chunk.place(), WHOLE), chunk);
    drop(new ChunkId(chunk.place(), indexOf(chunk.position())), chunk);
  }

  private void drop(ChunkId id, Chunk chunk) {
    slots
        .peek(id)
        .filter(slot -> slot.holds(chunk))
        .ifPresent(slot -> slots.removeExactly(id, slot));
  }
}
