package io.weft.storage.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// CRC-32C of bytes, and of bytes side by side from the checksums of the parts. Thread-safe.
///
/// A CRC is a remainder of polynomials over GF(2), so the checksum of `A B` is `crc(A) · x^(8·|B|)
/// + crc(B)` modulo the Castagnoli polynomial (as in zlib's `crc32_combine`). The powers of x are
///   kept by the digits of the length in base 256, which makes a combination one multiplication for
///   each byte of the length that is not zero.
public final class Crc32c {
  /// The Castagnoli polynomial with the lowest power in the highest bit, as CRC registers keep it.
  private static final int POLYNOMIAL = 0x82F63B78;

  /// The polynomials 1 and x^8 in the same order of bits.
  private static final int ONE = 0x80000000;

  private static final int X_TO_8 = 0x00800000;

  private static final int DIGITS = Long.BYTES;
  private static final int DIGIT_VALUES = 256;

  /// `POWERS[d][v]` is x^(8 · v · 256^d).
  private static final int[][] POWERS = powers();

  private Crc32c() {}

  /// The checksum of the bytes between position and limit; the buffer is left as it was.
  public static int of(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  /// The checksum of bytes A followed by bytes B.
  ///
  /// @param lengthB how many bytes B has; 0 or more
  public static int combine(int crcA, int crcB, long lengthB) {
    if (lengthB < 0) {
      throw new IllegalArgumentException("negative length " + lengthB);
    }
    int shifted = crcA;
    int digit = 0;
    for (long left = lengthB; left != 0; left >>>= Byte.SIZE) {
      int value = (int) (left & 0xFF);
      if (value != 0) {
        shifted = multiply(POWERS[digit][value], shifted);
      }
      digit++;
    }
    return shifted ^ crcB;
  }

  /// The product of two polynomials modulo the CRC's; without branches, as the bits are random.
  private static int multiply(int a, int b) {
    int product = 0;
    int shifted = b;
    for (int bit = Integer.SIZE - 1; bit >= 0; bit--) {
      product ^= shifted & -((a >>> bit) & 1);
      shifted = (shifted >>> 1) ^ (POLYNOMIAL & -(shifted & 1));
    }
    return product;
  }

  private static int[][] powers() {
    int[][] powers = new int[DIGITS][DIGIT_VALUES];
    int step = X_TO_8;
    for (int[] digit : powers) {
      digit[0] = ONE;
      for (int value = 1; value < DIGIT_VALUES; value++) {
        digit[value] = multiply(step, digit[value - 1]);
      }
      step = multiply(step, digit[DIGIT_VALUES - 1]);
    }
    return powers;
  }
}
