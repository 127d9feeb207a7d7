package io.weft.server.doctor;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cache.CorruptObjectException;
import io.weft.agent.cache.LocalChunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.cache.VerifiedBatches;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.protocol.record.BatchView;
import io.weft.server.doctor.LiveExtents.Held;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.CorruptFileException;
import io.weft.storage.file.FileFooter;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.FileReader;
import io.weft.storage.object.ObjectStoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Looks at one object as an agent does before it serves anything of it. Thread-safe.
final class FileExamination {
  /// How many files may be looked at side by side.
  static final int SIDE_BY_SIDE_MAX = 8;

  /// How much of an extent is checked in one go.
  private static final int READ_BYTES = 1 << 20;

  private static final int CHUNK_BYTES = 8 << 20;
  private static final long CACHE_BYTES = 64L << 20;

  private final ClusterBucket bucket;
  private final Optional<VerifiedBatches> batches;
  private final LongAdder batchesVerified = new LongAdder();

  /// @param deep whether every batch is read and its checksum verified
  FileExamination(ClusterBucket bucket, boolean deep) {
    this.bucket = bucket;
    CacheSettings cache = new CacheSettings(CHUNK_BYTES, CACHE_BYTES, SIDE_BY_SIDE_MAX);
    this.batches =
        deep ? Optional.of(new VerifiedBatches(new LocalChunks(bucket, cache))) : Optional.empty();
  }

  /// Why an object is not the file that it should be.
  ///
  /// @param kind what it is instead
  record Flaw(ObjectKind kind, String what) {}

  long batchesVerified() {
    return batchesVerified.sum();
  }

  /// What is wrong with a file that logs hold these extents of.
  ///
  /// @param length as the store says it
  /// @param extents none for a file of which nothing but its own word is known
  Optional<Flaw> flaw(long fileId, long length, List<Held> extents) {
    FilePlace place = FilePlace.of(fileId);
    try {
      FileFooter footer =
          FileReader.readFooterAndHeader(bucket.storeOf(place), place.key(), length);
      Optional<String> foreign = footer.flawAs(bucket.clusterId(), fileId);
      if (foreign.isPresent()) {
        return Optional.of(new Flaw(ObjectKind.FOREIGN, foreign.get()));
      }
      for (Held held : extents) {
        Optional<String> flaw = flaw(footer, held);
        if (flaw.isPresent()) {
          return Optional.of(new Flaw(ObjectKind.DAMAGED, flaw.get()));
        }
      }
      return Optional.empty();
    } catch (CorruptFileException | CorruptObjectException damage) {
      return Optional.of(new Flaw(ObjectKind.DAMAGED, damage.getMessage()));
    } catch (ObjectStoreException.NotFound gone) {
      return Optional.of(new Flaw(ObjectKind.MISSING, gone.getMessage()));
    }
  }

  /// Why a file that was never committed is not known to be this cluster's; empty if it is.
  Optional<Flaw> flawAsOrphan(long fileId, long length) {
    FilePlace place = FilePlace.of(fileId);
    try {
      FileFooter footer =
          FileReader.readFooterAndHeader(bucket.storeOf(place), place.key(), length);
      return footer.origin().isEmpty()
          ? Optional.of(
              new Flaw(ObjectKind.UNPROVED, "it is of a format that does not say whose a file is"))
          : footer
              .flawAs(bucket.clusterId(), fileId)
              .map(foreign -> new Flaw(ObjectKind.FOREIGN, foreign));
    } catch (CorruptFileException damage) {
      return Optional.of(new Flaw(ObjectKind.UNPROVED, damage.getMessage()));
    } catch (ObjectStoreException.NotFound gone) {
      return Optional.of(new Flaw(ObjectKind.MISSING, gone.getMessage()));
    }
  }

  private Optional<String> flaw(FileFooter footer, Held held) {
    Extent extent = held.extent();
    Optional<String> flaw = footer.flawOf(held.partition(), extent.position(), extent.length());
    return flaw.isPresent() || batches.isEmpty()
        ? flaw
        : flaw(batches.get(), held.partition(), extent);
  }

  private Optional<String> flaw(VerifiedBatches reader, PartitionId partition, Extent extent) {
    int skip = 0;
    long next = extent.baseOffset();
    while (skip < extent.length()) {
      for (BatchView batch : reader.read(partition, extent, skip, READ_BYTES, ReadPurpose.TAIL)) {
        long base = extent.hasOwnOffsets() ? batch.ownOffset() : next;
        if (base < next || base > extent.lastOffset() + 1 - batch.offsets()) {
          return Optional.of(
              "the batch at byte %d begins at offset %d and has %d; expected was offset %d, and none behind %d"
                  .formatted(
                      extent.position() + skip, base, batch.offsets(), next, extent.lastOffset()));
        }
        next = base + batch.offsets();
        skip += batch.sizeInBytes();
        batchesVerified.increment();
      }
    }
    return extent.hasOwnOffsets() || next == extent.lastOffset() + 1
        ? Optional.empty()
        : Optional.of(
            "the batches of %s end before offset %d, the extent after %d"
                .formatted(partition, next, extent.lastOffset()));
  }
}
