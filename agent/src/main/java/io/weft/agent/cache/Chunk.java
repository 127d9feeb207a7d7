package io.weft.agent.cache;

import io.weft.agent.memory.Lease;
import io.weft.agent.memory.Pages;
import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.file.FilePlace;
import java.util.Optional;

/// A piece of a file in memory, what the file says of itself, and which of these bytes have been
/// checked. Thread-safe; told from other copies of the same piece by identity.
///
/// Its bytes lie in pages, which are others' once nothing holds them, or on the heap. A reader
/// looks at a slice, and holds the pages of that one until it releases it.
public final class Chunk {
  private final FilePlace place;
  private final long position;
  private final GatheredBytes bytes;
  private final Optional<Pages> pages;
  private final FileCheck check;
  private final CheckedRanges checked = new CheckedRanges();

  private Chunk(
      FilePlace place, long position, GatheredBytes bytes, Optional<Pages> pages, FileCheck check) {
    this.place = place;
    this.position = position;
    this.bytes = bytes;
    this.pages = pages;
    this.check = check;
  }

  /// @param position where it begins in the file
  /// @param pages with the bytes
  /// @param check refers to bytes of its own, on the heap
  static Chunk inPages(FilePlace place, long position, Pages pages, FileCheck check) {
    return new Chunk(place, position, GatheredBytes.of(pages.buffers()), Optional.of(pages), check);
  }

  /// @param position where it begins in the file
  /// @param check refers to bytes of its own
  static Chunk onHeap(FilePlace place, long position, GatheredBytes bytes, FileCheck check) {
    return new Chunk(place, position, bytes, Optional.empty(), check);
  }

  public FilePlace place() {
    return place;
  }

  public long position() {
    return position;
  }

  public long end() {
    return position + bytes.length();
  }

  public int length() {
    return bytes.length();
  }

  boolean isInPages() {
    return pages.isPresent();
  }

  /// What the whole file has been found to be when this copy was made.
  FileCheck check() {
    return check;
  }

  /// Ranges of the file whose batches have been checked in this copy.
  CheckedRanges checked() {
    return checked;
  }

  /// Keeps all of it; only for a caller that knows that something keeps it already.
  Lease lease() {
    return lease(0, bytes.length());
  }

  private Lease lease(int from, int to) {
    return pages.map(held -> held.lease(from, to)).orElse(Lease.NONE);
  }

  /// For a caller that knows that something keeps these bytes already; it has to release the slice.
  ///
  /// @param from in the file
  /// @param to in the file, exclusive
  public ChunkSlice slice(long from, long to) {
    int begin = (int) (from - position);
    int end = (int) (to - position);
    return new ChunkSlice(this, from, bytes.slice(begin, end), lease(begin, end));
  }
}
