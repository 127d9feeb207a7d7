package io.weft.storage.object.s3;

import io.weft.model.Invariant;
import io.weft.storage.object.ListedPage;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectPart;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/// A store in an S3 bucket, below a prefix. Thread-safe; a call is one attempt.
///
/// The only conditional write is `If-None-Match: *`. Every upload carries its CRC-32C as a header,
/// known before the first byte leaves, so that a store that checks it (AWS does) refuses bytes that
/// were changed on the way or in memory. Directory buckets (S3 Express) keep no key order: they
/// cannot be listed.
public final class S3ObjectStore implements ObjectStore {
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private static final String CONTENT_TYPE = "application/octet-stream";

  /// How many answers one page of a list may take.
  private static final int LIST_ANSWERS_MAX = 100;

  private final S3Client client;
  private final String bucket;
  private final String keyPrefix;
  private final S3Failures failures;

  /// Opens a bucket with the credentials that the SDK finds (environment, profile, role). Asks
  /// nothing of the store yet.
  public S3ObjectStore(S3Settings settings) {
    this(S3Connection.open(settings), settings);
  }

  S3ObjectStore(S3Client client, S3Settings settings) {
    this.client = client;
    this.bucket = settings.bucket();
    this.keyPrefix = settings.prefix().isEmpty() ? "" : settings.prefix() + "/";
    this.failures = new S3Failures(bucket);
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    try {
      upload(key, body, putOf(key, body).build());
    } catch (SdkException failure) {
      throw failures.of(key.name(), failure);
    }
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    try {
      upload(key, body, putOf(key, body).ifNoneMatch("*").build());
      return PutOutcome.CREATED;
    } catch (SdkServiceException answer) {
      if (S3Failures.isPreconditionFailed(answer)) {
        return PutOutcome.EXISTS;
      }
      throw failures.of(key.name(), answer);
    } catch (SdkException failure) {
      throw failures.of(key.name(), failure);
    }
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    Invariant.check(position >= 0, "read at %d", position);
    if (!target.hasRemaining()) {
      readNothing(key, position);
      return;
    }
    int start = target.position();
    RangeFill fill = new RangeFill(key, position, target);
    GetObjectRequest request = requestFor(key).range(fill.range()).build();
    try {
      Optional<ObjectStoreException> wrong =
          S3Failures.answer(() -> client.getObject(request, fill));
      if (wrong.isPresent()) {
        throw wrong.get();
      }
    } catch (SdkException failure) {
      target.position(start);
      throw failures.ofObject(key, failure);
    }
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    try {
      WholeObject whole = new WholeObject(key, lengthMax);
      GetObjectRequest request = requestFor(key).build();
      return switch (S3Failures.answer(() -> client.getObject(request, whole))) {
        case WholeObject.Taken.Bytes taken -> taken.bytes();
        case WholeObject.Taken.Failed failed -> throw failed.reason();
      };
    } catch (SdkException failure) {
      throw failures.ofObject(key, failure);
    }
  }

  @Override
  public ObjectPart readUpTo(ObjectKey key, long position, int lengthMax) {
    Invariant.check(position >= 0, "read at %d", position);
    Invariant.check(lengthMax >= 1, "at most %d bytes", lengthMax);
    PartOfObject part = new PartOfObject(key, position, lengthMax);
    GetObjectRequest request = requestFor(key).range(part.range()).build();
    try {
      return switch (S3Failures.answer(() -> client.getObject(request, part))) {
        case PartOfObject.Taken.Part taken -> taken.part();
        case PartOfObject.Taken.Failed failed -> throw failed.reason();
      };
    } catch (SdkServiceException answer) {
      if (answer.statusCode() == RANGE_NOT_SATISFIABLE) {
        // Nothing is there from the position on; whether that is its end, the answer does not say.
        return ObjectStore.super.readUpTo(key, position, lengthMax);
      }
      throw failures.ofObject(key, answer);
    } catch (SdkException failure) {
      throw failures.ofObject(key, failure);
    }
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    try {
      HeadObjectRequest request =
          HeadObjectRequest.builder().bucket(bucket).key(keyPrefix + key).build();
      return Optional.of(
          new ObjectInfo(key, S3Failures.answer(() -> client.headObject(request)).contentLength()));
    } catch (SdkException failure) {
      ObjectStoreException reason = failures.ofObject(key, failure);
      if (reason instanceof ObjectStoreException.NotFound) {
        return Optional.empty();
      }
      throw reason;
    }
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    Invariant.check(max >= 1 && max <= KEYS_PER_CALL_MAX, "a page of %d keys", max);
    List<ObjectInfo> page = new ArrayList<>();
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder().bucket(bucket).prefix(keyPrefix + prefix);
    if (!startAfter.isEmpty()) {
      request.startAfter(keyPrefix + startAfter);
    }
    try {
      // A store may answer with fewer than asked for, and we leave out what is not ours.
      for (int answers = 0; answers < LIST_ANSWERS_MAX; answers++) {
        ListObjectsV2Response answer =
            S3Failures.answer(
                () -> client.listObjectsV2(request.maxKeys(max - page.size()).build()));
        answer.contents().forEach(object -> addOwn(object, prefix, page));
        if (page.size() == max || !Boolean.TRUE.equals(answer.isTruncated())) {
          return page;
        }
        request.continuationToken(answer.nextContinuationToken());
      }
      throw new ObjectStoreException.Unavailable(
          "bucket %s does not come to an end with a list of '%s'".formatted(bucket, prefix), null);
    } catch (SdkException failure) {
      throw failures.of("a list of '" + prefix + "'", failure);
    }
  }

