package io.weft.storage.object.s3;

import io.weft.storage.object.ObjectStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/// Where a test's S3 server is, and the credentials it takes.
public record S3Endpoint(String url, String accessKey, String secretKey) {

  /// The store's URL, for a process that has the keys in its environment.
  public String storeUrl(String bucket, String prefix) {
    return "s3://%s/%s?endpoint=%s&pathStyle=true".formatted(bucket, prefix, url);
  }

  public ObjectStore open(String bucket, String prefix) {
    S3Settings settings = settings(bucket, prefix, S3Settings.Limits.DEFAULT);
    return new S3ObjectStore(client(settings), settings);
  }

  public ObjectStore open(String bucket, String prefix, S3Settings.Limits limits) {
    S3Settings settings = settings(bucket, prefix, limits);
    return new S3ObjectStore(client(settings), settings);
  }

  public void createBucket(String bucket) {
    try (S3Client client = client(settings(bucket, "", S3Settings.Limits.DEFAULT))) {
      client.createBucket(request -> request.bucket(bucket));
    }
  }

  private S3Settings settings(String bucket, String prefix, S3Settings.Limits limits) {
    return new S3Settings(bucket, prefix, "", url, true, limits);
  }

  private S3Client client(S3Settings settings) {
    return S3Connection.open(
        settings,
        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)));
  }
}
