package io.weft.simulation;

import io.weft.history.check.Verdict;
import io.weft.simulation.fault.FaultCounts;
import java.util.List;

/// What came of one seed.
///
/// @param trace the same number for the same run
/// @param acks batches that were acknowledged
/// @param complaints what is wrong besides what the history shows
/// @param disturbed whether the run was chance's, and says nothing
record Report(
    long seed,
    long trace,
    long simulatedMs,
    long steps,
    FaultCounts faults,
    long acks,
    Verdict verdict,
    List<String> complaints,
    boolean disturbed) {
  private static final int FRAMES_SHOWN = 12;

  boolean isClean() {
    return complaints.isEmpty() && verdict.isClean();
  }

  /// Everything that is wrong, a line each; empty if nothing is.
  String findings() {
    StringBuilder all = new StringBuilder();
    verdict.anomalies().forEach(anomaly -> all.append(anomaly).append('\n'));
    complaints.forEach(complaint -> all.append(complaint).append('\n'));
    return all.toString();
  }

  long operations() {
    Verdict.Sends sends = verdict.summary().sends();
    return sends.acked() + sends.failed() + sends.unknown() + verdict.summary().reads().polls();
  }

  /// How to see it again.
  String command() {
    return "mvn -pl simulation -am test -Dtest=SimulationTest"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dweft.simulation.seed="
        + seed;
  }

  static String described(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      text.append(cause).append('\n');
      StackTraceElement[] frames = cause.getStackTrace();
      for (int i = 0; i < Math.min(frames.length, FRAMES_SHOWN); i++) {
        text.append("    at ").append(frames[i]).append('\n');
      }
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "seed %d, trace %016x, %d s simulated in %d steps, %d acknowledged%nfaults %s%n%s%n%s%nagain: %s"
        .formatted(
            seed,
            trace,
            simulatedMs / 1_000,
            steps,
            acks,
            faults,
            verdict,
            complaints.isEmpty() ? "no complaints" : String.join("\n", complaints),
            command());
  }
}
