package io.weft.controlplane.journal;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.Arrays;
import java.util.Random;

/// States of any size, as snapshots hold them: a number, and so many bytes drawn from it.
public final class StoredStates {
  private StoredStates() {}

  /// Written, to be kept.
  public static WireWriter state(long seed, int chunks, int chunkBytes) {
    WireWriter out = Snapshots.writer();
    Random random = new Random(seed);
    out.writeLong(seed);
    out.writeVarInt(chunks);
    for (int i = 0; i < chunks; i++) {
      byte[] chunk = new byte[chunkBytes];
      random.nextBytes(chunk);
      out.writeBytes(chunk);
      out.writeLong(i);
    }
    return out;
  }

  public static WireWriter small() {
    return state(1, 1, 4);
  }

  /// Reads one, and fails where it is not as it was written.
  public static void check(WireReader in) {
    Random random = new Random(in.readLong());
    int chunks = in.readVarInt();
    for (int i = 0; i < chunks; i++) {
      byte[] read = in.readBytes();
      byte[] written = new byte[read.length];
      random.nextBytes(written);
      if (!Arrays.equals(read, written) || in.readLong() != i) {
        throw new AssertionError("chunk " + i + " is another");
      }
    }
    in.finish();
  }
}
