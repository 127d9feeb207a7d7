package io.weft.storage.object.s3;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Streams the answer to a ranged GET straight into a buffer, if it is the range asked for. Owned
/// by the calling thread, for one attempt.
final class RangeFill implements ResponseTransformer<GetObjectResponse, Optional<String>> {
  private static final int PARTIAL_CONTENT = 206;
  private static final int COPIED_BYTES_MAX = 1 << 16;

  private final long position;
  private final ByteBuffer target;

  RangeFill(long position, ByteBuffer target) {
    this.position = position;
    this.target = target;
  }

  /// As the header `Range` has it: both ends count.
  String range() {
    return "bytes=" + position + "-" + (position + target.remaining() - 1);
  }

  /// @return what is wrong with the answer, or empty: then the buffer is full
  @Override
  public Optional<String> transform(GetObjectResponse answer, AbortableInputStream bytes)
      throws IOException {
    Optional<String> wrong = checked(answer);
    if (wrong.isPresent()) {
      // Else the rest, perhaps the whole object, is read to use the connection again.
      bytes.abort();
      return wrong;
    }
    if (target.hasArray()) {
      fillArray(bytes);
    } else {
      fillCopying(bytes);
    }
    return Optional.empty();
  }

  private Optional<String> checked(GetObjectResponse answer) {
    int status = answer.sdkHttpResponse().statusCode();
    if (status != PARTIAL_CONTENT) {
      return Optional.of("status " + status + " for a range");
    }
    String given = String.valueOf(answer.contentRange());
    if (!given.startsWith(range().replace('=', ' ') + "/")) {
      return Optional.of("range '" + given + "' for " + range());
    }
    Long length = answer.contentLength();
    if (length == null || length != target.remaining()) {
      return Optional.of("length " + length + " for " + range());
    }
    return Optional.empty();
  }

  private void fillArray(AbortableInputStream bytes) throws IOException {
    while (target.hasRemaining()) {
      int read =
          bytes.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
      target.position(target.position() + requireMore(read));
    }
  }

  private void fillCopying(AbortableInputStream bytes) throws IOException {
    byte[] copy = new byte[Math.min(COPIED_BYTES_MAX, target.remaining())];
    while (target.hasRemaining()) {
      int read = bytes.read(copy, 0, Math.min(copy.length, target.remaining()));
      target.put(copy, 0, requireMore(read));
    }
  }

  private static int requireMore(int read) throws EOFException {
    if (read < 0) {
      throw new EOFException("the answer ended early");
    }
    return read;
  }
}
