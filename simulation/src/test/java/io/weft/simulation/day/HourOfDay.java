package io.weft.simulation.day;

import java.util.Locale;

/// What there was at the end of one hour.
///
/// @param snapshotBytes of the whole state, as a snapshot has it
/// @param journalEntries that are kept
/// @param journalBytes of them
/// @param extents of all partitions, and of the partition with most
/// @param deadFiles that wait for their deletion, ids that were never used among them
/// @param files in the bucket
/// @param overdueMs by how much the oldest extent was past the retention
/// @param orphanMs how long the oldest file has been there that was never committed
record HourOfDay(
    int hour,
    long snapshotBytes,
    long journalEntries,
    long journalBytes,
    long extents,
    long extentsMax,
    long deadFiles,
    long files,
    long overdueMs,
    long orphanMs) {
  static final String HEADER =
      """
      | hour | snapshot, KiB | journal entries | journal, KiB | extents | in one partition | dead files | files in the bucket | overdue, s | oldest orphan, s |
      |---|---|---|---|---|---|---|---|---|---|\
      """;

  private static final double BYTES_PER_KIB = 1024;
  private static final long MS_PER_SECOND = 1_000;

  String row() {
    return String.format(
        Locale.ROOT,
        "| %d | %.0f | %d | %.0f | %d | %d | %d | %d | %d | %d |",
        hour,
        snapshotBytes / BYTES_PER_KIB,
        journalEntries,
        journalBytes / BYTES_PER_KIB,
        extents,
        extentsMax,
        deadFiles,
        files,
        overdueMs / MS_PER_SECOND,
        orphanMs / MS_PER_SECOND);
  }
}
