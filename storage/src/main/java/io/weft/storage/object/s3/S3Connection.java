package io.weft.storage.object.s3;

import io.weft.storage.object.ObjectStoreException;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/// Makes the SDK's clients as [S3ObjectStore] needs them. Stateless.
final class S3Connection {
  /// What stores that are not AWS's own expect to be signed for.
  private static final String REGION_OF_OTHERS = "us-east-1";

  private S3Connection() {}

  static S3Client open(S3Settings settings) {
    return open(settings, DefaultCredentialsProvider.builder().build());
  }

  static S3Client open(S3Settings settings, AwsCredentialsProvider credentials) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(http(settings.limits()))
            .credentialsProvider(credentials)
            .forcePathStyle(settings.pathStyle())
            // Ceph's gateway refuses checksums in trailers. What we send and read is checked by
            // checksums of our own.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            // Without: one signature over plain bytes, which every store understands.
            .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
            .overrideConfiguration(
                client ->
                    client
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallAttemptTimeout(
                            Duration.ofMillis(settings.limits().attemptTimeoutMs())));
    if (!settings.endpoint().isEmpty()) {
      builder.endpointOverride(URI.create(settings.endpoint()));
      builder.region(Region.of(REGION_OF_OTHERS));
    }
    if (!settings.region().isEmpty()) {
      builder.region(Region.of(settings.region()));
    }
    try {
      return builder.build();
    } catch (SdkException failure) {
      throw new ObjectStoreException.Rejected(
          "bucket %s can't be opened (%s): name its region as ?region=… in its URL or in AWS_REGION"
              .formatted(settings.bucket(), failure.getMessage()),
          failure);
    }
  }

  private static Apache5HttpClient.Builder http(S3Settings.Limits limits) {
    Duration connectTimeout = Duration.ofMillis(limits.connectTimeoutMs());
    return Apache5HttpClient.builder()
        .connectionTimeout(connectTimeout)
        .connectionAcquisitionTimeout(connectTimeout)
        .socketTimeout(Duration.ofMillis(limits.silenceTimeoutMs()))
        .maxConnections(limits.connectionsMax())
        .tcpKeepAlive(true);
  }
}
