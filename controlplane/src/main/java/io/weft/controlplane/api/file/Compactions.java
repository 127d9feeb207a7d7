package io.weft.controlplane.api.file;

import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Fixed;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import java.util.List;

/// Which small files are to be merged into a larger one, and what becomes of the merged ones.
///
/// ```
/// next → Job → (the agent writes one file of an id leased to it) → swap → Swapped | Refused
///                                                                └ giveUp
/// ```
///
/// A job binds nobody: what it says may be overtaken, and then its swap is refused.
public interface Compactions {
  /// Files that one job merges, at most.
  int INPUTS_MAX = 64;

  /// Extents of one job, and so its runs, at most.
  int EXTENTS_MAX = 20_000;

  /// Extents that come of merging are not longer, as a chunk is not: who looks for an offset in the
  /// middle of one goes through all that is before it.
  int EXTENT_BYTES_MAX = 8 << 20;

  /// What this agent is to merge next. An agent has one job at a time: one that asks has given up
  /// the job it had before.
  ///
  /// @param bytesMax of batches that it can take at once
  @Question(kind = 97, name = "NextCompaction", since = 2)
  Assignment next(AgentId agent, long bytesMax);

  /// Puts the extents of a new file in the place of others, of all runs or of none. May be
  /// repeated.
  @Question(kind = 98, name = "SwapExtents", since = 2)
  SwapOutcome swap(AgentId agent, Swap swap);

  /// The agent does not go on with a job.
  ///
  /// @param unreadable of its inputs: nobody is to try them again for a while
  @Question(kind = 99, name = "GiveUpCompaction", since = 2)
  void giveUp(AgentId agent, long job, @AtMost(INPUTS_MAX) List<Long> unreadable);

  sealed interface Assignment {
    /// Ask again later.
    @Kind(0)
    record Nothing() implements Assignment {}

    /// @param runs by partition, then by offset
    @Kind(1)
    record Job(long id, @AtMost(EXTENTS_MAX) List<Run> runs) implements Assignment {}
  }

  /// Extents of one partition that follow each other without a marker between them.
  record Run(PartitionId partition, @AtMost(EXTENTS_MAX) List<Extent> extents) {}

  /// @param fileId leased to the agent, used for nothing else, and durable
  /// @param fileBytes of the whole file
  /// @param runs by partition, then by offset
  record Swap(long job, long fileId, long fileBytes, @AtMost(EXTENTS_MAX) List<SwappedRun> runs) {}

  /// @param before a run as the job said it
  /// @param after the same batches, byte for byte, in the new file
  /// @param sums of those in `after`, as they are in the file (see [io.weft.model.BatchSums]);
  ///   empty if they are not told: then what has a sum cannot be replaced
  /// @param removed the sum of the batches that are not in the new file, less that of those that
  ///   are only in it: 0 where files are merged, and not where records are gone
  record SwappedRun(
      PartitionId partition,
      @AtMost(EXTENTS_MAX) List<Extent> before,
      @AtMost(EXTENTS_MAX) List<Extent> after,
      @AtMost(EXTENTS_MAX) List<@Fixed Long> sums,
      @Fixed long removed) {
    /// Without sums.
    public SwappedRun(PartitionId partition, List<Extent> before, List<Extent> after) {
      this(partition, before, after, List.of(), 0);
    }
  }

  sealed interface SwapOutcome {
    @Kind(0)
    record Swapped() implements SwapOutcome {}

    /// Nothing has changed, and the new file belongs to nothing.
    ///
    /// @param why for people
    @Kind(1)
    record Refused(String why) implements SwapOutcome {}
  }
}
