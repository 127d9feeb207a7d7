package io.weft.controlplane.journal;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.zip.CRC32C;

/// One entry: who wrote it, when, after which other, and what (opaque here). Immutable.
///
/// *Layout* (version 1; big-endian):
///
///     Entry     → Magic Version Index Epoch Writer TimeMs Previous Body Crc
///     Magic     → int32, "WFJE"
///     Version   → int8
///     Index     → int64, as in its key
///     Epoch     → int64, of the leader that wrote it
///     Writer    → int64, drawn at random by each leader: no two write the same bytes
///     TimeMs    → int64, wall time of the writer, never less than the entry before it has
///     Previous  → int32, the Crc of entry Index - 1 (0 where there is none)
///     Body      → length (var-int), bytes
///     Crc       → int32, CRC-32C of all that stands before it
///
/// Every version, also one to come, begins with Magic and Version and ends with Crc: so what is
/// newer can be told from what is damaged.
public final class JournalEntry {
  private static final int MAGIC = 0x57464A45;
  private static final int VERSION = 1;
  private static final int CRC_BYTES = 4;
  private static final int HEAD_BYTES_MAX = 64;

  private final JournalTip tip;
  private final int previousCrc;
  private final byte[] body;
  private final byte[] frame;

  private JournalEntry(JournalTip tip, int previousCrc, byte[] body, byte[] frame) {
    this.tip = tip;
    this.previousCrc = previousCrc;
    this.body = body;
    this.frame = frame;
  }

  /// The entry that follows `previous`, as this writer would write it now.
  public static JournalEntry following(
      JournalTip previous, long epoch, long writer, long timeMs, byte[] body) {
    WireWriter out = new WireWriter(body.length + HEAD_BYTES_MAX);
    out.writeInt(MAGIC);
    out.writeByte(VERSION);
    out.writeLong(previous.index() + 1);
    out.writeLong(epoch);
    out.writeLong(writer);
    out.writeLong(timeMs);
    out.writeInt(previous.crc());
    out.writeBytes(body);
    int crc = crc(out.toByteArray(), out.size());
    out.writeInt(crc);
    JournalTip tip = new JournalTip(previous.index() + 1, epoch, writer, timeMs, crc);
    return new JournalEntry(tip, previous.crc(), body, out.toByteArray());
  }

  /// Reads what was stored at an index.
  ///
  /// @throws JournalException.Damaged if these are not the bytes of that entry
  /// @throws JournalException.Newer if a newer release wrote them
  public static JournalEntry read(long index, byte[] frame) {
    try {
      if (frame.length < CRC_BYTES) {
        throw new MalformedBytesException("cut short");
      }
      int end = frame.length - CRC_BYTES;
      int crc = new WireReader(frame, end, CRC_BYTES).readInt();
      WireReader in = new WireReader(frame, 0, end);
      if (in.readInt() != MAGIC) {
        throw new MalformedBytesException("no journal entry");
      }
      byte version = in.readByte();
      if (crc != crc(frame, end)) {
        throw new MalformedBytesException("checksum does not match");
      }
      NewerFormatException.check("journal entry " + index, version, VERSION, VERSION);
      long indexWritten = in.readLong();
      if (indexWritten != index) {
        throw new MalformedBytesException("it says it is entry " + indexWritten);
      }
      JournalTip tip = new JournalTip(index, in.readLong(), in.readLong(), in.readLong(), crc);
      int previousCrc = in.readInt();
      byte[] body = in.readBytes();
      in.finish();
      return new JournalEntry(tip, previousCrc, body, frame);
    } catch (MalformedBytesException e) {
      throw JournalException.unreadable("journal entry " + index, e);
    }
  }

  /// The journal's end if this entry is the last.
  public JournalTip tip() {
    return tip;
  }

  public int previousCrc() {
    return previousCrc;
  }

  /// What the entry says. Not to be written to.
  public byte[] body() {
    return body;
  }

  /// The whole entry as it is stored. Not to be written to.
  public byte[] frame() {
    return frame;
  }

  private static int crc(byte[] bytes, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, end);
    return (int) crc.getValue();
  }
}
