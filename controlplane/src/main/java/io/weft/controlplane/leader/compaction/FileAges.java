package io.weft.controlplane.leader.compaction;

import java.util.ArrayDeque;
import java.util.Deque;

/// How long files have been there, about, by their numbers: these rise. A leader that begins takes
/// all for new. Owned by one thread.
public final class FileAges {
  /// Marks per time that is asked for.
  private static final int MARKS = 16;

  /// @param newest the largest number at that time
  private record Mark(long atMs, long newest) {}

  private final long agedMs;
  private final Deque<Mark> marks = new ArrayDeque<>();
  private long agedBelow = Long.MIN_VALUE;

  /// @param agedMs what is a long time
  public FileAges(long agedMs) {
    this.agedMs = agedMs;
  }

  /// @param newest the largest number there is now
  /// @return files below this number were there that long ago
  public long agedBelow(long nowMs, long newest) {
    if (marks.isEmpty() || nowMs - marks.getLast().atMs() > agedMs / MARKS) {
      marks.addLast(new Mark(nowMs, newest));
    }
    while (!marks.isEmpty() && nowMs - marks.getFirst().atMs() >= agedMs) {
      agedBelow = Math.max(agedBelow, marks.removeFirst().newest() + 1);
    }
    return agedBelow;
  }
}
