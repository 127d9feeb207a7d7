package io.weft.agent.cache;

import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.protocol.record.BatchHeader;
import io.weft.protocol.record.BatchView;
import io.weft.protocol.record.CorruptBatchException;
import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whole batches out of chunks, none of them seen before its CRC was checked, with that of its own
/// offset if the extent's batches have one, and before the file has said that it is the one that
/// was asked for, and that it has this partition's batches there. Thread-safe.
///
/// A check is remembered with the copy it was made on: bytes are checked once when they enter, and
/// again when they enter again. What spans two chunks counts as checked only while both copies
/// last. A damaged copy is dropped and the bytes are fetched once more; if they are damaged still,
/// so is the object.
public final class VerifiedBatches {
  private static final Logger LOG = LoggerFactory.getLogger(VerifiedBatches.class);

  /// Batches that are at least so many parts of their chunks' [#CHUNK_PARTS] are kept with them.
  private static final int KEPT_PARTS = 3;

  private static final int CHUNK_PARTS = 4;

  private final Chunks chunks;

  public VerifiedBatches(Chunks chunks) {
    this.chunks = chunks;
  }

  /// Batches for a caller that keeps them for a while.
  ///
  /// @param bytesHeld of the memory that they keep from being freed
  public record Run(List<BatchView> batches, long bytesHeld) {}

  /// As [#read]; but where all of it lies in chunks that are on the heap, batches that are most of
  /// these stay there: [#KEPT_PARTS] to one in [#CHUNK_PARTS].
  public Run readToKeep(
      PartitionId partition, Extent extent, int skip, int bytesWanted, ReadPurpose purpose) {
    Intact intact = readIntact(partition, extent, skip, bytesWanted, purpose);
    List<ChunkSlice> slices = intact.slices();
    long chunkBytes = slices.stream().mapToLong(slice -> slice.chunk().length()).sum();
    int bytes = intact.batches().getLast().end();
    if (slices.stream().anyMatch(slice -> slice.chunk().isInPages())
        || (long) bytes * CHUNK_PARTS < chunkBytes * KEPT_PARTS) {
      return new Run(copied(intact), bytes);
    }
    ChunkSlice.releaseAll(slices);
    return new Run(intact.batches(), chunkBytes);
  }

  /// The same batches in memory of their own.
  private static List<BatchView> copied(Intact intact) {
    try {
      List<BatchView> batches = intact.batches();
      int bytes = batches.getLast().end();
      GatheredBytes copy = GatheredBytes.of(batches.getFirst().bytes().copy(0, bytes));
      return batches.stream()
          .map(batch -> new BatchView(copy, batch.at(), batch.sizeInBytes()))
          .toList();
    } finally {
      ChunkSlice.releaseAll(intact.slices());
    }
  }

  /// Reads whole batches of an extent from where one begins: as many as fit in `bytesWanted`, but
  /// at least one; of an object that is damaged further on, those before the damage. Nothing beyond
  /// the extent is looked at, and it must end with a whole batch. They are copied out of the cache.
  ///
  /// @param partition that the extent belongs to
  /// @param skip where in the extent to begin
  /// @throws CorruptObjectException if the object is damaged in what begins here, or is not the
  ///   file, or does not have this partition's batches where the extent says
  /// @throws ObjectStoreException as [Chunks#read], and if it is damaged otherwise each time
  public List<BatchView> read(
      PartitionId partition, Extent extent, int skip, int bytesWanted, ReadPurpose purpose) {
    return copied(readIntact(partition, extent, skip, bytesWanted, purpose));
  }

  /// Batches that were checked, at least one, and what they lie in, not released.
  private record Intact(List<BatchView> batches, List<ChunkSlice> slices) {}

  private Intact readIntact(
      PartitionId partition, Extent extent, int skip, int bytesWanted, ReadPurpose purpose) {
    long fileId = extent.fileId();
    long position = extent.position() + skip;
    String before;
    try {
      return readOnce(partition, extent, skip, bytesWanted, purpose);
    } catch (DamagedCopyException damaged) {
      LOG.error(
          "File {}, byte {}: a copy is damaged ({}); it is dropped and fetched once more",
          fileId,
          position,
          damaged.getMessage());
      before = damaged.look();
      chunks.drop(damaged.slices);
      ChunkSlice.releaseAll(damaged.slices);
    }
    try {
      return readOnce(partition, extent, skip, bytesWanted, purpose);
    } catch (DamagedCopyException damaged) {
      chunks.drop(damaged.slices);
      List<BatchView> intact =
          damaged.isTheirs ? beforeDamage(gather(damaged.slices), extent) : List.of();
      if (!intact.isEmpty()) {
        return new Intact(intact, damaged.slices);
      }
      String now = damaged.look();
      ChunkSlice.releaseAll(damaged.slices);
      if (!now.equals(before)) {
        // An object is the same each time it is read: it is the way from the store that lies.
        throw new ObjectStoreException.Unavailable(
            "file %d, byte %d: damaged otherwise each time it is read, now: %s"
                .formatted(fileId, position, damaged.getMessage()),
            null);
      }
      LOG.error(
          "FILE {} IS DAMAGED at byte {}: {}. Its readers get an error until it is mended",
          fileId,
          position,
          damaged.getMessage());
      throw new CorruptObjectException(fileId, position, damaged.getMessage());
    }
  }

