package io.weft.controlplane.journal;

import io.weft.storage.object.ObjectBody;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Bytes that end with their checksum.
public final class Sealed {
  private static final int VERSION_AT = 4;

  private Sealed() {}

  /// The same with another version, and the checksum that fits.
  public static byte[] withVersion(byte[] frame, int version) {
    byte[] changed = frame.clone();
    changed[VERSION_AT] = (byte) version;
    return resealed(changed);
  }

  /// With the checksum that fits what stands before it.
  public static byte[] resealed(byte[] frame) {
    int end = frame.length - Integer.BYTES;
    int crc = ObjectBody.of(Arrays.copyOf(frame, end)).crc32c();
    return ByteBuffer.wrap(frame.clone()).putInt(end, crc).array();
  }
}
