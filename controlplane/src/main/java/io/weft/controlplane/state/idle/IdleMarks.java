package io.weft.controlplane.state.idle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/// Tells what has been idle for a whole period of one leader's own time. Owned by one thread.
///
/// The times in the journal never go back, so they put in order what was used and when, but they
/// may come from clocks that are a day ahead: how far apart two of them lie says nothing. So a
/// leader remembers, every now and then, how far the journal's times had come. What was last used
/// before a mark that is a whole period old has been idle for that long, whatever its time says. A
/// new leader begins without marks: it forgets nothing until it has led for a period itself.
///
/// Time in which the leader did not look (it was stopped, or a slow store held it up) does not
/// count: nobody could use anything meanwhile.
public final class IdleMarks {
  /// A period has no more marks than these, and what is idle is found this much of it late.
  private static final int MARKS_MAX = 1_000;

  private final long periodMs;
  private final long gapMaxMs;
  private final Deque<Mark> marks = new ArrayDeque<>();
  private long lookedAtMs;
  private long countedMs;

  /// @param periodMs how long something has to be idle
  /// @param gapMaxMs what counts at most between two looks; at least as long as looks are apart
  /// @param nowMs monotonic
  public IdleMarks(long periodMs, long gapMaxMs, long nowMs) {
    this.periodMs = periodMs;
    this.gapMaxMs = gapMaxMs;
    this.lookedAtMs = nowMs;
  }

  /// @param countedMs how much time had been counted when the journal's times reached `journalMs`
  private record Mark(long countedMs, long journalMs) {}

  /// Takes note of how far the journal's times have come.
  ///
  /// @param nowMs monotonic
  /// @param journalMs nothing is used at a lower time from now on
  /// @return what was last used at a lower time than this is idle; empty if nothing is
  public OptionalLong look(long nowMs, long journalMs) {
    countedMs += Math.clamp(nowMs - lookedAtMs, 0, gapMaxMs);
    lookedAtMs = nowMs;
    Mark newest = marks.peekLast();
    if (newest == null || countedMs - newest.countedMs() >= periodMs / MARKS_MAX) {
      marks.addLast(new Mark(countedMs, journalMs));
    }
    // One mark that is old enough is kept, for a caller that asks again before the next mark is old
    // enough.
    while (marks.size() > 1 && isOld(second())) {
      marks.removeFirst();
    }
    return isOld(marks.getFirst())
        ? OptionalLong.of(marks.getFirst().journalMs())
        : OptionalLong.empty();
  }

  private Mark second() {
    var each = marks.iterator();
    each.next();
    return each.next();
  }

  private boolean isOld(Mark mark) {
    return countedMs - mark.countedMs() >= periodMs;
  }
}
