package io.weft.storage.object.s3;

import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStoreException;
import java.io.IOException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Takes the answer to a GET of a whole object, if it is not too long. Owned by the calling thread.
record WholeObject(ObjectKey key, int lengthMax)
    implements ResponseTransformer<GetObjectResponse, WholeObject.Taken> {

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
    byte[] whole = bytes.readNBytes(length.intValue());
    return whole.length == length
        ? new Taken.Bytes(whole)
        : new Taken.Failed(
            new ObjectStoreException.Unavailable("the answer about " + key + " ended early", null));
  }
}
