package io.weft.controlplane.journal;

import io.weft.controlplane.codec.Levels;
import io.weft.model.Invariant;

/// @param appendDeadlineMs an append that took longer is not believed
/// @param truncationGraceMs how long an entry stays after it was first seen, at least; much longer
///   than `appendDeadlineMs`
/// @param readAheadMax entries read at once while catching up
/// @param level the highest level of formats that is read, and to which the cluster's may be raised
public record JournalSettings(
    long appendDeadlineMs, long truncationGraceMs, int readAheadMax, int level) {
  public static final JournalSettings DEFAULT = new JournalSettings(120_000, 600_000, 16);

  public JournalSettings(long appendDeadlineMs, long truncationGraceMs, int readAheadMax) {
    this(appendDeadlineMs, truncationGraceMs, readAheadMax, Levels.KNOWN);
  }

  public JournalSettings {
    Invariant.check(appendDeadlineMs > 0, "appendDeadlineMs %d", appendDeadlineMs);
    Invariant.check(
        truncationGraceMs >= 3 * appendDeadlineMs,
        "truncationGraceMs %d is not three times appendDeadlineMs",
        truncationGraceMs);
    Invariant.check(readAheadMax > 0, "readAheadMax %d", readAheadMax);
    Invariant.check(level >= Levels.FIRST && level <= Levels.KNOWN, "level %d", level);
  }

  /// The same, as a release is that knows levels up to this one.
  public JournalSettings atLevel(int known) {
    return new JournalSettings(appendDeadlineMs, truncationGraceMs, readAheadMax, known);
  }
}
