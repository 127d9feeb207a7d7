package io.weft.bench;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/// What a benchmark found out, as one line of `name=value` pairs.
///
/// @param latenciesMicros one value per record (or per answer, where that is what was measured)
/// @param clientCpuSeconds what the client itself used, user and system
record BenchReport(
    String name,
    long records,
    long bytes,
    double seconds,
    double clientCpuSeconds,
    Histogram latenciesMicros) {
  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s records=%d MiB=%.1f seconds=%.2f records/s=%.0f MiB/s=%.1f"
            + " p50_ms=%.1f p99_ms=%.1f max_ms=%.1f client_cpu_s=%.2f%n",
        name,
        records,
        bytes / 1048576.0,
        seconds,
        records / seconds,
        bytes / 1048576.0 / seconds,
        latenciesMicros.getValueAtPercentile(50) / 1000.0,
        latenciesMicros.getValueAtPercentile(99) / 1000.0,
        latenciesMicros.getMaxValue() / 1000.0,
        clientCpuSeconds);
  }

  /// CPU seconds of this process so far.
  static double processCpuSeconds() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine
        ? machine.getProcessCpuTime() / 1e9
        : 0;
  }
}
