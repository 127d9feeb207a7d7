package io.weft.storage.object.s3;

import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectPart;
import io.weft.storage.object.ObjectStoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Takes the answer to a ranged GET that may reach beyond the object's end, and the object's length
/// from it. Owned by the calling thread.
record PartOfObject(ObjectKey key, long position, int lengthMax)
    implements ResponseTransformer<GetObjectResponse, PartOfObject.Taken> {
  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  sealed interface Taken {
    record Part(ObjectPart part) implements Taken {}

    record Failed(ObjectStoreException reason) implements Taken {}
  }

  /// As the header `Range` has it: both ends count.
  String range() {
    return "bytes=" + position + "-" + (position + lengthMax - 1);
  }

  @Override
  public Taken transform(GetObjectResponse answer, AbortableInputStream bytes) throws IOException {
    if (isWhole(answer)) {
      return take(bytes, answer.contentLength().intValue(), answer.contentLength());
    }
    Matcher given = CONTENT_RANGE.matcher(String.valueOf(answer.contentRange()));
    if (answer.sdkHttpResponse().statusCode() != PARTIAL_CONTENT
        || !given.matches()
        || Long.parseLong(given.group(1)) != position) {
      return wrong(answer, bytes);
    }
    long objectLength = Long.parseLong(given.group(3));
    long length = Math.min(objectLength - position, lengthMax);
    Long announced = answer.contentLength();
    if (length < 1
        || Long.parseLong(given.group(2)) != position + length - 1
        || announced == null
        || announced != length) {
      return wrong(answer, bytes);
    }
    return take(bytes, (int) length, objectLength);
  }

  /// A server may leave a range out of account, and does where it is the whole object.
  private boolean isWhole(GetObjectResponse answer) {
    Long length = answer.contentLength();
    return answer.sdkHttpResponse().statusCode() == OK
        && answer.contentRange() == null
        && position == 0
        && length != null
        && length <= lengthMax;
  }

  private Taken take(AbortableInputStream bytes, int length, long objectLength) throws IOException {
    return WholeObject.read(bytes, length)
        .<Taken>map(part -> new Taken.Part(new ObjectPart(ByteBuffer.wrap(part), objectLength)))
        .orElseGet(
            () ->
                new Taken.Failed(
                    new ObjectStoreException.Unavailable(
                        "the answer about " + key + " ended early", null)));
  }

  private Taken wrong(GetObjectResponse answer, AbortableInputStream bytes) {
    // Else the rest, perhaps the whole object, is read to use the connection again.
    bytes.abort();
    return new Taken.Failed(
        new ObjectStoreException.Unavailable(
            "the answer to %s of %s has status %d, range %s, length %d"
                .formatted(
                    range(),
                    key,
                    answer.sdkHttpResponse().statusCode(),
                    answer.contentRange(),
                    answer.contentLength()),
            null));
  }
}
