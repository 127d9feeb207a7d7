package io.weft.agent.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SocketChannel;
import org.apache.kafka.common.network.TransferableChannel;

/// Where answers are written: small ones are gathered here until [#flush], large ones leave at
/// once, uncopied. Owned by a connection's writer thread.
///
/// Each write takes all it is given and blocks until then; afterwards the caller may reuse its
/// buffers.
final class SocketSink implements TransferableChannel {
  private static final int STAGED_BYTES_MAX = 16 << 10;

  /// The JDK copies each write through direct buffers of the same size: keep them small.
  private static final int WRITE_BYTES_MAX = 256 << 10;

  private static final int WRITE_BUFFERS_MAX = 64;

  private final GatheringByteChannel channel;
  private final Progress progress;
  private ByteBuffer staged = ByteBuffer.allocate(512);

  SocketSink(SocketChannel channel, Progress progress) {
    this((GatheringByteChannel) channel, progress);
  }

  SocketSink(GatheringByteChannel channel, Progress progress) {
    this.channel = channel;
    this.progress = progress;
  }

  /// Sends what has been gathered.
  void flush() throws IOException {
    if (staged.position() > 0) {
      writeAll(new ByteBuffer[] {staged.flip()});
      staged.clear();
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return (int) write(new ByteBuffer[] {source});
  }

  @Override
  public long write(ByteBuffer[] sources) throws IOException {
    return write(sources, 0, sources.length);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int count) throws IOException {
    long bytes = 0;
    for (int i = offset; i < offset + count; i++) {
      bytes += sources[i].remaining();
    }
    if (bytes + staged.position() <= STAGED_BYTES_MAX) {
      stage(sources, offset, count, (int) bytes);
      return bytes;
    }
    ByteBuffer[] all = new ByteBuffer[count + 1];
    all[0] = staged.flip();
    System.arraycopy(sources, offset, all, 1, count);
    writeAll(all);
    staged.clear();
    return bytes;
  }

  private void stage(ByteBuffer[] sources, int offset, int count, int bytes) {
    if (staged.remaining() < bytes) {
      int capacity = Math.max(staged.position() + bytes, 2 * staged.capacity());
      staged = ByteBuffer.allocate(Math.min(capacity, STAGED_BYTES_MAX)).put(staged.flip());
    }
    for (int i = offset; i < offset + count; i++) {
      staged.put(sources[i]);
    }
  }

  private void writeAll(ByteBuffer[] buffers) throws IOException {
    progress.writeBegun();
    try {
      int first = 0;
      while (first < buffers.length) {
        if (buffers[first].hasRemaining()) {
          writeSome(buffers, first);
        } else {
          first++;
        }
      }
    } finally {
      progress.writeEnded();
    }
  }

  private void writeSome(ByteBuffer[] buffers, int first) throws IOException {
    int last = first;
    int room = WRITE_BYTES_MAX - buffers[first].remaining();
    while (last + 1 < buffers.length
        && last - first + 1 < WRITE_BUFFERS_MAX
        && buffers[last + 1].remaining() <= room) {
      last++;
      room -= buffers[last].remaining();
    }
    ByteBuffer head = buffers[first];
    int end = head.limit();
    head.limit(Math.min(end, head.position() + WRITE_BYTES_MAX));
    try {
      progress.bytesWritten(channel.write(buffers, first, last - first + 1));
    } finally {
      head.limit(end);
    }
  }

  @Override
  public boolean hasPendingWrites() {
    return false;
  }

  @Override
  public long transferFrom(FileChannel file, long position, long count) throws IOException {
    flush();
    return file.transferTo(position, count, channel);
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
