package io.weft.agent.cache;

import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.storage.file.CorruptFileException;
import io.weft.storage.file.FileFooter;
import java.util.Optional;
import java.util.function.Supplier;

/// What a file that was loaded says of itself, as far as it can be believed. Immutable; kept with
/// every copy of the file's bytes.
sealed interface FileCheck {
  /// It is the file that was asked for, in a format that is understood.
  record Passed(FileFooter footer) implements FileCheck {}

  /// It is another cluster's or another file, or its footer is damaged: none of its bytes may be
  /// served.
  record Failed(String what) implements FileCheck {}

  /// @param footer may throw [CorruptFileException]
  static FileCheck of(String clusterId, long fileId, Supplier<FileFooter> footer) {
    try {
      FileFooter read = footer.get();
      return read.flawAs(clusterId, fileId).<FileCheck>map(Failed::new).orElse(new Passed(read));
    } catch (CorruptFileException damaged) {
      return new Failed(damaged.getMessage());
    }
  }

  /// Why bytes of this extent may not be taken from this file; empty if they may.
  default Optional<String> flawOf(PartitionId partition, Extent extent) {
    return switch (this) {
      case Passed(FileFooter footer) ->
          footer.flawOf(partition, extent.position(), extent.length());
      case Failed(String what) -> Optional.of(what);
    };
  }

  default int sizeInBytes() {
    return switch (this) {
      case Passed(FileFooter footer) -> footer.sizeInBytes();
      case Failed failed -> 0;
    };
  }
}
