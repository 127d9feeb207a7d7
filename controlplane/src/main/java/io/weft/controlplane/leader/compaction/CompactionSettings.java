package io.weft.controlplane.leader.compaction;

import io.weft.controlplane.api.file.Compactions;
import io.weft.model.Invariant;

/// How files are chosen to be merged.
///
/// @param inputsMin files of one size class that are merged, at least
/// @param inputsMax files that one job merges, at most
/// @param restMs files that are younger are left alone: readers near the end of a log have them in
///   memory
/// @param agedMs where no file has come for so long, small files are merged though they are few
/// @param everyMs how often it is planned, while agents ask
/// @param leaseMs how long an agent may work on a job; less than its file ids last
/// @param quarantineMs how long a file is left alone that an agent could not read
/// @param paysMs what retention deletes within this time is not merged
/// @param lowLatencyMs how long a file stays in the low-latency store: then it is moved, by a job
///   of its own if there is none to merge it with
/// @param fileExtentsMax files with more extents are not merged as a whole: a job would take few of
///   them. Their extents are merged where a partition has too many
/// @param spansPerLook spans that one look goes through, at most
public record CompactionSettings(
    int inputsMin,
    int inputsMax,
    long restMs,
    long agedMs,
    long everyMs,
    long leaseMs,
    long quarantineMs,
    long paysMs,
    long lowLatencyMs,
    int fileExtentsMax,
    int spansPerLook) {
  /// As a rule files are merged long before.
  public static final long LOW_LATENCY_MS = 600_000;

  /// Less would only make more requests.
  public static final long LOW_LATENCY_MS_MIN = 1_000;

  public static final CompactionSettings STANDARD =
      new CompactionSettings(
          32,
          Compactions.INPUTS_MAX,
          10_000,
          600_000,
          5_000,
          600_000,
          3_600_000,
          600_000,
          LOW_LATENCY_MS,
          Compactions.EXTENTS_MAX / Compactions.INPUTS_MAX,
          50_000);

  public CompactionSettings {
    Invariant.check(inputsMin >= 2, "inputsMin %d", inputsMin);
    Invariant.check(
        inputsMax >= inputsMin && inputsMax <= Compactions.INPUTS_MAX, "inputsMax %d", inputsMax);
    Invariant.check(restMs >= 0, "restMs %d", restMs);
    Invariant.check(agedMs > 0, "agedMs %d", agedMs);
    Invariant.check(everyMs > 0, "everyMs %d", everyMs);
    Invariant.check(leaseMs > 0, "leaseMs %d", leaseMs);
    Invariant.check(quarantineMs > 0, "quarantineMs %d", quarantineMs);
    Invariant.check(paysMs > 0, "paysMs %d", paysMs);
    Invariant.check(lowLatencyMs >= LOW_LATENCY_MS_MIN, "lowLatencyMs %d", lowLatencyMs);
    Invariant.check(
        fileExtentsMax >= 0 && fileExtentsMax <= Compactions.EXTENTS_MAX / 2,
        "fileExtentsMax %d",
        fileExtentsMax);
    Invariant.check(spansPerLook > 0, "spansPerLook %d", spansPerLook);
  }

  /// These, but for which files are merged as a whole.
  CompactionSettings withFileExtentsMax(int other) {
    return new CompactionSettings(
        inputsMin,
        inputsMax,
        restMs,
        agedMs,
        everyMs,
        leaseMs,
        quarantineMs,
        paysMs,
        lowLatencyMs,
        other,
        spansPerLook);
  }

  /// These, but for how long files stay in the low-latency store.
  public CompactionSettings withLowLatencyMs(long other) {
    return new CompactionSettings(
        inputsMin,
        inputsMax,
        restMs,
        agedMs,
        everyMs,
        leaseMs,
        quarantineMs,
        paysMs,
        other,
        fileExtentsMax,
        spansPerLook);
  }
}
