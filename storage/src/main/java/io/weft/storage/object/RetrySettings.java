package io.weft.storage.object;

/// How stubborn a [RetryingObjectStore] is.
///
/// @param attemptsMax how often one call is tried in all
/// @param backoffFirstMs the bound of the first pause; it doubles from retry to retry
/// @param backoffMaxMs where the doubling ends
/// @param timeBudgetMs no retry begins later than this after the call began (the last attempt may
///   end later, by what the store itself allows an attempt)
/// @param retriesPerCall how many retries each call earns for the whole store, on average
/// @param retriesSavedMax how many earned retries may be saved up for bad times
public record RetrySettings(
    int attemptsMax,
    long backoffFirstMs,
    long backoffMaxMs,
    long timeBudgetMs,
    double retriesPerCall,
    int retriesSavedMax) {

  /// For data files: many calls at once, and producers that wait about 30 seconds.
  public static final RetrySettings FILES = new RetrySettings(8, 50, 2_000, 30_000, 0.5, 100);

  /// For the control plane's journal: one call at a time, and everybody waits for it.
  public static final RetrySettings JOURNAL = new RetrySettings(12, 20, 500, 10_000, 1.0, 200);

  /// For jobs that nobody waits for.
  public static final RetrySettings BACKGROUND =
      new RetrySettings(10, 200, 10_000, 120_000, 0.2, 50);

  public RetrySettings {
    if (attemptsMax < 1
        || backoffFirstMs < 1
        || backoffMaxMs < backoffFirstMs
        || timeBudgetMs < 0
        || !(retriesPerCall >= 0 && retriesPerCall <= 10)
        || retriesSavedMax < 1) {
      throw new IllegalArgumentException("retry settings that make no sense");
    }
  }

  /// The bound of the pause before retry number `retry` (from 1 on).
  long backoffBoundMs(int retry) {
    int doublings =
        Math.min(
            retry - 1, Long.SIZE - 2 - (Long.SIZE - Long.numberOfLeadingZeros(backoffFirstMs)));
    return Math.min(backoffMaxMs, backoffFirstMs << doublings);
  }
}
