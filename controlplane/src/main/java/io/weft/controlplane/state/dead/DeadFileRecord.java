package io.weft.controlplane.state.dead;

import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;
import java.util.List;

/// What becomes of files that no log needs.
public sealed interface DeadFileRecord extends StateRecord {
  /// These files are to be deleted, after a grace: no log has an extent of them. Those that were
  /// never committed never will be.
  ///
  /// @param files by rising ids
  @Kind(value = 110, since = 2)
  record FilesCondemned(List<FileRun> files, long timeMs)
      implements DeadFileRecord, StateRecord.Timed {}

  /// These condemned files are in no store any more.
  ///
  /// @param files by rising ids
  @Kind(value = 111, since = 2)
  record FilesDeleted(List<FileRun> files) implements DeadFileRecord {}
}
