package io.weft.controlplane.journal;

import io.weft.model.Invariant;

/// @param appendDeadlineMs an append that took longer is not believed
/// @param truncationGraceMs how long an entry stays after it was first seen, at least; much longer
///   than `appendDeadlineMs`
/// @param readAheadMax entries read at once while catching up
public record JournalSettings(long appendDeadlineMs, long truncationGraceMs, int readAheadMax) {
  public static final JournalSettings DEFAULT = new JournalSettings(120_000, 600_000, 16);

  public JournalSettings {
    Invariant.check(appendDeadlineMs > 0, "appendDeadlineMs %d", appendDeadlineMs);
    Invariant.check(
        truncationGraceMs >= 3 * appendDeadlineMs,
        "truncationGraceMs %d is not three times appendDeadlineMs",
        truncationGraceMs);
    Invariant.check(readAheadMax > 0, "readAheadMax %d", readAheadMax);
  }
}
