package io.weft.environment;

/// Chance: jitter, ids. Thread-safe.
public interface Randomness {
  long nextLong();

  /// A number from 0 up to, not including, `bound`.
  int nextInt(int bound);

  /// A number from 0.0 up to, not including, 1.0.
  double nextDouble();

  /// So many bytes for a key. The real one draws them from the operating system, so that they
  /// cannot be guessed from its other numbers; one that can be repeated from a seed has no secrets.
  default byte[] secret(int bytes) {
    byte[] secret = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      secret[i] = (byte) nextInt(1 << Byte.SIZE);
    }
    return secret;
  }
}
