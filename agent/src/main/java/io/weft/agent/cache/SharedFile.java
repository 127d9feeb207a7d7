package io.weft.agent.cache;

import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.file.FileFooter;
import io.weft.storage.file.FilePlace;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A file of which another agent sends pieces, with what the file says of itself according to that
/// agent. Its bytes are believed no more than a store's: they pass the same checks. Immutable.
public final class SharedFile {
  private final FilePlace place;
  private final FileCheck check;

  private SharedFile(FilePlace place, FileCheck check) {
    this.place = place;
    this.check = check;
  }

  /// @param clusterId the cluster that the file is to belong to
  public static SharedFile of(String clusterId, FilePlace place, FileFooter footer) {
    return new SharedFile(place, FileCheck.of(clusterId, place.fileId(), () -> footer));
  }

  /// Whether it says that it is the file that was asked for.
  public boolean isTheOneAskedFor() {
    return switch (check) {
      case FileCheck.Passed passed -> true;
      case FileCheck.Failed failed -> false;
    };
  }

  /// Tells what the file says of itself from what another one says; the agent that keeps the file
  /// sends it with bytes of it ([FileFooter#copyCrc]).
  public int crc() {
    return switch (check) {
      case FileCheck.Passed(FileFooter footer) -> footer.copyCrc();
      case FileCheck.Failed failed -> 0;
    };
  }

  /// What is wrong with the claim that these bytes begin at this position of the file; empty if
  /// nothing is, as far as whole runs of partitions tell. Of a run that is there in part, only its
  /// batches can be checked.
  public Optional<String> flawOf(long position, ByteBuffer bytes) {
    return switch (check) {
      case FileCheck.Passed(FileFooter footer) -> footer.flawOfBytes(position, bytes);
      case FileCheck.Failed(String what) -> Optional.of(what);
    };
  }

  /// A piece of it.
  ///
  /// @param position where it begins in the file
  public Chunk piece(long position, GatheredBytes bytes) {
    return Chunk.onHeap(place, position, bytes, check);
  }

  public int sizeInBytes() {
    return check.sizeInBytes();
  }
}
