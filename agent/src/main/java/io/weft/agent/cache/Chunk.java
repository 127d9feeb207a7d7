package io.weft.agent.cache;

import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.file.FilePlace;

/// A piece of a file in memory, what the file says of itself, and which of these bytes have been
/// checked. Thread-safe; told from other copies of the same piece by identity.
public final class Chunk {
  private final FilePlace place;
  private final long position;
  private final GatheredBytes bytes;
  private final FileCheck check;
  private final long sizeInBytes;
  private final CheckedRanges checked = new CheckedRanges();

  private Chunk(
      FilePlace place, long position, GatheredBytes bytes, FileCheck check, long sizeInBytes) {
    this.place = place;
    this.position = position;
    this.bytes = bytes;
    this.check = check;
    this.sizeInBytes = sizeInBytes;
  }

  /// @param check refers to these bytes, if to any
  static Chunk ofWhole(FilePlace place, GatheredBytes bytes, FileCheck check) {
    return new Chunk(place, 0, bytes, check, bytes.length());
  }

  /// @param position where it begins in the file
  /// @param check refers to bytes of its own, which live as long as this piece
  static Chunk ofPiece(FilePlace place, long position, GatheredBytes bytes, FileCheck check) {
    return new Chunk(place, position, bytes, check, (long) bytes.length() + check.sizeInBytes());
  }

  /// @param check refers to bytes that are counted elsewhere
  static Chunk ofShared(FilePlace place, long position, GatheredBytes bytes, FileCheck check) {
    return new Chunk(place, position, bytes, check, bytes.length());
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

  /// Memory that it keeps from being used otherwise.
  long sizeInBytes() {
    return sizeInBytes;
  }

  /// What the whole file has been found to be when this copy was made.
  FileCheck check() {
    return check;
  }

  /// Ranges of the file whose batches have been checked in this copy.
  CheckedRanges checked() {
    return checked;
  }

  /// @param from in the file
  /// @param to in the file, exclusive
  public ChunkSlice slice(long from, long to) {
    return new ChunkSlice(this, from, bytes.slice((int) (from - position), (int) (to - position)));
  }
}
