package io.weft.controlplane.leader.cleaning;

import io.weft.model.Invariant;

/// How partitions are chosen to be cleaned, beside what their topics say.
///
/// @param dirtyBytesMin fewer dirty bytes are left alone until they are aged: a round costs a put
/// @param restMs files that are younger are not touched: readers near the end have them in memory
/// @param agedMs what has been dirty for so long is cleaned though it is little
/// @param everyMs how often it is planned, while agents ask
/// @param leaseMs how long an agent may work on a job
/// @param quarantineMs how long a partition is left alone that an agent could not clean
/// @param spansPerLook spans that one look goes through, about
public record CleaningSettings(
    long dirtyBytesMin,
    long restMs,
    long agedMs,
    long everyMs,
    long leaseMs,
    long quarantineMs,
    int spansPerLook) {
  public static final CleaningSettings STANDARD =
      new CleaningSettings(1 << 20, 10_000, 600_000, 5_000, 3_600_000, 3_600_000, 50_000);

  public CleaningSettings {
    Invariant.check(dirtyBytesMin >= 0, "dirtyBytesMin %d", dirtyBytesMin);
    Invariant.check(restMs >= 0, "restMs %d", restMs);
    Invariant.check(agedMs > 0, "agedMs %d", agedMs);
    Invariant.check(everyMs > 0, "everyMs %d", everyMs);
    Invariant.check(leaseMs > 0, "leaseMs %d", leaseMs);
    Invariant.check(quarantineMs > 0, "quarantineMs %d", quarantineMs);
    Invariant.check(spansPerLook > 0, "spansPerLook %d", spansPerLook);
  }
}
