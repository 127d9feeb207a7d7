package io.weft.storage.object.s3;

import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Takes the answer to a GET of a whole object, if it is not too long. Owned by the calling thread.
record WholeObject(ObjectKey key, int lengthMax)
    implements ResponseTransformer<GetObjectResponse, WholeObject.Taken> {

  /// Most objects that are read whole (entries of a journal) are shorter, and are copied once.
  static final int FIRST_BYTES_MAX = 1 << 20;

  /// An array holds at most so many times what has arrived, whatever length is announced.
  static final int GROWTH = 4;

  sealed interface Taken {
    record Bytes(byte[] bytes) implements Taken {}

    record Failed(ObjectStoreException reason) implements Taken {}
  }

  @Override
  public Taken transform(GetObjectResponse answer, AbortableInputStream bytes) throws IOException {
    Long length = answer.contentLength();
    if (length == null) {
      bytes.abort();
      return new Taken.Failed(
          new ObjectStoreException.Unavailable("an answer without a length about " + key, null));
    }
    if (length > lengthMax) {
      bytes.abort();
      return new Taken.Failed(
          new ObjectStoreException.Rejected(
              "object %s has %d bytes, more than %d".formatted(key, length, lengthMax), null));
    }
    return read(bytes, length.intValue())
        .<Taken>map(Taken.Bytes::new)
        .orElseGet(
            () ->
                new Taken.Failed(
                    new ObjectStoreException.Unavailable(
                        "the answer about " + key + " ended early", null)));
  }

  /// @return empty if it ends before
  static Optional<byte[]> read(InputStream bytes, int length) throws IOException {
    byte[] whole = new byte[Math.min(length, FIRST_BYTES_MAX)];
    int arrived = 0;
    while (true) {
      arrived += bytes.readNBytes(whole, arrived, whole.length - arrived);
      if (arrived < whole.length) {
        return Optional.empty();
      }
      if (arrived == length) {
        return Optional.of(whole);
      }
      whole = Arrays.copyOf(whole, (int) Math.min(length, (long) GROWTH * arrived));
    }
  }
}
