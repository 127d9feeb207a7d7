package io.weft.protocol.record;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/// One stored batch, looked at where it lies. Immutable.
///
/// Its own base offset and leader epoch are stamped when it is read. What is stored there means
/// nothing, except where batches have offsets of their own: there the base offset stands in its
/// place, and since it lies outside of the batch's CRC, and a wrong offset must not be taken for a
/// right one, the CRC-32C of the 12 bytes before it in the place of the leader epoch.
///
/// @param bytes what it lies in
/// @param at index of its first byte
/// @param sizeInBytes of the whole batch, head included
public record BatchView(GatheredBytes bytes, int at, int sizeInBytes) {
  /// The batch that begins at `at`, or empty if not all of it is there.
  ///
  /// @throws CorruptBatchException if no batch begins there
  public static Optional<BatchView> at(GatheredBytes bytes, int at) {
    if (bytes.length() - at < BatchHeader.BYTES) {
      return Optional.empty();
    }
    int size = sizeInBytes(bytes, at);
    return size > bytes.length() - at
        ? Optional.empty()
        : Optional.of(new BatchView(bytes, at, size));
  }

  /// Bytes of the batch that begins at `at`, of which at least the head is there.
  ///
  /// @throws CorruptBatchException if no batch begins there
  public static int sizeInBytes(GatheredBytes bytes, int at) {
    byte magic = bytes.byteAt(at + BatchHeader.MAGIC);
    if (magic != BatchHeader.MAGIC_V2) {
      throw new CorruptBatchException(at, "magic " + magic);
    }
    long size = (long) bytes.intAt(at + BatchHeader.LENGTH) + BatchHeader.LENGTH_OVERHEAD;
    if (size < BatchHeader.BYTES || size > Integer.MAX_VALUE) {
      throw new CorruptBatchException(at, size + " bytes");
    }
    if (bytes.intAt(at + BatchHeader.LAST_OFFSET_DELTA) < 0) {
      throw new CorruptBatchException(at, "negative last offset delta");
    }
    return (int) size;
  }

  /// Index of the first byte after it.
  public int end() {
    return at + sizeInBytes;
  }

  /// Writes an offset of its own into the batch that begins at `at`.
  public static void stampOwnOffset(ByteBuffer batch, int at, long offset) {
    batch.putLong(at + BatchHeader.BASE_OFFSET, offset);
    CRC32C crc = new CRC32C();
    crc.update(batch.slice(at, BatchHeader.LEADER_EPOCH));
    batch.putInt(at + BatchHeader.LEADER_EPOCH, (int) crc.getValue());
  }

  /// Its offset, if it has one of its own.
  public long ownOffset() {
    return bytes.longAt(at + BatchHeader.BASE_OFFSET);
  }

  /// Offsets it takes.
  public long offsets() {
    return (long) bytes.intAt(at + BatchHeader.LAST_OFFSET_DELTA) + 1;
  }

  public short attributes() {
    return bytes.shortAt(at + BatchHeader.ATTRIBUTES);
  }

  /// The largest timestamp of its records as the producer gave them.
  public long maxTimestampMs() {
    return bytes.longAt(at + BatchHeader.MAX_TIMESTAMP);
  }

  /// @throws CorruptBatchException if it has no offset of its own, or a damaged one
  public void verifyOwnOffset() {
    CRC32C crc = new CRC32C();
    bytes.addTo(crc, at, at + BatchHeader.LEADER_EPOCH);
    if (ownOffset() < 0 || (int) crc.getValue() != bytes.intAt(at + BatchHeader.LEADER_EPOCH)) {
      throw new CorruptBatchException(at, "its offset does not match its CRC-32C");
    }
  }

  /// @throws CorruptBatchException if the bytes are not those the stored CRC was made of
  public void verifyCrc() {
    CRC32C crc = new CRC32C();
    bytes.addTo(crc, at + BatchHeader.ATTRIBUTES, end());
    if ((int) crc.getValue() != bytes.intAt(at + BatchHeader.CRC)) {
      throw new CorruptBatchException(at, "its bytes do not match its CRC-32C");
    }
  }
}
