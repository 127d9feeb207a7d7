package io.weft.controlplane.journal;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.storage.object.ObjectBody;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// The bytes of the object that makes a snapshot valid: the whole of it, or where its parts are.
///
/// *Layout* (big-endian):
///
///     Frame     → Magic Version Tip (Whole | Parts) Crc
///     Magic     → int32, "WFSN"
///     Version   → int8: 1 Whole, 2 Parts
///     Tip       → Index, Epoch, Writer, TimeMs (int64 each), EntryCrc (int32) of the last entry
///                 that the snapshot holds
///     Whole     → length (var-int), bytes of the state
///     Parts     → count (var-int), then of each part Length (var-int) and PartCrc (int32); a part
///                 is an object of its own that holds so many bytes of the state and nothing else
///     Crc       → int32, CRC-32C of all that stands before it
///
/// Every version, also one to come, begins with Magic and Version and ends with Crc.
sealed interface SnapshotFrame {
  /// The most bytes of one part, and of a state that is stored whole.
  int PART_BYTES_MAX = 4 << 20;

  /// How much shorter than that a full part may be: a number is never cut in two.
  int PART_SLACK = 16;

  /// The most parts of one snapshot.
  int PARTS_MAX = 4_096;

  /// Around the bytes of a state that is stored whole, at most.
  int WHOLE_EXTRA_BYTES = 64;

  int MAGIC = 0x5746534E;
  byte WHOLE = 1;
  byte IN_PARTS = 2;
  int CRC_BYTES = 4;

  /// The last entry that it holds.
  JournalTip tip();

  /// Bytes of the state.
  long bytes();

  record Whole(JournalTip tip, byte[] state) implements SnapshotFrame {
    @Override
    public long bytes() {
      return state.length;
    }
  }

  record InParts(JournalTip tip, List<Part> parts) implements SnapshotFrame {
    @Override
    public long bytes() {
      return parts.stream().mapToLong(Part::length).sum();
    }
  }

  record Part(int length, int crc) {
    static Part of(ByteBuffer bytes) {
      return new Part(bytes.remaining(), SnapshotFrame.crc(bytes));
    }
  }

  /// A snapshot in one object. The state is not copied.
  static ObjectBody whole(JournalTip tip, ByteBuffer state) {
    WireWriter head = head(WHOLE, tip);
    head.writeVarInt(state.remaining());
    return closed(List.of(ByteBuffer.wrap(head.toByteArray()), state));
  }

  /// The object that makes parts a snapshot.
  static ObjectBody inParts(JournalTip tip, List<Part> parts) {
    WireWriter out = head(IN_PARTS, tip);
    out.writeVarInt(parts.size());
    for (Part part : parts) {
      out.writeVarInt(part.length());
      out.writeInt(part.crc());
    }
    return closed(List.of(ByteBuffer.wrap(out.toByteArray())));
  }

  /// @param index in the object's name
  /// @throws JournalException.Unusable if these are not the bytes of that snapshot
  static SnapshotFrame read(long index, byte[] frame) {
    try {
      int end = checkedEnd(frame);
      WireReader in = new WireReader(frame, Integer.BYTES, end - Integer.BYTES);
      byte version = in.readByte();
      NewerFormatException.check("the snapshot after entry " + index, version, WHOLE, IN_PARTS);
      JournalTip tip =
          new JournalTip(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readInt());
      if (tip.index() != index) {
        throw new MalformedBytesException("it says it is after entry " + tip.index());
      }
      SnapshotFrame read =
          version == WHOLE ? new Whole(tip, in.readBytes()) : new InParts(tip, readParts(in));
      in.finish();
      return read;
    } catch (MalformedBytesException e) {
      throw JournalException.unreadable("the snapshot after entry " + index, e);
    }
  }

  /// Where the checksum begins, of bytes that have the right one.
  private static int checkedEnd(byte[] frame) {
    int end = frame.length - CRC_BYTES;
    if (end < Integer.BYTES) {
      throw new MalformedBytesException("cut short");
    }
    if (new WireReader(frame).readInt() != MAGIC) {
      throw new MalformedBytesException("no snapshot");
    }
    if (new WireReader(frame, end, CRC_BYTES).readInt() != crc(ByteBuffer.wrap(frame, 0, end))) {
      throw new MalformedBytesException("checksum does not match");
    }
    return end;
  }

  private static List<Part> readParts(WireReader in) {
    int count = in.readCount(1 + Integer.BYTES);
    if (count > PARTS_MAX) {
      throw new MalformedBytesException(count + " parts");
    }
    List<Part> parts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Part part = new Part(in.readVarInt(), in.readInt());
      if (part.length() < 1 || part.length() > PART_BYTES_MAX) {
        throw new MalformedBytesException("a part of %d bytes".formatted(part.length()));
      }
      parts.add(part);
    }
    return List.copyOf(parts);
  }

  private static WireWriter head(byte version, JournalTip tip) {
    WireWriter head = new WireWriter(WHOLE_EXTRA_BYTES);
    head.writeInt(MAGIC);
    head.writeByte(version);
    head.writeLong(tip.index());
    head.writeLong(tip.epoch());
    head.writeLong(tip.writer());
    head.writeLong(tip.timeMs());
    head.writeInt(tip.crc());
    return head;
  }

  /// With the checksum of all the slices behind them.
  private static ObjectBody closed(List<ByteBuffer> slices) {
    CRC32C crc = new CRC32C();
    slices.forEach(slice -> crc.update(slice.duplicate()));
    WireWriter tail = new WireWriter(CRC_BYTES);
    tail.writeInt((int) crc.getValue());
    ByteBuffer end = ByteBuffer.wrap(tail.toByteArray());
    crc.update(end.duplicate());
    List<ByteBuffer> all = new ArrayList<>(slices);
    all.add(end);
    return ObjectBody.of(all, (int) crc.getValue());
  }

  static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
