package io.weft.controlplane.api.file;

import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;

/// Which partitions of compacted topics are to be cleaned, and what takes the place of what was.
///
/// ```
/// next → Job → (the agent reads the partition and writes files of ids leased to it) → swap, swap, …
///                                                                                   └ giveUp
/// ```
///
/// A job binds nobody, as one of [Compactions]: what it says may be overtaken.
public interface Cleanings {
  /// What this agent is to clean next. An agent has one job at a time: one that asks has ended the
  /// job it had before.
  @Question(kind = 120, name = "NextCleaning", since = 2)
  Assignment next(AgentId agent);

  /// Puts what is left of a partition's extents in their place, of all runs or of none. May be
  /// repeated. A job swaps its files by rising offsets, and ends when one is refused: where a
  /// tombstone goes, what it has deleted must be gone already.
  @Question(kind = 121, name = "SwapCleaned", since = 2)
  SwapOutcome swap(AgentId agent, Swap swap);

  /// The agent does not go on with a job.
  ///
  /// @param forLong whether no agent is to try this partition again for a while
  @Question(kind = 122, name = "GiveUpCleaning", since = 2)
  void giveUp(AgentId agent, long job, boolean forLong);

  sealed interface Assignment {
    /// Ask again later.
    @Kind(0)
    record Nothing() implements Assignment {}

    /// @param dirtyFrom what lies before was cleaned before
    /// @param end up to where it is to be cleaned, exclusive
    /// @param nowMs the time that tombstones' horizons are compared with
    /// @param deleteRetentionMs how long tombstones stay once what they delete is gone
    @Kind(1)
    record Job(
        long id,
        PartitionId partition,
        long dirtyFrom,
        long end,
        long nowMs,
        long deleteRetentionMs)
        implements Assignment {}
  }
}
