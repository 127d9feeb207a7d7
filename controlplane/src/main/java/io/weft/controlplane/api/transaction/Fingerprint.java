package io.weft.controlplane.api.transaction;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Stands for a transactional id where it matters only whether two are the same: the first 64 bits
/// of its SHA-256, so that nobody finds another id that passes for a given one.
public final class Fingerprint {
  /// Of no transactional id.
  public static final long NONE = 0;

  private Fingerprint() {}

  /// @return never [#NONE]
  public static long of(String transactionalId) {
    byte[] digest = sha256().digest(transactionalId.getBytes(StandardCharsets.UTF_8));
    long first = ByteBuffer.wrap(digest).getLong();
    return first == NONE ? 1 : first;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
