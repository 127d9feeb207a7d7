package io.weft.agent.compaction;

import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.memory.Lease;
import io.weft.storage.file.FilePlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The chunks of one input at a time: brought once, and read from here as often as there are
/// extents in them. Owned by one thread.
final class JobInputs implements Chunks {
  private final Chunks chunks;
  private Optional<FilePlace> place = Optional.empty();
  private List<ChunkSlice> held = List.of();

  JobInputs(Chunks chunks) {
    this.chunks = chunks;
  }

  /// Forgets the input before, and brings this one.
  void bring(FilePlace input, long position, int length) {
    release();
    held = chunks.read(input, position, length, ReadPurpose.JOB);
    place = Optional.of(input);
  }

  void release() {
    place = Optional.empty();
    ChunkSlice.releaseAll(held);
    held = List.of();
  }

  @Override
  public List<ChunkSlice> read(FilePlace input, long position, int length, ReadPurpose purpose) {
    return holds(input, position, length)
        ? cut(position, position + length)
        : chunks.read(input, position, length, purpose);
  }

  @Override
  public boolean holds(FilePlace input, long position, int length) {
    return place.filter(input::equals).isPresent()
        && !held.isEmpty()
        && held.getFirst().from() <= position
        && position + length <= held.getLast().to();
  }

  @Override
  public void drop(List<ChunkSlice> damaged) {
    // What was given out of it may still be looked at: it goes with the input.
    place = Optional.empty();
    chunks.drop(damaged);
  }

  private List<ChunkSlice> cut(long from, long to) {
    List<ChunkSlice> cut = new ArrayList<>(1);
    for (ChunkSlice slice : held) {
      long begin = Math.max(from, slice.from());
      long end = Math.min(to, slice.to());
      if (begin < end) {
        int at = (int) (begin - slice.from());
        cut.add(
            new ChunkSlice(
                slice.chunk(),
                begin,
                slice.bytes().slice(at, at + (int) (end - begin)),
                // The one that is held keeps the bytes.
                Lease.NONE));
      }
    }
    return cut;
  }
}
