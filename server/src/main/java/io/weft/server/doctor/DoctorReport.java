package io.weft.server.doctor;

import io.weft.server.doctor.Findings.Count;
import io.weft.server.doctor.Findings.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a [Doctor] found.
///
/// @param entryBefore the journal's entry that the live extents are of
/// @param entryAfter the one that whatever looked wrong was last compared with
/// @param deep whether every live batch was read
/// @param counts by kind; those that there are none of may be left out
public record DoctorReport(
    String clusterId,
    long entryBefore,
    long entryAfter,
    boolean deep,
    Live live,
    Map<ObjectKind, Count> counts,
    Repaired repaired) {

  /// What the metadata holds.
  ///
  /// @param batchesVerified those whose checksum was verified; none unless deep
  public record Live(long partitions, long extents, long files, long batchesVerified) {}

  /// What was deleted.
  public record Repaired(long objects, long bytes) {
    static final Repaired NOTHING = new Repaired(0, 0);
  }

  Count count(ObjectKind kind) {
    return counts.getOrDefault(kind, Count.NONE);
  }

  /// Objects that are a fault, those that were deleted aside.
  public long faults() {
    long faults = 0;
    for (ObjectKind kind : ObjectKind.values()) {
      faults += kind.isFault() ? count(kind).objects() : 0;
    }
    return faults;
  }

  public boolean isClean() {
    return faults() == 0;
  }

  /// Bytes of objects that are in the bucket though nothing needs them.
  long wastedBytes() {
    long bytes = 0;
    for (ObjectKind kind : ObjectKind.values()) {
      bytes += isWaste(kind) ? count(kind).bytes() : 0;
    }
    return bytes;
  }

  /// Whether objects of a kind cost money and are of no use.
  static boolean isWaste(ObjectKind kind) {
    return switch (kind) {
      case LIVE, YOUNG, MISSING, DAMAGED -> false;
      case QUEUED, FOREIGN, ORPHAN, UNPROVED, UNQUEUED, UNLEASED, STRAY -> true;
    };
  }

  /// What its objects cost in a month; nothing for those that are not there.
  static double usdPerMonth(ObjectKind kind, Count count, StoragePrice price) {
    return kind == ObjectKind.MISSING ? 0 : price.usdPerMonth(count.bytes());
  }

  /// For a person.
  public List<String> lines(StoragePrice price) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "cluster %s, journal entries %d to %d: %d extents of %d partitions in %d files"
            .formatted(
                clusterId,
                entryBefore,
                entryAfter,
                live.extents(),
                live.partitions(),
                live.files()));
    if (deep) {
      lines.add("%d batches read, each with its checksum".formatted(live.batchesVerified()));
    }
    for (ObjectKind kind : ObjectKind.values()) {
      Count count = count(kind);
      if (count.objects() > 0) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%-8s %10d objects %16d bytes %10.2f USD a month   %s",
                kind.word(),
                count.objects(),
                count.bytes(),
                usdPerMonth(kind, count, price),
                kind.meaning()));
      }
    }
    for (ObjectKind kind : ObjectKind.values()) {
      for (Example example : count(kind).examples()) {
        lines.add("%s: %s: %s".formatted(kind.word(), example.key(), example.what()));
      }
    }
    if (repaired.objects() > 0) {
      lines.add(
          "%d orphans of %d bytes were deleted".formatted(repaired.objects(), repaired.bytes()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "What nothing needs: %d bytes, %.2f USD a month (%s: %s USD per GB and month; %s)",
            wastedBytes(),
            price.usdPerMonth(wastedBytes()),
            price.label(),
            price.usdPerGbMonth(),
            price.source()));
    lines.add(
        isClean()
            ? "The bucket and the metadata agree."
            : "%d FAULTS; see docs/recovery.md.".formatted(faults()));
    return lines;
  }
}
