package io.weft.storage.object.s3;

import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStoreException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Streams the answer to a ranged GET straight into a buffer, if it is the range asked for. Owned
/// by the calling thread, for one attempt.
final class RangeFill
    implements ResponseTransformer<GetObjectResponse, Optional<ObjectStoreException>> {
  private static final int PARTIAL_CONTENT = 206;
  private static final int COPIED_BYTES_MAX = 1 << 16;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  private final ObjectKey key;
  private final long position;
  private final ByteBuffer target;

  RangeFill(ObjectKey key, long position, ByteBuffer target) {
    this.key = key;
    this.position = position;
    this.target = target;
  }

  /// As the header `Range` has it: both ends count.
  String range() {
    return "bytes=" + position + "-" + (position + target.remaining() - 1);
  }

  /// @return what is wrong with the answer, or empty: then the buffer is full
  @Override
  public Optional<ObjectStoreException> transform(
      GetObjectResponse answer, AbortableInputStream bytes) throws IOException {
    Optional<ObjectStoreException> wrong = checked(answer);
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

  private Optional<ObjectStoreException> checked(GetObjectResponse answer) {
    int status = answer.sdkHttpResponse().statusCode();
    if (status != PARTIAL_CONTENT) {
      return wrong("status " + status);
    }
    Matcher given = CONTENT_RANGE.matcher(String.valueOf(answer.contentRange()));
    if (!given.matches() || Long.parseLong(given.group(1)) != position) {
      return wrong("range " + answer.contentRange());
    }
    long end = position + target.remaining();
    long objectLength = Long.parseLong(given.group(3));
    if (objectLength < end) {
      return Optional.of(
          new ObjectStoreException.Rejected(
              "object %s of %d bytes ends before %d".formatted(key, objectLength, end), null));
    }
    Long length = answer.contentLength();
    if (Long.parseLong(given.group(2)) != end - 1
        || length == null
        || length != target.remaining()) {
      return wrong("range %s, length %d".formatted(answer.contentRange(), length));
    }
    return Optional.empty();
  }

  private Optional<ObjectStoreException> wrong(String answer) {
    return Optional.of(
        new ObjectStoreException.Unavailable(
            "the answer to %s of %s has %s".formatted(range(), key, answer), null));
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
