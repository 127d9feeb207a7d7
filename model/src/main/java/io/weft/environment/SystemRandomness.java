package io.weft.environment;

import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;

/// Unpredictable chance, cheap from any thread.
final class SystemRandomness implements Randomness {
  @Override
  public long nextLong() {
    return ThreadLocalRandom.current().nextLong();
  }

  @Override
  public int nextInt(int bound) {
    return ThreadLocalRandom.current().nextInt(bound);
  }

  @Override
  public double nextDouble() {
    return ThreadLocalRandom.current().nextDouble();
  }

  @Override
  public byte[] secret(int bytes) {
    byte[] secret = new byte[bytes];
    new SecureRandom().nextBytes(secret);
    return secret;
  }
}
