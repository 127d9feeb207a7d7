package io.weft.controlplane.leader.compaction;

import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.api.file.Compactions.Run;
import io.weft.controlplane.state.log.LiveFiles;
import io.weft.model.Extent;
import io.weft.model.FileTier;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.LongPredicate;

/// Which files have been in the low-latency store for as long as they may: they are merged with
/// each other, or each alone, whatever their size, since what is merged goes to the other store.
/// Owned by the leader thread.
final class TierMoves {
  private final CompactionSettings settings;
  private final FileAges stay;

  /// Files of which nothing can be moved now.
  private final LeftAlone<Long> stuck = new LeftAlone<>();

  private long dueBelow = Long.MIN_VALUE;

  TierMoves(CompactionSettings settings) {
    this.settings = settings;
    this.stay = new FileAges(settings.lowLatencyMs());
  }

  /// To be called at each look: ages are told by it.
  void look(long nowMs, LiveFiles files) {
    stuck.expire(nowMs);
    dueBelow = stay.agedBelow(nowMs, files.newest());
  }

  /// @param bytesMax of the inputs of one job
  /// @param leftAlone files that cannot be moved now
  /// @param groupsMax more are left for the next time
  /// @param extentsMax of all groups; one group there is, however many its file has
  /// @return files to be moved with each other, the oldest first
  List<List<Long>> groups(
      LiveFiles files, long bytesMax, LongPredicate leftAlone, int groupsMax, long extentsMax) {
    List<List<Long>> groups = new ArrayList<>();
    if (files.lowLatencyCount() == 0) {
      return groups;
    }
    List<Long> group = new ArrayList<>();
    long bytes = 0;
    long extents = 0;
    long extentsOfAll = 0;
    for (long fileId : files.lowLatencyLive()) {
      if (FileTier.number(fileId) >= dueBelow || groups.size() == groupsMax) {
        break;
      }
      if (stuck.contains(fileId) || leftAlone.test(fileId)) {
        continue;
      }
      long more = files.liveBytes(fileId);
      long moreExtents = files.liveExtents(fileId);
      if (extentsOfAll > 0 && extentsOfAll + moreExtents > extentsMax) {
        break;
      }
      boolean isFull =
          group.size() == settings.inputsMax()
              || bytes + more > bytesMax
              || extents + moreExtents > Compactions.EXTENTS_MAX;
      if (isFull && !group.isEmpty()) {
        groups.add(group);
        group = new ArrayList<>();
        bytes = 0;
        extents = 0;
      }
      group.add(fileId);
      bytes += more;
      extents += moreExtents;
      extentsOfAll += moreExtents;
    }
    if (!group.isEmpty() && groups.size() < groupsMax) {
      groups.add(group);
    }
    return groups;
  }

  /// Files of which no extent can be moved are left alone for a while, so that they do not take the
  /// places of others at each look.
  ///
  /// @param group files that were looked for
  /// @param found of them, also what is being rewritten now
  /// @param differs whether what a partition has in a file does not add up
  void leaveStuck(
      List<Long> group,
      List<Run> found,
      long bytesMax,
      BiPredicate<PartitionId, Long> differs,
      long untilMs) {
    Set<Long> movable = new HashSet<>();
    for (Run run : found) {
      for (Extent extent : run.extents()) {
        if (extent.length() <= bytesMax && !differs.test(run.partition(), extent.fileId())) {
          movable.add(extent.fileId());
        }
      }
    }
    for (Long fileId : group) {
      if (!movable.contains(fileId)) {
        stuck.add(fileId, untilMs);
      }
    }
  }

  /// As much of these runs as one job may have: of a file that is larger the rest is moved next
  /// time. An extent that is too long by itself waits for an agent that takes larger jobs.
  static List<Run> within(List<Run> runs, long bytesMax) {
    List<Run> some = new ArrayList<>();
    long bytes = 0;
    int extents = 0;
    for (Run run : runs) {
      List<Extent> taken = new ArrayList<>();
      for (Extent extent : run.extents()) {
        if (extents < Compactions.EXTENTS_MAX && bytes + extent.length() <= bytesMax) {
          taken.add(extent);
          bytes += extent.length();
          extents++;
        } else if (!taken.isEmpty()) {
          some.add(new Run(run.partition(), List.copyOf(taken)));
          taken.clear();
        }
      }
      if (!taken.isEmpty()) {
        some.add(new Run(run.partition(), List.copyOf(taken)));
      }
    }
    return some;
  }
}
