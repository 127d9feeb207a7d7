package io.weft.bench.micro;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/// Prints how much heap an extent takes in the control plane's state: what is in use after a full
/// collection, with them and without. A program of its own, on one thread.
///
///     ExtentHeap [EXTENTS [PARTITIONS]]
public final class ExtentHeap {
  private static final int EXTENTS = 10_000_000;
  private static final int PARTITIONS = 1_000;

  private ExtentHeap() {}

  public static void main(String[] arguments) {
    int extents = arguments.length > 0 ? Integer.parseInt(arguments[0]) : EXTENTS;
    int partitions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : PARTITIONS;
    int files = extents / partitions;
    for (boolean idempotent : new boolean[] {false, true}) {
      StateOnly state = new StateOnly();
      Commits commits = new Commits(state, new Commits.Shape(partitions, 1, 1, idempotent));
      long before = usedBytes();
      for (int file = 0; file < files; file++) {
        state.ask(commits.next());
      }
      long bytes = usedBytes() - before;
      // What is measured must still be there.
      int entryBytes = state.entryBytes();
      System.out.printf(
          Locale.ROOT,
          "extents=%d partitions=%d idempotent=%b heap_bytes=%d bytes_per_extent=%.1f"
              + " journal_bytes_per_batch=%.1f%n",
          (long) files * partitions,
          partitions,
          idempotent,
          bytes,
          (double) bytes / ((long) files * partitions),
          (double) entryBytes / partitions);
    }
  }

  private static long usedBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
