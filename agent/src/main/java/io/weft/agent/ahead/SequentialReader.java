package io.weft.agent.ahead;

import io.weft.model.PartitionId;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Predicate;

/// A reader that begins where it ended before, and what is brought ahead of it. Guarded by the lock
/// of [ReadAhead].
///
/// Its window doubles each time it comes back, and is halved when something of it was let go before
/// it was read, or could not be brought.
final class SequentialReader {
  private final PartitionId partition;
  private final long windowBytesMin;
  private final long windowBytesMax;
  private final ArrayDeque<AheadPiece> pieces = new ArrayDeque<>();
  private long windowBytes;
  private long offset;
  private long aheadOffset;
  private long seenMs;
  private boolean wantsPlan;
  private boolean isPlanned;
  private boolean hasGone;

  SequentialReader(PartitionId partition, AheadSettings settings) {
    this.partition = partition;
    this.windowBytesMin = settings.windowBytesMin();
    this.windowBytesMax = settings.bytesMax();
    this.windowBytes = settings.windowBytesMin();
  }

  PartitionId partition() {
    return partition;
  }

  /// Where its next fetch begins.
  long offset() {
    return offset;
  }

  /// Where the next piece begins.
  long aheadOffset() {
    return Math.max(offset, aheadOffset);
  }

  long seenMs() {
    return seenMs;
  }

  boolean hasGone() {
    return hasGone;
  }

  void go() {
    hasGone = true;
  }

  void moveTo(long end, long nowMs) {
    offset = end;
    seenMs = nowMs;
  }

  void grow() {
    windowBytes = Math.min(windowBytesMax, windowBytes * 2);
  }

  void shrink() {
    windowBytes = Math.max(windowBytesMin, windowBytes / 2);
  }

  /// What of the window is not there and not on its way.
  long bytesMissing() {
    return windowBytes - pieces.stream().mapToLong(AheadPiece::length).sum();
  }

  /// It has come back.
  ///
  /// @return whether a thread has to be started that plans for it as long as [#takePlan] says so
  boolean wantPlan() {
    wantsPlan = true;
    boolean isIdle = !isPlanned;
    isPlanned = true;
    return isIdle;
  }

  /// Whether it is time to plan: it has come back since the last time, and half the window is
  /// missing. If not, the planning thread has to end.
  boolean takePlan() {
    isPlanned = wantsPlan && !hasGone && bytesMissing() * 2 >= windowBytes;
    wantsPlan = false;
    return isPlanned;
  }

  /// All up to this offset is among the pieces.
  void reach(long end) {
    aheadOffset = end;
  }

  void add(AheadPiece piece) {
    pieces.addLast(piece);
  }

  boolean hasPieces() {
    return !pieces.isEmpty();
  }

  boolean has(AheadPiece piece) {
    return pieces.contains(piece);
  }

  /// Takes a piece that is not there any more.
  ///
  /// @return false if it was taken before
  boolean remove(AheadPiece piece) {
    return pieces.remove(piece);
  }

  /// Takes all such pieces.
  ///
  /// @return bytes of those that were brought
  long release(Predicate<AheadPiece> which) {
    long bytes = 0;
    for (Iterator<AheadPiece> each = pieces.iterator(); each.hasNext(); ) {
      AheadPiece piece = each.next();
      if (which.test(piece)) {
        each.remove();
        piece.release();
        bytes += piece.isBrought() ? piece.length() : 0;
      }
    }
    return bytes;
  }
}
