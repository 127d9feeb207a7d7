package io.weft.controlplane.api.file;

import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.model.AgentId;
import java.util.List;

/// Says which agent writes which files, for agents that would rather ask a file's writer than the
/// store.
public interface FileWriters {
  /// Leases in one answer, at most.
  int LEASES_MAX = 1_000;

  /// The leases of file ids that are outstanding and reach to this id or beyond, by rising ids: the
  /// first [#LEASES_MAX] of them.
  @Question(kind = 93, name = "FindFileWriters", since = 2)
  @AtMost(LEASES_MAX)
  List<WriterLease> writersFrom(long fileId);

  /// `count` file ids from `first` on are one agent's.
  record WriterLease(long first, @AtMost(FileLedger.IDS_PER_LEASE_MAX) int count, AgentId agent) {}
}
