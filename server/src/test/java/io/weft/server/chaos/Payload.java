package io.weft.server.chaos;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// What a record says: its writer and its number among that writer's records, then noise that
/// follows from these.
///
/// ```
/// Value => Writer:INT32 Sequence:INT32 Noise:BYTES[0..400)
/// ```
record Payload(int writer, int sequence) {
  private static final int NOISE_BYTES_MAX = 400;

  byte[] toBytes() {
    SplittableRandom random = new SplittableRandom(writer * 1_000_000_007L + sequence);
    byte[] noise = new byte[random.nextInt(NOISE_BYTES_MAX)];
    random.nextBytes(noise);
    return ByteBuffer.allocate(2 * Integer.BYTES + noise.length)
        .putInt(writer)
        .putInt(sequence)
        .put(noise)
        .array();
  }

  /// Both numbers in one, as histories have it.
  long toLong() {
    return ((long) writer << Integer.SIZE) | sequence;
  }

  static Payload of(long both) {
    return new Payload((int) (both >> Integer.SIZE), (int) both);
  }

  /// Reads the two numbers only.
  static Payload of(byte[] value) {
    ByteBuffer buffer = ByteBuffer.wrap(value);
    return new Payload(buffer.getInt(), buffer.getInt());
  }
}
