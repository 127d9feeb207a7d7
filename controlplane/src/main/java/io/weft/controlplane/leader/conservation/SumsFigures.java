package io.weft.controlplane.leader.conservation;

import io.weft.controlplane.state.log.Conservation;

/// Whether all that was produced is accounted for, as the leader sees it. Immutable.
///
/// @param extents in all logs
/// @param unsummed those of them of which no sum is known
/// @param refused replacements of extents that did not add up to what was there, in this process's
///   term
public record SumsFigures(long extents, long unsummed, long refused) {
  public static final SumsFigures NONE = new SumsFigures(0, 0, 0);

  public static SumsFigures of(Conservation conservation) {
    return new SumsFigures(conservation.extents(), conservation.unsummed(), conservation.refused());
  }
}
