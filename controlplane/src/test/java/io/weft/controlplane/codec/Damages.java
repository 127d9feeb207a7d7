package io.weft.controlplane.codec;

import java.util.Arrays;
import java.util.Random;

/// Makes bytes that were valid into others, as damage and strangers do. Owned by one thread.
public final class Damages {
  /// Where lengths of numbers, signs and counts change.
  private static final byte[] EDGES = {0, 1, 2, 3, 0x7E, 0x7F, (byte) 0x80, (byte) 0xFE, -1};

  private static final int HEAD_BYTES = 2;

  private final Random random;

  public Damages(Random random) {
    this.random = random;
  }

  /// @param bytes at least one; not changed
  public byte[] of(byte[] bytes) {
    return switch (random.nextInt(8)) {
      case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 1 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(3));
      case 2 -> hugeNumber(bytes);
      case 3 -> noise(bytes);
      case 4 -> moved(bytes);
      case 5 -> edges(bytes);
      default -> flipped(bytes);
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return changed;
  }

  private byte[] edges(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      changed[random.nextInt(changed.length)] = EDGES[random.nextInt(EDGES.length)];
    }
    return changed;
  }

  /// In the place of some others.
  private byte[] hugeNumber(byte[] bytes) {
    byte[] changed = bytes.clone();
    int at = random.nextInt(changed.length);
    int length = 2 + random.nextInt(9);
    int end = Math.min(changed.length, at + length);
    Arrays.fill(changed, at, end, (byte) 0xFE);
    changed[end - 1] = 0x7F;
    return changed;
  }

  /// The right version and kind, then anything.
  private byte[] noise(byte[] bytes) {
    byte[] changed = new byte[random.nextInt(200) + HEAD_BYTES];
    random.nextBytes(changed);
    System.arraycopy(bytes, 0, changed, 0, Math.min(HEAD_BYTES, bytes.length));
    return changed;
  }

  /// A piece of it stands in another place, as it stands or in the place of others: things come
  /// twice, or are missed.
  private byte[] moved(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    int length = Math.min(1 + random.nextInt(64), bytes.length - from);
    int at = random.nextInt(bytes.length);
    int over = random.nextBoolean() ? 0 : Math.min(random.nextInt(64), bytes.length - at);
    byte[] changed = new byte[bytes.length - over + length];
    System.arraycopy(bytes, 0, changed, 0, at);
    System.arraycopy(bytes, from, changed, at, length);
    System.arraycopy(bytes, at + over, changed, at + length, bytes.length - at - over);
    return changed;
  }
}