  private static List<BatchView> beforeDamage(GatheredBytes bytes, Extent extent) {
    List<BatchView> intact = new ArrayList<>();
    try {
      Optional<BatchView> next = BatchView.at(bytes, 0);
      while (next.isPresent()) {
        verify(next.get(), extent);
        intact.add(next.get());
        next = BatchView.at(bytes, next.get().end());
      }
    } catch (CorruptBatchException damage) {
      LOG.debug("{} batches lie before the damage: {}", intact.size(), damage.getMessage());
    }
    return intact;
  }

  private static void verify(BatchView batch, Extent extent) {
    batch.verifyCrc();
    if (extent.hasOwnOffsets()) {
      batch.verifyOwnOffset();
    }
  }

  private Intact readOnce(
      PartitionId partition, Extent extent, int skip, int bytesWanted, ReadPurpose purpose)
      throws DamagedCopyException {
    long position = extent.position() + skip;
    int bytesMax = extent.length() - skip;
    int length = Math.min(Math.max(bytesWanted, BatchHeader.BYTES), bytesMax);
    while (true) {
      List<ChunkSlice> slices = chunks.read(FilePlace.of(extent), position, length, purpose);
      boolean isHandedOn = false;
      try {
        checkWhose(slices, partition, extent);
        List<BatchView> batches = split(gather(slices), bytesMax);
        if (!batches.isEmpty()) {
          check(slices, extent, position, batches);
          isHandedOn = true;
          return new Intact(batches, slices);
        }
        length = firstBatchBytes(gather(slices), bytesMax);
      } catch (CorruptBatchException corrupt) {
        isHandedOn = true;
        throw new DamagedCopyException(corrupt.getMessage(), slices, true);
      } catch (DamagedCopyException damaged) {
        isHandedOn = true;
        throw damaged;
      } finally {
        if (!isHandedOn) {
          ChunkSlice.releaseAll(slices);
        }
      }
    }
  }

  private static void checkWhose(List<ChunkSlice> slices, PartitionId partition, Extent extent)
      throws DamagedCopyException {
    for (ChunkSlice slice : slices) {
      Optional<String> flaw = slice.chunk().check().flawOf(partition, extent);
      if (flaw.isPresent()) {
        throw new DamagedCopyException(flaw.get(), slices, false);
      }
    }
  }

  /// The batches that are all there.
  private static List<BatchView> split(GatheredBytes bytes, int bytesMax) {
    List<BatchView> batches = new ArrayList<>();
    int at = 0;
    Optional<BatchView> next = BatchView.at(bytes, at);
    while (next.isPresent()) {
      batches.add(next.get());
      at = next.get().end();
      next = BatchView.at(bytes, at);
    }
    if (bytes.length() == bytesMax && at != bytesMax) {
      throw new CorruptBatchException(at, "the run ends within it");
    }
    return batches;
  }

  private static int firstBatchBytes(GatheredBytes bytes, int bytesMax) {
    int size = BatchView.sizeInBytes(bytes, 0);
    if (size > bytesMax) {
      throw new CorruptBatchException(0, "it is longer than its run");
    }
    return size;
  }

  private static void check(
      List<ChunkSlice> slices, Extent extent, long position, List<BatchView> batches) {
    long end = position + batches.getLast().end();
    boolean known = true;
    for (ChunkSlice slice : slices) {
      long to = Math.min(slice.to(), end);
      known &= to <= slice.from() || slice.chunk().checked().covers(slice.from(), to);
    }
    if (known) {
      return;
    }
    batches.forEach(batch -> verify(batch, extent));
    for (ChunkSlice slice : slices) {
      long to = Math.min(slice.to(), end);
      if (to > slice.from()) {
        slice.chunk().checked().add(slice.from(), to);
      }
    }
  }

  private static GatheredBytes gather(List<ChunkSlice> slices) {
    return slices.size() == 1
        ? slices.getFirst().bytes()
        : GatheredBytes.of(
            slices.stream()
                .flatMap(slice -> slice.bytes().parts(0, slice.bytes().length()).stream())
                .toList());
  }

  /// Carries the slices to the code that drops their copies and releases them; never leaves this
  /// class.
  private static final class DamagedCopyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ChunkSlice> slices;

    /// Whether they are of the right file and partition: then what is intact among them counts.
    private final boolean isTheirs;

    DamagedCopyException(String what, List<ChunkSlice> slices, boolean isTheirs) {
      super(what);
      this.slices = slices;
      this.isTheirs = isTheirs;
    }

    /// Tells this damage from another.
    String look() {
      CRC32C crc = new CRC32C();
      for (ChunkSlice slice : slices) {
        slice.bytes().addTo(crc, 0, slice.bytes().length());
      }
      return getMessage() + crc.getValue();
    }
  }
}
