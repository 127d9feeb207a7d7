package io.weft.agent.neighbour;

import io.weft.agent.neighbour.seal.RequestSeal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What agents of a zone say to each other, and its bytes.
///
/// ```
/// request => version:1 count:2 (fileId:8 position:8 length:4 flags:1)*
/// message => kind:1 range:2
///   (Footer: bytes | Known: crc:4 | Piece: position:8 bytes | Refused: reason:1 | NotYet)
/// ```
///
/// A range is named by its place in the request. It is answered by its file's footer, or by that
/// footer's checksum if the footer was not asked for, and then its bytes in order, in pieces of at
/// most [#PIECE_BYTES_MAX] that each say where they lie in the file; or refused. So what an owner
/// has mixed up shows. Messages of several ranges come in the order in which these are ready. While
/// none is, the owner says of one now and then that it is not: so a slow store does not look like
/// an owner that is gone.
public sealed interface NeighbourMessage {
  byte VERSION = 1;

  /// Ranges of one request, at most.
  int RANGES_MAX = 64;

  /// Bytes that one request asks for, at most.
  int CALL_BYTES_MAX = 16 << 20;

  int PIECE_BYTES_MAX = 256 << 10;

  /// Of a file with more partitions than fit, its neighbours ask the store.
  int FOOTER_BYTES_MAX = 1 << 20;

  int REQUEST_HEAD_BYTES = 3;
  int RANGE_BYTES = 21;
  int MESSAGE_HEAD_BYTES = 3;

  /// The largest request, and the largest message.
  int REQUEST_BYTES_MAX = REQUEST_HEAD_BYTES + RANGES_MAX * RANGE_BYTES;

  /// The largest request with its signature.
  int SEALED_BYTES_MAX = RequestSeal.SEAL_BYTES + REQUEST_BYTES_MAX;

  int MESSAGE_BYTES_MAX = FOOTER_BYTES_MAX + 64;

  byte HELD_ONLY = 1;
  byte WITH_FOOTER = 2;

  /// Which range it is of: its number in the request.
  int range();

  record Footer(int range, ByteBuffer bytes) implements NeighbourMessage {}

  /// @param crc of the file's footer, which the asker knows
  record Known(int range, int crc) implements NeighbourMessage {}

  /// @param position in the file
  record Piece(int range, long position, ByteBuffer bytes) implements NeighbourMessage {}

  record Refused(int range, Refusal reason) implements NeighbourMessage {}

  /// It is being read.
  record NotYet(int range) implements NeighbourMessage {}

  /// Why a range is not answered.
  enum Refusal {
    /// It is not in memory, and was asked for only in that case.
    NOT_HELD,
    /// It could not be read: the store may give it, or say why not.
    FAILED
  }

  static byte[] request(List<RangeAsked> ranges) {
    ByteBuffer out = ByteBuffer.allocate(REQUEST_HEAD_BYTES + ranges.size() * RANGE_BYTES);
    out.put(VERSION).putShort((short) ranges.size());
    for (RangeAsked each : ranges) {
      int flags = (each.heldOnly() ? HELD_ONLY : 0) | (each.withFooter() ? WITH_FOOTER : 0);
      out.putLong(each.fileId()).putLong(each.position()).putInt(each.length()).put((byte) flags);
    }
    return out.array();
  }

  static List<RangeAsked> readRequest(byte[] request) throws GarbledMessageException {
    ByteBuffer in = ByteBuffer.wrap(request);
    if (in.remaining() < REQUEST_HEAD_BYTES || in.get() != VERSION) {
      throw new GarbledMessageException("no request of version " + VERSION);
    }
    int count = in.getShort();
    if (count < 1 || count > RANGES_MAX || in.remaining() != count * RANGE_BYTES) {
      throw new GarbledMessageException(
          "a request of %d ranges in %d bytes".formatted(count, request.length));
    }
    List<RangeAsked> ranges = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long fileId = in.getLong();
      long position = in.getLong();
      int length = in.getInt();
      byte flags = in.get();
      try {
        boolean heldOnly = (flags & HELD_ONLY) != 0;
        ranges.add(new RangeAsked(fileId, position, length, heldOnly, (flags & WITH_FOOTER) != 0));
      } catch (IllegalArgumentException impossible) {
        throw new GarbledMessageException(impossible.getMessage());
      }
    }
    long bytes = ranges.stream().mapToLong(RangeAsked::length).sum();
    if (bytes > CALL_BYTES_MAX) {
      throw new GarbledMessageException(
          "a request for %d bytes, %d are allowed".formatted(bytes, CALL_BYTES_MAX));
    }
    return ranges;
  }

  static byte[] footer(int range, byte[] footer) {
    return head(0, range, footer.length).put(footer).array();
  }

  static byte[] known(int range, int crc) {
    return head(3, range, Integer.BYTES).putInt(crc).array();
  }

  /// @param parts the bytes, of together so many
  static byte[] piece(int range, long position, List<ByteBuffer> parts, int length) {
    byte[] message = new byte[MESSAGE_HEAD_BYTES + Long.BYTES + length];
    ByteBuffer out =
        ByteBuffer.wrap(message).put((byte) 1).putShort((short) range).putLong(position);
    parts.forEach(out::put);
    return message;
  }

  static byte[] refused(int range, Refusal reason) {
    return head(2, range, 1).put((byte) (reason == Refusal.NOT_HELD ? 0 : 1)).array();
  }

  static byte[] notYet(int range) {
    return head(4, range, 0).array();
  }

  private static ByteBuffer head(int kind, int range, int bytes) {
    return ByteBuffer.allocate(MESSAGE_HEAD_BYTES + bytes).put((byte) kind).putShort((short) range);
  }

  /// Refers to the bytes.
  static NeighbourMessage read(byte[] message) throws GarbledMessageException {
    ByteBuffer in = ByteBuffer.wrap(message);
    if (in.remaining() < MESSAGE_HEAD_BYTES) {
      throw new GarbledMessageException("a message of %d bytes".formatted(message.length));
    }
    int kind = in.get();
    int range = in.getShort();
    if (in.hasRemaining() == (kind == 4)) {
      throw new GarbledMessageException(
          "a message of kind %d with %d bytes".formatted(kind, in.remaining()));
    }
    return switch (kind) {
      case 0 -> new Footer(range, in.slice());
      case 1 -> {
        if (in.remaining() <= Long.BYTES) {
          throw new GarbledMessageException("a piece without bytes");
        }
        yield new Piece(range, in.getLong(), in.slice());
      }
      case 2 -> new Refused(range, in.get() == 0 ? Refusal.NOT_HELD : Refusal.FAILED);
      case 3 -> {
        if (in.remaining() != Integer.BYTES) {
          throw new GarbledMessageException("a checksum of %d bytes".formatted(in.remaining()));
        }
        yield new Known(range, in.getInt());
      }
      case 4 -> new NotYet(range);
      default -> throw new GarbledMessageException("a message of kind " + kind);
    };
  }
}
