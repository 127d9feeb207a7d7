package io.weft.controlplane.leader.cleaning;

/// What a leader has had cleaned, of this term. Immutable.
///
/// @param planned partitions that agents may clean, or clean now
/// @param swapped files that took the place of what was dirty
/// @param refused files of which what they were to replace was no longer there
/// @param quarantined partitions that could not be cleaned and are left alone now
public record CleaningFigures(int planned, long swapped, long refused, int quarantined) {
  public static final CleaningFigures NONE = new CleaningFigures(0, 0, 0, 0);
}
