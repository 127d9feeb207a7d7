package io.weft.controlplane.leader;

import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.idle.IdleMarks;
import io.weft.controlplane.state.transaction.OpenTransaction;
import io.weft.environment.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// Ends transactions that are open for too long, and forgets transactional ids that nobody uses.
/// Owned by the leader thread.
///
/// A transaction's time is counted on this process's monotonic clock, from when this leader first
/// saw it open: a new leader gives each its full time again. Likewise with ids that nobody uses
/// ([IdleMarks]).
final class TransactionTimers {
  static final long EVERY_MS = 1_000;
  static final long IDS_EVERY_MS = 600_000;

  private final Clock clock;
  private final IdleMarks ids;
  private final Map<OpenTransaction, Long> seenMs = new HashMap<>();
  private long timedOut;
  private long lookedAtMs;
  private long idsLookedAtMs;

  /// @param idsIdleMs how long a transactional id is remembered that nobody uses
  TransactionTimers(Clock clock, long idsIdleMs) {
    this.clock = clock;
    this.lookedAtMs = clock.monotonicMs();
    this.idsLookedAtMs = lookedAtMs;
    this.ids = new IdleMarks(idsIdleMs, 2 * IDS_EVERY_MS, lookedAtMs);
  }

  /// How many have been ended.
  long timedOut() {
    return timedOut;
  }

  void look(ControlPlaneState state, Turn turn) {
    long nowMs = clock.monotonicMs();
    if (nowMs - lookedAtMs >= EVERY_MS) {
      lookAtOpen(state, turn, nowMs);
      lookedAtMs = nowMs;
    }
    if (nowMs - idsLookedAtMs >= IDS_EVERY_MS) {
      OptionalLong unusedSinceMs = ids.look(nowMs, turn.nowMs());
      if (unusedSinceMs.isPresent()) {
        state.transactions().expireIds(unusedSinceMs.getAsLong());
        turn.settle();
      }
      idsLookedAtMs = nowMs;
    }
  }

  private void lookAtOpen(ControlPlaneState state, Turn turn, long nowMs) {
    // While the leader itself was held up nobody could end anything: that time is not theirs.
    long heldUpMs = Math.max(0, nowMs - lookedAtMs - 2 * EVERY_MS);
    Map<OpenTransaction, Long> open = new HashMap<>();
    for (OpenTransaction each : state.transactions().open()) {
      long sinceMs = Math.min(nowMs, seenMs.getOrDefault(each, nowMs) + heldUpMs);
      if (nowMs - sinceMs > each.timeoutMs()) {
        state.transactions().timeOut(each);
        turn.settle();
        timedOut++;
      } else {
        open.put(each, sinceMs);
      }
    }
    seenMs.clear();
    seenMs.putAll(open);
  }
}
