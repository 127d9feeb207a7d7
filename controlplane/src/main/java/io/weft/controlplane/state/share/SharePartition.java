package io.weft.controlplane.state.share;

import io.weft.controlplane.api.ShareGroups.AcknowledgeOutcome;
import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.Acknowledgement;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.share.OffsetRuns.Run;
import io.weft.controlplane.state.share.ShareChange.SettledRun;
import io.weft.model.Invariant;
import java.util.ArrayList;
import java.util.List;

/// One partition as one share group reads it. Owned by one thread.
///
/// Snapshot: `stateEpoch startOffset runs:count (gap length deliveries)*`, the gap from the end of
/// the run before (the first's from the start); what is free and was never delivered is left out.
final class SharePartition {
  static final long START_UNKNOWN = -1;

  /// An answer does not reach over more offsets of others than this: its bytes would be sent for
  /// nothing.
  private static final long FOREIGN_OFFSETS_MAX = 500;

  private final int stateEpoch;
  private boolean startKnown;
  private OffsetRuns runs;

  /// Before this offset nothing is free.
  private long freeFrom;

  /// No lock ends before this time.
  private long deadlineMs = Long.MAX_VALUE;

  SharePartition(int stateEpoch, long startOffset) {
    this.stateEpoch = stateEpoch;
    this.startKnown = startOffset != START_UNKNOWN;
    this.runs = new OffsetRuns(Math.max(0, startOffset));
  }

  /// What may be read and how much of it is wanted.
  ///
  /// @param readableEnd the first offset that may not be read
  /// @param takeNew whether offsets that nobody had yet are wanted too
  record Room(long readableEnd, boolean takeNew, int recordsMax) {}

  int stateEpoch() {
    return stateEpoch;
  }

  boolean startKnown() {
    return startKnown;
  }

  long start() {
    return runs.start();
  }

  long end() {
    return runs.end();
  }

  /// The offset an acquisition would begin with.
  long next() {
    for (Run run : runs.from(Math.max(freeFrom, start()))) {
      if (run.state() instanceof DeliveryState.Free && run.last() >= freeFrom) {
        return Math.max(run.first(), freeFrom);
      }
    }
    return runs.end();
  }

  /// Records up to this offset that are not finished.
  long lag(long highWatermark) {
    return runs.unfinished() + Math.max(0, highWatermark - runs.end());
  }

  boolean anyLocked() {
    return runs.anyLocked();
  }

  long deadlineMs() {
    return deadlineMs;
  }

  /// Gives free records to a member: the leader's memory only.
  List<AcquiredRun> acquire(String member, Room room, ShareSettings settings, long nowMs) {
    long until = nowMs + settings.lockMs();
    List<AcquiredRun> acquired = new ArrayList<>();
    long left = room.recordsMax();
    boolean more = true;
    long reached = runs.end();
    for (Run run : runs.from(Math.max(freeFrom, start()))) {
      if (!(run.state() instanceof DeliveryState.Free(int deliveries))) {
        continue;
      }
      long first = Math.max(run.first(), freeFrom);
      more = left > 0 && first < room.readableEnd() && isNear(acquired, first);
      if (!more) {
        reached = first;
        break;
      }
      long count =
          Math.min(left, patience(run.last() - first + 1, deliveries, settings.deliveriesMax()));
      long last = Math.min(first + count, room.readableEnd()) - 1;
      acquired.add(new AcquiredRun(first, last, deliveries + 1));
      left -= last - first + 1;
      if (last < run.last()) {
        more = false;
        reached = last + 1;
        break;
      }
    }
    if (more && room.takeNew() && left > 0 && isNear(acquired, runs.end())) {
      long locks = Math.max(0, settings.recordLocksMax() - runs.unfinished());
      long end = Math.min(room.readableEnd(), runs.end() + Math.min(left, locks));
      if (end > runs.end()) {
        acquired.add(new AcquiredRun(runs.end(), end - 1, 1));
        runs.extendTo(end);
        reached = end;
      }
    }
    freeFrom = reached;
    acquired.forEach(run -> lock(run, member, until));
    return acquired;
  }

  /// Judges what a member says of its records; nothing changes.
  AcknowledgeOutcome judge(String member, List<AcknowledgedRun> said, ShareSettings settings) {
    long after = -1;
    for (AcknowledgedRun run : said) {
      if (run.firstOffset() <= after) {
        return AcknowledgeOutcome.NOT_ACQUIRED;
      }
      after = run.lastOffset();
      if (run.kind() == Acknowledgement.RENEW && !settings.renewable()) {
        return AcknowledgeOutcome.NEVER_ACQUIRED;
      }
      if (run.lastOffset() < runs.start()) {
        continue;
      }
      if (runs.isEmpty()) {
        return AcknowledgeOutcome.NOT_ACQUIRED;
      }
      if (run.lastOffset() >= runs.end()) {
        return AcknowledgeOutcome.NEVER_ACQUIRED;
      }
      for (Run piece : runs.from(run.firstOffset())) {
        if (piece.first() > run.lastOffset()) {
          break;
        }
        boolean theirs =
            piece.state() instanceof DeliveryState.Locked locked && locked.member().equals(member);
        if (!theirs && piece.last() >= run.firstOffset()) {
          return AcknowledgeOutcome.NOT_ACQUIRED;
        }
      }
    }
    return AcknowledgeOutcome.DONE;
  }