  /// By the store's own token: directory buckets list in no order, and begin nowhere else.
  @Override
  public ListedPage listInAnyOrder(String prefix, Optional<String> from, int max) {
    Invariant.check(max >= 1 && max <= KEYS_PER_CALL_MAX, "a page of %d keys", max);
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder().bucket(bucket).prefix(keyPrefix + prefix).maxKeys(max);
    from.ifPresent(request::continuationToken);
    try {
      ListObjectsV2Response answer = S3Failures.answer(() -> client.listObjectsV2(request.build()));
      List<ObjectInfo> page = new ArrayList<>();
      answer.contents().forEach(object -> addOwn(object, prefix, page));
      return new ListedPage(
          page,
          Boolean.TRUE.equals(answer.isTruncated())
              ? Optional.of(answer.nextContinuationToken())
              : Optional.empty());
    } catch (SdkException failure) {
      throw failures.of("a list of '" + prefix + "'", failure);
    }
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    Invariant.check(keys.size() <= KEYS_PER_CALL_MAX, "%d keys to delete", keys.size());
    if (keys.isEmpty()) {
      return;
    }
    List<ObjectIdentifier> names =
        keys.stream().map(key -> ObjectIdentifier.builder().key(keyPrefix + key).build()).toList();
    try {
      DeleteObjectsResponse answer =
          S3Failures.answer(
              () ->
                  client.deleteObjects(
                      request ->
                          request
                              .bucket(bucket)
                              .delete(Delete.builder().objects(names).quiet(true).build())));
      if (!answer.errors().isEmpty()) {
        throw undeleted(answer.errors());
      }
    } catch (SdkException failure) {
      if (failure instanceof SdkServiceException answer && S3Failures.isBadDigest(answer)) {
        throw new ObjectStoreException.Unavailable(
            "the names to delete were changed on their way to bucket " + bucket, failure);
      }
      throw failures.of("a delete of " + keys.size() + " objects", failure);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private PutObjectRequest.Builder putOf(ObjectKey key, ObjectBody body) {
    byte[] crc = ByteBuffer.allocate(Integer.BYTES).putInt(body.crc32c()).array();
    return PutObjectRequest.builder()
        .bucket(bucket)
        .key(keyPrefix + key)
        .checksumCRC32C(Base64.getEncoder().encodeToString(crc));
  }

  private GetObjectRequest.Builder requestFor(ObjectKey key) {
    return GetObjectRequest.builder().bucket(bucket).key(keyPrefix + key);
  }

  private void upload(ObjectKey key, ObjectBody body, PutObjectRequest request) {
    RequestBody bytes =
        RequestBody.fromContentProvider(
            () -> new SliceStream(body.slices()), body.length(), CONTENT_TYPE);
    PutObjectResponse answer;
    try {
      answer = S3Failures.answer(() -> client.putObject(request, bytes));
    } catch (SdkServiceException failure) {
      if (S3Failures.isBadDigest(failure) && body.intact()) {
        throw new ObjectStoreException.Unavailable(
            "the bytes of " + key + " were changed on their way to bucket " + bucket, failure);
      }
      throw failure;
    }
    if (answer.eTag() == null) {
      throw new ObjectStoreException.Unavailable(
          "bucket %s answered a put of %s without saying what it has".formatted(bucket, key), null);
    }
  }

  /// A GET of no bytes can't be asked for.
  private void readNothing(ObjectKey key, long position) {
    ObjectInfo info = stat(key).orElseThrow(() -> new ObjectStoreException.NotFound(key));
    if (position > info.length()) {
      throw new ObjectStoreException.Rejected(
          "object %s of %d bytes ends before %d".formatted(key, info.length(), position), null);
    }
  }

  private void addOwn(S3Object object, String prefix, List<ObjectInfo> page) {
    ObjectKey key;
    try {
      key = new ObjectKey(object.key().substring(keyPrefix.length()));
    } catch (IllegalArgumentException foreign) {
      // Put there by somebody else, under a name that no object of ours has.
      return;
    }
    // Some stores take a//b for a/b.
    if (key.name().startsWith(prefix)) {
      page.add(new ObjectInfo(key, object.size()));
    }
  }

  private ObjectStoreException.Unavailable undeleted(List<S3Error> errors) {
    S3Error first = errors.getFirst();
    return new ObjectStoreException.Unavailable(
        "bucket %s did not delete %d objects; of %s it says %s %s"
            .formatted(bucket, errors.size(), first.key(), first.code(), first.message()),
        null);
  }
}
