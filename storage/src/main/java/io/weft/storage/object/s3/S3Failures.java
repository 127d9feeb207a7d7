package io.weft.storage.object.s3;

import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStoreException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What the SDK throws, told as what the caller does next. Stateless.
///
/// The code in an answer's body counts before its status: some stores answer 200 with an error in
/// the body. What is not known for certain to be final is `Unavailable`.
final class S3Failures {
  /// Answers of status 400 that another attempt can change.
  private static final Set<String> PASSING_CODES =
      Set.of(
          "RequestTimeout",
          "ExpiredToken",
          "TokenRefreshRequired",
          "IncompleteBody",
          "OperationAborted",
          "SlowDown");

  /// By the header that does not agree with the bytes: a checksum, or the signed hash.
  private static final Set<String> BAD_DIGEST_CODES =
      Set.of("BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch");

  private final String bucket;

  S3Failures(String bucket) {
    this.bucket = bucket;
  }

  /// Asks, and makes an answer that breaks off an exception of the SDK like all others: where it
  /// does before the first byte of its XML, the SDK lets the bare failure of the stream through.
  static <T> T answer(Supplier<T> call) {
    try {
      return call.get();
    } catch (UncheckedIOException broken) {
      throw SdkClientException.create("the answer broke off: " + broken.getMessage(), broken);
    }
  }

  static boolean isPreconditionFailed(SdkServiceException failure) {
    return code(failure).equals("PreconditionFailed") || failure.statusCode() == 412;
  }

  static boolean isBadDigest(SdkServiceException failure) {
    return BAD_DIGEST_CODES.contains(code(failure));
  }

  /// For calls on one object that may be absent.
  ObjectStoreException ofObject(ObjectKey key, SdkException failure) {
    if (failure instanceof SdkServiceException service
        && service.statusCode() == 404
        && !code(service).equals("NoSuchBucket")) {
      return new ObjectStoreException.NotFound(key);
    }
    return of(key.name(), failure);
  }

  /// @param what the call was about
  ObjectStoreException of(String what, SdkException failure) {
    if (failure instanceof SdkServiceException service) {
      return ofAnswer(what, service);
    }
    String message =
        "no answer from bucket %s about %s: %s".formatted(bucket, what, failure.getMessage());
    if (failure instanceof AbortedException) {
      // Only an interrupt of the calling thread ends a call like this. Set its status again, since
      // not every way out of the SDK does.
      Thread.currentThread().interrupt();
    } else if (String.valueOf(failure.getMessage()).contains("Unable to load credentials")) {
      return new ObjectStoreException.NoCredentials(
          "bucket %s cannot be asked about %s, since there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role"
              .formatted(bucket, what),
          failure);
    }
    return new ObjectStoreException.Unavailable(message, failure);
  }

  private ObjectStoreException ofAnswer(String what, SdkServiceException failure) {
    int status = failure.statusCode();
    String code = code(failure);
    String answer =
        "bucket %s answered %d %s about %s"
            .formatted(bucket, status, code, what)
            .replace("  ", " ");
    return switch (status) {
      case 301, 308, 400, 401, 403, 404, 405, 411, 413, 414, 416, 501 ->
          PASSING_CODES.contains(code)
              ? new ObjectStoreException.Deferred(answer, failure)
              : new ObjectStoreException.Rejected(answer + remedy(status, code), failure);
      default ->
          status >= 400 && status < 500
              ? new ObjectStoreException.Deferred(answer, failure)
              : new ObjectStoreException.Unavailable(answer, failure);
    };
  }

  private String remedy(int status, String code) {
    return switch (code) {
      case "NoSuchBucket" -> ": make the bucket, or mend its name in the store's URL";
      case "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
          ": the access key or its secret is wrong; mend the credentials of this process";
      case "RequestTimeTooSkewed" -> ": this machine's clock is wrong; set it";
      case "AuthorizationHeaderMalformed",
          "PermanentRedirect",
          "IllegalLocationConstraintException" ->
          ": the bucket is in another region; name it as ?region=… in the store's URL";
      default ->
          switch (status) {
            case 301, 308 ->
                ": the bucket is in another region; name it as ?region=… in the store's URL";
            case 401, 403 ->
                ": allow this process s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket"
                    + " on it";
            case 416 -> ": the object ends before the range does";
            default -> "";
          };
    };
  }

  private static String code(SdkServiceException failure) {
    if (failure instanceof S3Exception answered) {
      AwsErrorDetails details = answered.awsErrorDetails();
      if (details != null && details.errorCode() != null) {
        return details.errorCode();
      }
    }
    return "";
  }
}
