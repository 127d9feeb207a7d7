package io.weft.protocol.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.record.internal.RecordsSend;

/// One sending of stamped records: gathering writes, a bounded window of buffers each. Owned by the
/// thread that sends.
public final class StampedSend extends RecordsSend<StampedRecords> {
  /// Buffers one write may have; operating systems take 1,024 at most.
  private static final int BUFFERS_PER_WRITE_MAX = 256;

  /// Bytes one write may have. A channel copies heap buffers into direct ones of the same size
  /// before it writes, however few bytes it then takes.
  private static final int BYTES_PER_WRITE_MAX = 1024 * 1024;

  private final ByteBuffer[] parts;

  /// The first part that is not sent to its end.
  private int next;

  StampedSend(StampedRecords records) {
    super(records, records.sizeInBytes());
    this.parts = records.parts().toArray(ByteBuffer[]::new);
  }

  /// What was written before is known from the parts' positions.
  @Override
  protected int writeTo(TransferableChannel channel, int previouslyWritten, int remaining)
      throws IOException {
    int last = next;
    int limit = parts[last].limit();
    int bytes = 0;
    for (int i = next; i < parts.length && i - next < BUFFERS_PER_WRITE_MAX; i++) {
      last = i;
      limit = parts[i].limit();
      bytes += parts[i].remaining();
      if (bytes >= BYTES_PER_WRITE_MAX) {
        break;
      }
    }
    // A window that is too large is narrowed at its last buffer, and only for this write.
    parts[last].limit(limit - Math.max(0, bytes - BYTES_PER_WRITE_MAX));
    long written;
    try {
      written = channel.write(parts, next, last - next + 1);
    } finally {
      parts[last].limit(limit);
    }
    while (next < parts.length && !parts[next].hasRemaining()) {
      next++;
    }
    return Math.toIntExact(written);
  }
}
