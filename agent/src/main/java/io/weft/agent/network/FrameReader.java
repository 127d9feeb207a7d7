package io.weft.agent.network;

import io.weft.agent.memory.ByteBudget;
import io.weft.protocol.frame.FrameParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/// Cuts one connection's bytes into frames. Owned by its reader thread.
///
/// Nothing is allocated by an announced length: a buffer holds at most [#AHEAD_BYTES] or [#GROWTH]
/// times what has arrived, while that is no more than [Admission#SMALL_BYTES]; once the frame is
/// admitted, [Admission#MIDDLE_BYTES] or twice what has arrived.
///
/// A long frame of records lies in memory that is used again ([Admission#requestMemory()]) and
/// belongs to the frame's share of the budget: it is given back with it. All others are the heap's.
final class FrameReader {
  /// What is read beyond the frame at hand: small requests that came together cost one read.
  private static final int AHEAD_BYTES = 4 << 10;

  /// So a frame of which [#AHEAD_BYTES] came at once has its buffer for good, up to
  /// [Admission#SMALL_BYTES]: nothing is copied from a smaller one.
  private static final int GROWTH = Admission.SMALL_BYTES / AHEAD_BYTES;

  /// The JDK copies each read onto the heap through a direct buffer of the room given: keep that
  /// small.
  private static final int READ_BYTES_MAX = 256 << 10;

  /// What a request in flight costs beyond its bytes (its parsed form, its answer, the thread that
  /// waits for it), counted with them: without it very small ones would fill the heap within the
  /// budget.
  static final int REQUEST_OVERHEAD_BYTES = 4 << 10;

  private final ReadableByteChannel channel;
  private final ByteBudget budget;
  private final Admission admission;
  private final Progress progress;
  private final int frameBytesMax;

  /// Between position and limit: read and not yet used.
  private final ByteBuffer ahead = ByteBuffer.allocate(AHEAD_BYTES).limit(0);

  /// @param budget the connection's part of the listener's
  FrameReader(
      ReadableByteChannel channel,
      ByteBudget budget,
      Admission admission,
      Progress progress,
      int frameBytesMax) {
    this.channel = channel;
    this.budget = budget;
    this.admission = admission;
    this.progress = progress;
    this.frameBytesMax = frameBytesMax;
  }

  sealed interface Read {
    /// A whole frame, without its length.
    record Frame(ByteBuffer bytes, ByteBudget.Share share) implements Read {}

    record Refused(String reason) implements Read {}

    /// The peer has closed, perhaps in the middle of a frame.
    record End() implements Read {}
  }

  /// Waits until the next frame has begun, holding nothing.
  ///
  /// @return false if the peer has closed
  boolean awaitNext() throws IOException {
    return fillAhead(Integer.BYTES);
  }

  /// Waits for the next frame, and for room for it.
  Read next() throws IOException, InterruptedException {
    if (!awaitNext()) {
      return new Read.End();
    }
    int length = ahead.getInt();
    if (length <= 0 || length > frameBytesMax) {
      return new Read.Refused("frame length " + length);
    }
    progress.frameBegun(length);
    try {
      return length <= Admission.SMALL_BYTES ? small(length) : larger(length);
    } finally {
      progress.frameHeld();
    }
  }

  private Read small(int length) throws IOException, InterruptedException {
    ByteBuffer body = begun(length);
    if (!fill(body)) {
      return new Read.End();
    }
    if (body.capacity() < length) {
      body = grown(body, length);
      if (!fill(body)) {
        return new Read.End();
      }
    }
    progress.frameEnded();
    return new Read.Frame(body.flip(), budget.acquire(cost(length)));
  }

  private Read larger(int length) throws IOException, InterruptedException {
    FrameBody body = new FrameBody(admission.requestMemory());
    try {
      body.grow(roomAtFirst(Admission.SMALL_BYTES), areRecordsAhead());
      takeAhead(body.bytes());
      return larger(length, body);
    } finally {
      body.release();
    }
  }

  private boolean areRecordsAhead() {
    return ahead.remaining() >= Short.BYTES && FrameParser.areRecords(ahead);
  }

  private Read larger(int length, FrameBody body) throws IOException, InterruptedException {
    if (!fill(body.bytes(), Short.BYTES)) {
      return new Read.End();
    }
    ByteBuffer start = body.bytes().duplicate().flip();
    if (length > FrameParser.bytesMax(start)) {
      return new Read.Refused("frame length " + length + " for a request without records");
    }
    boolean areRecords = FrameParser.areRecords(start);
    if (!fill(body.bytes())) {
      return new Read.End();
    }
    if (body.capacity() < Admission.SMALL_BYTES) {
      body.grow(Admission.SMALL_BYTES, areRecords);
      if (!fill(body.bytes())) {
        return new Read.End();
      }
    }
    progress.frameHeld();
    ByteBudget.Share passage = admission.gate(length).acquire(length);
    try {
      return admitted(body, length, areRecords);
    } finally {
      passage.release();
    }
  }

  private Read admitted(FrameBody body, int length, boolean areRecords)
      throws IOException, InterruptedException {
    ByteBudget.Share share = budget.acquire(cost(length));
    boolean whole = false;
    try {
      progress.frameBegun(length);
      while (body.capacity() < length) {
        long doubled = Math.max(2L * body.capacity(), Admission.MIDDLE_BYTES);
        body.grow((int) Math.min(length, doubled), areRecords);
        if (!fill(body.bytes())) {
          return new Read.End();
        }
      }
      whole = true;
      progress.frameEnded();
      return body.whole(share);
    } finally {
      if (!whole) {
        share.release();
      }
    }
  }

  private static int cost(int length) {
    return (int) Math.min(Integer.MAX_VALUE, (long) length + REQUEST_OVERHEAD_BYTES);
  }

  /// A buffer for the frame's first bytes, up to all `wanted`, with those that lie ahead.
  private ByteBuffer begun(int wanted) {
    ByteBuffer body = ByteBuffer.allocate(roomAtFirst(wanted));
    takeAhead(body);
    return body;
  }

  private int roomAtFirst(int wanted) {
    int arrived = Integer.BYTES + ahead.remaining();
    return Math.min(wanted, Math.max(AHEAD_BYTES, GROWTH * arrived));
  }

  private static ByteBuffer grown(ByteBuffer full, int capacity) {
    return ByteBuffer.allocate(capacity).put(full.flip());
  }

  /// Reads until the buffer is full.
  private boolean fill(ByteBuffer buffer) throws IOException {
    return fill(buffer, buffer.limit());
  }

  /// Reads what there is until the buffer holds at least `least` bytes.
  private boolean fill(ByteBuffer buffer, int least) throws IOException {
    while (buffer.position() < least) {
      int end = buffer.limit();
      if (!buffer.isDirect()) {
        buffer.limit(Math.min(end, buffer.position() + READ_BYTES_MAX));
      }
      int count = channel.read(buffer);
      buffer.limit(end);
      if (count < 0) {
        return false;
      }
      progress.bytesRead();
    }
    return true;
  }

  /// Reads until at least `count` bytes lie ahead.
  private boolean fillAhead(int count) throws IOException {
    if (ahead.remaining() >= count) {
      return true;
    }
    ahead.compact();
    try {
      while (ahead.position() < count) {
        if (channel.read(ahead) < 0) {
          return false;
        }
        progress.bytesRead();
      }
      return true;
    } finally {
      ahead.flip();
    }
  }

  private void takeAhead(ByteBuffer into) {
    int count = Math.min(ahead.remaining(), into.remaining());
    into.put(ahead.slice(ahead.position(), count));
    ahead.position(ahead.position() + count);
  }
}
