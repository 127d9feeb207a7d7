package io.weft.controlplane.leader.inspect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a [JournalCheck] found.
///
/// @param snapshots one line each, the oldest first
/// @param firstEntry index of the first entry; 0 if the journal has no entry
/// @param lastEntry up to which all is known; 0 if nothing is
/// @param lastTimeMs when the last one was written
/// @param entries that could be read
/// @param records in them
/// @param faults what is wrong, the first of it first; at most [JournalCheck#FAULTS_MAX]
/// @param notes what looks odd and harms nobody
/// @param start from where a control plane would begin, if one can
public record JournalReport(
    List<String> snapshots,
    long firstEntry,
    long lastEntry,
    long lastTimeMs,
    long entries,
    long records,
    List<Fault> faults,
    List<String> notes,
    Optional<String> start) {

  /// Something that is not as it should be.
  ///
  /// @param newer whether nothing is wrong with it, but a newer release wrote it
  public record Fault(String what, boolean newer) {}

  /// How it all ends.
  public enum Verdict {
    SOUND,
    /// Nothing was found at all: most likely the wrong place.
    EMPTY,
    /// Something is wrong or missing.
    DAMAGED,
    /// Nothing is wrong, and this release cannot read all of it.
    NEWER
  }

  public Verdict verdict() {
    if (!faults.isEmpty()) {
      return faults.stream().allMatch(Fault::newer) ? Verdict.NEWER : Verdict.DAMAGED;
    }
    return entries == 0 ? Verdict.EMPTY : Verdict.SOUND;
  }

  /// For a person.
  public List<String> lines() {
    List<String> lines = new ArrayList<>(snapshots);
    if (entries > 0) {
      lines.add(
          "entries: %d read, with %d records, from entry %d on; the last is entry %d of %s"
              .formatted(
                  entries, records, firstEntry, lastEntry, Instant.ofEpochMilli(lastTimeMs)));
    }
    notes.forEach(note -> lines.add("note: " + note));
    for (int i = 0; i < faults.size(); i++) {
      lines.add((i == 0 ? "FIRST FAULT: " : "FAULT: ") + faults.get(i).what());
    }
    lines.add(
        switch (verdict()) {
          case SOUND -> "The journal is sound.";
          case EMPTY -> "There is no journal here: no entry, no snapshot.";
          case DAMAGED -> "The journal is DAMAGED; see docs/recovery.md.";
          case NEWER ->
              "A NEWER release of Weft wrote the journal; nothing was found to be wrong with it.";
        });
    if (verdict() != Verdict.EMPTY) {
      lines.add(
          start
              .map(from -> "A control plane of this release can start: " + from + ".")
              .orElse("No control plane of this release can start from it."));
    }
    return lines;
  }
}
