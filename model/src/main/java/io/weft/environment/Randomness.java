package io.weft.environment;

/// Chance: jitter, ids. Thread-safe.
public interface Randomness {
  long nextLong();

  /// A number from 0 up to, not including, `bound`.
  int nextInt(int bound);

  /// A number from 0.0 up to, not including, 1.0.
  double nextDouble();
}
