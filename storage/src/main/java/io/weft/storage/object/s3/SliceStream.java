package io.weft.storage.object.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/// A stream over slices, without copying them together. Owned by one thread.
final class SliceStream extends InputStream {
  private static final int COPIED_BYTES_MAX = 1 << 16;

  private final List<ByteBuffer> slices;
  private int current;

  /// @param slices their positions are moved
  SliceStream(List<ByteBuffer> slices) {
    this.slices = slices;
  }

  @Override
  public int read() {
    return advance() ? slices.get(current).get() & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    int done = 0;
    while (done < length && advance()) {
      ByteBuffer slice = slices.get(current);
      int part = Math.min(slice.remaining(), length - done);
      slice.get(target, offset + done, part);
      done += part;
    }
    return done == 0 ? -1 : done;
  }

  @Override
  public int available() {
    return advance() ? slices.get(current).remaining() : 0;
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    byte[] copy = new byte[COPIED_BYTES_MAX];
    long moved = 0;
    for (int length = read(copy, 0, copy.length); length > 0; length = read(copy, 0, copy.length)) {
      out.write(copy, 0, length);
      moved += length;
    }
    return moved;
  }

  private boolean advance() {
    while (current < slices.size() && !slices.get(current).hasRemaining()) {
      current++;
    }
    return current < slices.size();
  }
}
