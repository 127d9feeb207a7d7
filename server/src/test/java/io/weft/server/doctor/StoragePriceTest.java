package io.weft.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StoragePriceTest {
  @Test
  void aDirectoryBucketCostsWhatExpressCosts() {
    assertThat(StoragePrice.ofUrl("s3://records--use1-az4--x-s3/weft?region=us-east-1"))
        .isEqualTo(StoragePrice.S3_EXPRESS);
    assertThat(StoragePrice.ofUrl("s3://records/weft--x-s3?region=us-east-1"))
        .isEqualTo(StoragePrice.S3_STANDARD);
    assertThat(StoragePrice.ofUrl("file:/data--x-s3")).isEqualTo(StoragePrice.S3_STANDARD);
  }

  @Test
  void aTebibyteOfStandardCostsItsListPrice() {
    assertThat(StoragePrice.S3_STANDARD.usdPerMonth(1L << 40)).isEqualTo(1_024 * 0.023);
  }
}
