package io.weft.storage.object;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/// The bytes of an object to be written: slices in order, their length and their CRC-32C.
///
/// Immutable and re-readable: every attempt of an upload sends the same bytes under the same
/// checksum, so the slices must not be written to until every attempt has ended.
public final class ObjectBody {
  private final List<ByteBuffer> slices;
  private final long length;
  private final int crc32c;

  private ObjectBody(List<ByteBuffer> slices, long length, int crc32c) {
    this.slices = slices;
    this.length = length;
    this.crc32c = crc32c;
  }

  /// A body whose checksum the caller already knows (combined from parts rather than computed
  /// again).
  public static ObjectBody of(List<ByteBuffer> slices, int crc32c) {
    long length = 0;
    for (ByteBuffer slice : slices) {
      length += slice.remaining();
    }
    return new ObjectBody(List.copyOf(slices), length, crc32c);
  }

  public static ObjectBody of(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return of(List.of(ByteBuffer.wrap(bytes)), (int) crc.getValue());
  }

  /// Fresh views of the slices: the caller may move their positions.
  public List<ByteBuffer> slices() {
    return slices.stream().map(ByteBuffer::asReadOnlyBuffer).toList();
  }

  /// One copy of all the bytes, for stores that keep them.
  public byte[] toBytes() {
    ByteBuffer copy = ByteBuffer.allocate(Math.toIntExact(length));
    for (ByteBuffer slice : slices) {
      copy.put(slice.duplicate());
    }
    return copy.array();
  }

  /// Whether the slices (still) have the checksum: false means that somebody wrote to them or
  /// combined it wrongly. Reads every byte.
  public boolean intact() {
    CRC32C crc = new CRC32C();
    for (ByteBuffer slice : slices) {
      crc.update(slice.duplicate());
    }
    return (int) crc.getValue() == crc32c;
  }

  public long length() {
    return length;
  }

  public int crc32c() {
    return crc32c;
  }
}
