package io.weft.agent.files;

import io.weft.controlplane.api.FileLedger;

/// How files get their ids and their place in the bucket.
///
/// @param idsPerLease file ids asked for at once
/// @param hedgeAfterMs how long a file's PUT may take before a second one begins, if the budget for
///   those has one left; 0: never
/// @param backoffMsMin the first pause after the control plane could not be reached
/// @param backoffMsMax the longest such pause
public record FileSettings(int idsPerLease, int hedgeAfterMs, int backoffMsMin, int backoffMsMax) {
  public static final int IDS_PER_LEASE = 200;
  public static final int HEDGE_AFTER_MS = 0;
  public static final int BACKOFF_MS_MIN = 10;
  public static final int BACKOFF_MS_MAX = 1_000;

  public static final FileSettings DEFAULT =
      new FileSettings(IDS_PER_LEASE, HEDGE_AFTER_MS, BACKOFF_MS_MIN, BACKOFF_MS_MAX);

  public FileSettings {
    if (idsPerLease <= 0
        || idsPerLease > FileLedger.IDS_PER_LEASE_MAX
        || hedgeAfterMs < 0
        || backoffMsMin <= 0
        || backoffMsMax < backoffMsMin) {
      throw new IllegalArgumentException("impossible file settings");
    }
  }

  /// These, except for when a second PUT begins.
  public FileSettings withHedgeAfterMs(int otherMs) {
    return new FileSettings(idsPerLease, otherMs, backoffMsMin, backoffMsMax);
  }
}
