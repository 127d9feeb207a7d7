package io.weft.simulation.broken.file;

import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.file.FilePlace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Chunks whose batches are altered when they are read for some purposes.
record AlteredChunks(Chunks real, Batches batches) implements Chunks {
  private static final int LENGTH_POSITION = 8;
  private static final int BATCH_OVERHEAD = 12;
  private static final int BATCH_BYTES_MIN = 61;

  /// What is done to the batches of one read.
  interface Batches {
    /// @return what alters the batches of a read for this purpose, one after the other
    Alteration of(ReadPurpose purpose);
  }

  interface Alteration {
    Alteration NONE = (_, _, _) -> {};

    /// @param bytes of everything that was read; may be written to
    /// @param at where this batch begins
    void alter(ByteBuffer bytes, int at, int size);
  }

  @Override
  public List<ChunkSlice> read(FilePlace place, long position, int length, ReadPurpose purpose) {
    List<ChunkSlice> slices = real.read(place, position, length, purpose);
    ByteBuffer bytes = ByteBuffer.allocate(length);
    slices.forEach(
        slice -> slice.bytes().parts(0, slice.bytes().length()).forEach(part -> bytes.put(part)));
    alter(bytes.flip(), batches.of(purpose));
    List<ChunkSlice> altered = new ArrayList<>();
    int at = 0;
    for (ChunkSlice slice : slices) {
      int size = slice.bytes().length();
      altered.add(
          new ChunkSlice(
              slice.chunk(), slice.from(), GatheredBytes.of(bytes.slice(at, size)), slice.lease()));
      at += size;
    }
    return altered;
  }

  @Override
  public boolean holds(FilePlace place, long position, int length) {
    return real.holds(place, position, length);
  }

  @Override
  public void drop(List<ChunkSlice> damaged) {
    real.drop(damaged);
  }

  private static void alter(ByteBuffer bytes, Alteration alteration) {
    int at = 0;
    while (at + BATCH_BYTES_MIN <= bytes.limit()) {
      int size = bytes.getInt(at + LENGTH_POSITION) + BATCH_OVERHEAD;
      if (size < BATCH_BYTES_MIN || size > bytes.limit() - at) {
        return;
      }
      alteration.alter(bytes, at, size);
      at += size;
    }
  }
}