  /// Does what was judged to be possible: at once where it is the leader's memory only.
  ///
  /// @return what has to be journalled
  List<SettledRun> acknowledge(List<AcknowledgedRun> said, ShareSettings settings, long nowMs) {
    Settling settling = new Settling(settings.deliveriesMax());
    for (AcknowledgedRun run : said) {
      long first = Math.max(run.firstOffset(), runs.start());
      if (first > run.lastOffset()) {
        continue;
      }
      switch (run.kind()) {
        case GAP, ACCEPT, REJECT -> settling.finish(first, run.lastOffset());
        case RELEASE -> giveBack(first, run.lastOffset(), settling);
        case RENEW -> renew(first, run.lastOffset(), nowMs + settings.lockMs());
        case UNDELIVERED -> {
          runs.change(first, run.lastOffset(), state -> new DeliveryState.Free(state.durable()));
          freeFrom = Math.min(freeFrom, first);
        }
      }
    }
    return settling.settled();
  }

  /// What a member has, as if it had released it; nothing changes.
  List<SettledRun> held(String member, ShareSettings settings) {
    Settling settling = new Settling(settings.deliveriesMax());
    for (Run run : runs.all()) {
      if (run.state() instanceof DeliveryState.Locked locked && locked.member().equals(member)) {
        settling.giveBack(run.first(), run.last(), locked.deliveries());
      }
    }
    return settling.settled();
  }

  /// What members have had for too long.
  List<SettledRun> overdue(ShareSettings settings, long nowMs) {
    Settling settling = new Settling(settings.deliveriesMax());
    deadlineMs = Long.MAX_VALUE;
    for (Run run : runs.all()) {
      if (run.state() instanceof DeliveryState.Locked locked) {
        if (locked.deadlineMs() <= nowMs) {
          settling.giveBack(run.first(), run.last(), locked.deliveries());
        } else {
          deadlineMs = Math.min(deadlineMs, locked.deadlineMs());
        }
      }
    }
    return settling.settled();
  }

  void replay(List<SettledRun> settled) {
    for (SettledRun run : settled) {
      long first = Math.max(run.firstOffset(), runs.start());
      if (first > run.lastOffset()) {
        continue;
      }
      runs.extendTo(run.lastOffset() + 1);
      DeliveryState after = DeliveryState.ofDurable(run.deliveries());
      runs.change(
          first,
          run.lastOffset(),
          before -> {
            Invariant.check(
                run.isFinished() || !(before instanceof DeliveryState.Finished),
                "a record is available again after it was finished");
            return after;
          });
      if (!run.isFinished()) {
        freeFrom = Math.min(freeFrom, first);
      }
    }
    runs.leaveOutFinished();
  }

  /// Where it starts is found out, or its log begins later now.
  void startAt(long offset) {
    if (startKnown) {
      runs.startAt(offset);
      runs.leaveOutFinished();
    } else {
      runs = new OffsetRuns(offset);
      freeFrom = offset;
      startKnown = true;
    }
  }

  void write(WireWriter out) {
    out.writeVarInt(stateEpoch);
    out.writeVarLong(startKnown ? runs.start() : START_UNKNOWN);
    new SettledRuns(runs.start()).write(durable(), out);
  }

  static SharePartition read(WireReader in) {
    SharePartition partition = new SharePartition(in.readVarInt(), in.readVarLong());
    long start = partition.start();
    List<SettledRun> durable = new SettledRuns(start).read(in);
    long at = start;
    for (SettledRun run : durable) {
      if (run.firstOffset() < at) {
        throw new MalformedBytesException("runs of offsets that are not in order");
      }
      at = run.lastOffset() + 1;
    }
    partition.replay(durable);
    return partition;
  }

  /// What a replica knows of these runs too.
  private List<SettledRun> durable() {
    Settling settling = new Settling(Integer.MAX_VALUE);
    for (Run run : runs.all()) {
      int deliveries = run.state().durable();
      if (deliveries == SettledRun.FINISHED) {
        settling.finish(run.first(), run.last());
      } else if (deliveries > 0) {
        settling.giveBack(run.first(), run.last(), deliveries);
      }
    }
    return settling.settled();
  }

  private void lock(AcquiredRun run, String member, long until) {
    DeliveryState state = new DeliveryState.Locked(run.deliveries(), member, until);
    runs.change(run.firstOffset(), run.lastOffset(), _ -> state);
    deadlineMs = Math.min(deadlineMs, until);
  }

  private void renew(long first, long last, long until) {
    runs.change(
        first,
        last,
        state ->
            state instanceof DeliveryState.Locked locked
                ? new DeliveryState.Locked(locked.deliveries(), locked.member(), until)
                : state);
  }

  private void giveBack(long first, long last, Settling settling) {
    for (Run run : runs.from(first)) {
      if (run.first() > last) {
        break;
      }
      if (run.last() >= first && run.state() instanceof DeliveryState.Locked locked) {
        settling.giveBack(
            Math.max(first, run.first()), Math.min(last, run.last()), locked.deliveries());
      }
    }
  }

  /// Records that have failed several times are handed out in ever smaller runs, so that one bad
  /// record does not use up the deliveries of its neighbours.
  private static long patience(long count, int deliveries, int deliveriesMax) {
    if (deliveries + 1 >= deliveriesMax && deliveries > 0) {
      return 1;
    }
    return deliveries >= Math.max(2, (deliveriesMax + 1) / 2) ? Math.max(1, count / 2) : count;
  }

  private static boolean isNear(List<AcquiredRun> acquired, long first) {
    return acquired.isEmpty() || first - acquired.getLast().lastOffset() - 1 <= FOREIGN_OFFSETS_MAX;
  }
}
