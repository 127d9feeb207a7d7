package io.weft.storage.object;

import java.util.concurrent.atomic.AtomicLong;

/// The retries a store may still make: every call earns a fraction of one, every retry spends one.
/// Thread-safe, lock-free.
///
/// So a store that fails every call is asked at most `1 + retriesPerCall` times as often as it is
/// in good times, however many callers retry: a brown-out is not made worse by the callers that
/// suffer from it.
final class RetryBudget {
  private static final long UNITS_PER_RETRY = 1_000;

  private final long earnedUnits;
  private final long savedUnitsMax;
  private final AtomicLong savedUnits;

  RetryBudget(double retriesPerCall, int retriesSavedMax) {
    this.earnedUnits = Math.round(retriesPerCall * UNITS_PER_RETRY);
    this.savedUnitsMax = retriesSavedMax * UNITS_PER_RETRY;
    this.savedUnits = new AtomicLong(savedUnitsMax);
  }

  void earn() {
    if (savedUnits.get() < savedUnitsMax) {
      savedUnits.updateAndGet(saved -> Math.min(savedUnitsMax, saved + earnedUnits));
    }
  }

  /// @return false if there is none left to spend
  boolean spend() {
    long before =
        savedUnits.getAndUpdate(
            saved -> saved >= UNITS_PER_RETRY ? saved - UNITS_PER_RETRY : saved);
    return before >= UNITS_PER_RETRY;
  }
}
