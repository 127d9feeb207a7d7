package io.weft.controlplane.leader.compaction;

import io.weft.controlplane.api.file.Compactions;
import io.weft.model.Invariant;

/// How files are chosen to be merged.
///
/// @param inputsMin files of one size class that are merged, at least
/// @param inputsMax files that one job merges, at most
/// @param restMs files that are younger are left alone: readers near the end of a log have them in
///   memory
/// @param agedMs small files that have been there for so long are merged though they are few
/// @param everyMs how often it is planned, while agents ask
/// @param leaseMs how long an agent may work on a job; less than its file ids last
/// @param quarantineMs how long a file is left alone that an agent could not read
/// @param spansPerLook spans that one look goes through, at most
public record CompactionSettings(
    int inputsMin,
    int inputsMax,
    long restMs,
    long agedMs,
    long everyMs,
    long leaseMs,
    long quarantineMs,
    int spansPerLook) {
  public static final CompactionSettings STANDARD =
      new CompactionSettings(
          8, Compactions.INPUTS_MAX, 10_000, 600_000, 5_000, 600_000, 3_600_000, 50_000);

  public CompactionSettings {
    Invariant.check(inputsMin >= 2, "inputsMin %d", inputsMin);
    Invariant.check(
        inputsMax >= inputsMin && inputsMax <= Compactions.INPUTS_MAX, "inputsMax %d", inputsMax);
    Invariant.check(restMs >= 0, "restMs %d", restMs);
    Invariant.check(agedMs > 0, "agedMs %d", agedMs);
    Invariant.check(everyMs > 0, "everyMs %d", everyMs);
    Invariant.check(leaseMs > 0, "leaseMs %d", leaseMs);
    Invariant.check(quarantineMs > 0, "quarantineMs %d", quarantineMs);
    Invariant.check(spansPerLook > 0, "spansPerLook %d", spansPerLook);
  }
}
