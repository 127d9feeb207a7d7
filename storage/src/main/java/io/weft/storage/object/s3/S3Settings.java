package io.weft.storage.object.s3;

import io.weft.storage.object.ObjectKey;
import java.net.URI;

/// Where an [S3ObjectStore] is.
///
/// @param bucket its name
/// @param prefix of all its keys, without the `/` at its end; empty: the whole bucket
/// @param region empty: the one the SDK finds (environment, profile, instance), or `us-east-1` if
///   there is an endpoint
/// @param endpoint of a store that is not AWS's own, as `http://host:port`; empty: AWS
/// @param pathStyle the bucket's name in the path, not in the host's name
/// @param limits on time and connections
public record S3Settings(
    String bucket,
    String prefix,
    String region,
    String endpoint,
    boolean pathStyle,
    Limits limits) {
  private static final int KEY_BYTES_MAX = 1024;
  private static final int PREFIX_CHARS_MAX = KEY_BYTES_MAX - ObjectKey.NAME_CHARS_MAX - 1;

  /// @param connectTimeoutMs to make a connection
  /// @param silenceTimeoutMs without a byte from the store
  /// @param attemptTimeoutMs for a whole call, with all its bytes
  /// @param connectionsMax at a time; a call waits for one for at most `connectTimeoutMs`
  public record Limits(
      int connectTimeoutMs, int silenceTimeoutMs, int attemptTimeoutMs, int connectionsMax) {
    public static final Limits DEFAULT = new Limits(2_000, 10_000, 15_000, 256);

    public Limits {
      if (connectTimeoutMs < 1
          || silenceTimeoutMs < 1
          || attemptTimeoutMs < 1
          || connectionsMax < 1) {
        throw new IllegalArgumentException("limits of an S3 store must be 1 or more");
      }
    }
  }

  public S3Settings {
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException("an S3 store needs a bucket: s3://bucket/prefix");
    }
    if (!prefix.isEmpty()) {
      requireKeyLike(prefix);
    }
    if (!endpoint.isEmpty()) {
      requireHttp(endpoint);
    }
  }

  /// With AWS's endpoint, the SDK's region and default limits.
  public static S3Settings of(String bucket, String prefix) {
    return new S3Settings(bucket, prefix, "", "", false, Limits.DEFAULT);
  }

  private static void requireKeyLike(String prefix) {
    if (prefix.length() > PREFIX_CHARS_MAX) {
      throw new IllegalArgumentException(
          "the prefix of an S3 store should have at most %d characters"
              .formatted(PREFIX_CHARS_MAX));
    }
    try {
      new ObjectKey(prefix);
    } catch (IllegalArgumentException unclean) {
      throw new IllegalArgumentException(
          "prefix '%s' of an S3 store should be names of A-Z a-z 0-9 . _ - with single / between them"
              .formatted(prefix),
          unclean);
    }
  }

  private static void requireHttp(String endpoint) {
    URI uri;
    try {
      uri = URI.create(endpoint);
    } catch (IllegalArgumentException malformed) {
      uri = URI.create("");
    }
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "endpoint '%s' of an S3 store should look like http://host:port".formatted(endpoint));
    }
  }
}
