package io.weft.agent.produce;

import io.weft.controlplane.api.FileLedger;

/// How the produce path trades latency for cost.
///
/// @param flushIntervalMs how long after the file before it a file closes
/// @param fileBytesMax the size at which it closes before that; one append may be larger
/// @param earlyFlushesPerSecond how many files a second may close before their time because nothing
///   else is on its way; each costs a PUT; 0: none
/// @param hedgeAfterMs how long a file's PUT may take before a second one begins, if the early
///   files have left one of their budget; 0: never
/// @param uploadsMax files uploaded at once, at most
/// @param idsPerLease file ids asked for at once
/// @param backoffMsMin the first pause after the control plane could not be reached
/// @param backoffMsMax the longest such pause
public record ProduceSettings(
    int flushIntervalMs,
    int fileBytesMax,
    int earlyFlushesPerSecond,
    int hedgeAfterMs,
    int uploadsMax,
    int idsPerLease,
    int backoffMsMin,
    int backoffMsMax) {
  public static final int FLUSH_INTERVAL_MS = 250;
  public static final int FILE_BYTES_MAX = 8 << 20;
  public static final int EARLY_FLUSHES_PER_SECOND = 0;
  public static final int HEDGE_AFTER_MS = 0;
  public static final int UPLOADS_MAX = 16;
  public static final int IDS_PER_LEASE = 200;
  public static final int BACKOFF_MS_MIN = 10;
  public static final int BACKOFF_MS_MAX = 1_000;

  public static final ProduceSettings DEFAULT =
      new ProduceSettings(
          FLUSH_INTERVAL_MS,
          FILE_BYTES_MAX,
          EARLY_FLUSHES_PER_SECOND,
          HEDGE_AFTER_MS,
          UPLOADS_MAX,
          IDS_PER_LEASE,
          BACKOFF_MS_MIN,
          BACKOFF_MS_MAX);

  public ProduceSettings {
    if (flushIntervalMs < 0
        || fileBytesMax <= 0
        || earlyFlushesPerSecond < 0
        || hedgeAfterMs < 0
        || uploadsMax <= 0
        || idsPerLease <= 0
        || idsPerLease > FileLedger.IDS_PER_LEASE_MAX
        || backoffMsMin <= 0
        || backoffMsMax < backoffMsMin) {
      throw new IllegalArgumentException("impossible produce settings");
    }
  }
}
