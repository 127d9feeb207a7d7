package io.weft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Crc32cProperties {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void combiningTwoPartsIsTheChecksumOfBoth(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 400; i++) {
      byte[] bytes = new byte[random.nextInt(1 << random.nextInt(1, 18))];
      random.nextBytes(bytes);
      int cut = random.nextInt(bytes.length + 1);
      int combined =
          Crc32c.combine(
              jdk(bytes, 0, cut), jdk(bytes, cut, bytes.length - cut), bytes.length - cut);
      assertThat(combined).as("seed %d, round %d", seed, i).isEqualTo(jdk(bytes, 0, bytes.length));
    }
  }

  @Test
  void theCheckValueOfThePolynomialComesOut() {
    byte[] digits = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};

    assertThat(Crc32c.of(ByteBuffer.wrap(digits))).isEqualTo(0xE3069283);
  }

  @Test
  void aBufferIsLeftAsItWas() {
    ByteBuffer buffer = ByteBuffer.allocate(10).position(2).limit(7);

    Crc32c.of(buffer);

    assertThat(buffer.position()).isEqualTo(2);
    assertThat(buffer.limit()).isEqualTo(7);
  }

  @Test
  void lengthsOfMoreThanAnArrayAreMadeOfSmallerOnes() {
    long half = 3_000_000_000_123L;
    int a = 0x12345678;

    int inTwoSteps = Crc32c.combine(Crc32c.combine(a, 0, half), 0, half);

    assertThat(Crc32c.combine(a, 0, 2 * half)).isEqualTo(inTwoSteps);
  }

  @Test
  void aNegativeLengthIsRefused() {
    assertThatThrownBy(() -> Crc32c.combine(0, 0, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static int jdk(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
