package io.weft.controlplane.leader;

import io.weft.controlplane.groups.GroupFigures;
import io.weft.controlplane.leader.cleaning.CleaningFigures;
import io.weft.controlplane.leader.collection.DataFigures;
import io.weft.controlplane.leader.compaction.CompactionFigures;
import io.weft.controlplane.leader.conservation.SumsFigures;

/// What a leader counts, as of its last look (at most a second ago, while it leads). Immutable.
///
/// @param leads whether there is a term
/// @param transactionsOpen now
/// @param transactionsTimedOut aborted in this term since they were open for too long
/// @param data what is to go of what is stored
/// @param sums whether all that was produced is accounted for
public record LeaderFigures(
    boolean leads,
    GroupFigures groups,
    int transactionsOpen,
    long transactionsTimedOut,
    CompactionFigures compactions,
    CleaningFigures cleanings,
    DataFigures data,
    SumsFigures sums) {
  public static final LeaderFigures NONE =
      new LeaderFigures(
          false,
          GroupFigures.NONE,
          0,
          0,
          CompactionFigures.NONE,
          CleaningFigures.NONE,
          DataFigures.NONE,
          SumsFigures.NONE);
}
