package io.weft.controlplane.journal;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.storage.object.ObjectBody;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/// The whole state as it is after one entry of the journal (opaque here).
///
/// *Layout* (version 1; big-endian):
///
///     Snapshot  → Magic Version Index Epoch Writer TimeMs EntryCrc Body Crc
///     Magic     → int32, "WFSN"
///     Version   → int8
///     Index, Epoch, Writer, TimeMs (int64 each), EntryCrc (int32) → of the last entry it holds
///     Body      → length (var-int), bytes
///     Crc       → int32, CRC-32C of all that stands before it
public record Snapshot(JournalTip tip, byte[] body) {
  private static final int MAGIC = 0x5746534E;
  private static final int VERSION = 1;
  private static final int CRC_BYTES = 4;
  private static final int HEAD_BYTES_MAX = 64;

  /// The bytes to be stored. The state is not copied once more: it may be large.
  ObjectBody frame() {
    WireWriter head = new WireWriter(HEAD_BYTES_MAX);
    head.writeInt(MAGIC);
    head.writeByte(VERSION);
    head.writeLong(tip.index());
    head.writeLong(tip.epoch());
    head.writeLong(tip.writer());
    head.writeLong(tip.timeMs());
    head.writeInt(tip.crc());
    head.writeVarInt(body.length);
    byte[] before = head.toByteArray();
    CRC32C crc = new CRC32C();
    crc.update(before);
    crc.update(body);
    WireWriter tail = new WireWriter(CRC_BYTES);
    tail.writeInt((int) crc.getValue());
    byte[] after = tail.toByteArray();
    crc.update(after);
    return ObjectBody.of(
        List.of(ByteBuffer.wrap(before), ByteBuffer.wrap(body), ByteBuffer.wrap(after)),
        (int) crc.getValue());
  }

  static Snapshot read(long index, byte[] frame) {
    try {
      if (frame.length < CRC_BYTES) {
        throw new MalformedBytesException("cut short");
      }
      int end = frame.length - CRC_BYTES;
      WireReader in = new WireReader(frame, 0, end);
      if (in.readInt() != MAGIC) {
        throw new MalformedBytesException("no snapshot");
      }
      byte version = in.readByte();
      if (version != VERSION) {
        throw new MalformedBytesException("version " + version + ", only 1 is known");
      }
      if (new WireReader(frame, end, CRC_BYTES).readInt() != crc(frame, end)) {
        throw new MalformedBytesException("checksum does not match");
      }
      JournalTip tip =
          new JournalTip(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readInt());
      if (tip.index() != index) {
        throw new MalformedBytesException("it says it is after entry " + tip.index());
      }
      byte[] body = in.readBytes();
      in.finish();
      return new Snapshot(tip, body);
    } catch (MalformedBytesException e) {
      throw new JournalException.Damaged(
          "the snapshot after entry %d is damaged: %s".formatted(index, e.getMessage()), e);
    }
  }

  private static int crc(byte[] bytes, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, end);
    return (int) crc.getValue();
  }
}
