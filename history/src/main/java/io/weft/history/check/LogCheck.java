package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.History;
import io.weft.history.Op;
import io.weft.history.Outcome;
import java.util.List;

/// Every value where it belongs, once, and none missing.
final class LogCheck {
  private final History history;
  private final VersionOrder order;
  private final Findings findings;

  private LogCheck(History history, VersionOrder order, Findings findings) {
    this.history = history;
    this.order = order;
    this.findings = findings;
  }

  static void check(History history, VersionOrder order, Findings findings) {
    LogCheck check = new LogCheck(history, order, findings);
    for (KeyLog log : order.keys()) {
      check.offsets(log);
      long bound = bound(log);
      for (Version version : log.versions()) {
        check.duplicate(log, version);
        if (version.isRead()) {
          check.mayBeRead(log, version);
        } else {
          check.mustBeRead(log, version, bound);
        }
      }
    }
  }

  /// Up to this offset, everything that is there should have been read: the highest of the lowest
  /// offsets of what was read.
  static long bound(KeyLog log) {
    return log.versions().stream()
        .filter(Version::isRead)
        .mapToLong(Version::first)
        .max()
        .orElse(Version.NOWHERE);
  }

  private void offsets(KeyLog log) {
    for (long[] conflict : log.conflicts()) {
      findings.add(
          Kind.INCONSISTENT_OFFSETS,
          log,
          List.of(conflict[0]),
          ops(log.version(conflict[1]), log.version(log.valueAt(conflict[0]))),
          "offset %d has the values %d and %d"
              .formatted(conflict[0], log.valueAt(conflict[0]), conflict[1]));
    }
    for (int i = 1; i < log.size(); i++) {
      if (log.offset(i) != log.offset(i - 1) + 1) {
        findings.add(
            Kind.OFFSET_GAP,
            log,
            List.of(log.offset(i - 1), log.offset(i)),
            List.of(),
            "nothing lies between the offsets %d and %d"
                .formatted(log.offset(i - 1), log.offset(i)));
      }
    }
  }

  private void duplicate(KeyLog log, Version version) {
    if (version.first() != version.last()) {
      findings.add(
          Kind.DUPLICATE,
          log,
          List.of(version.first(), version.last()),
          ops(version),
          "value %d lies at the offsets %d and %d"
              .formatted(version.value(), version.first(), version.last()));
    }
  }

  private void mayBeRead(KeyLog log, Version version) {
    if (version.writer() == Version.NOBODY) {
      findings.add(
          Kind.PHANTOM,
          log,
          List.of(version.first()),
          ops(version),
          "nobody sent the value %d at offset %d".formatted(version.value(), version.first()));
      return;
    }
    Op writer = history.ops().get(version.writer());
    if (writer.outcome() == Outcome.FAIL) {
      boolean sent = writer.action() instanceof Action.Send;
      findings.add(
          Kind.ABORTED_READ,
          sent || findings.expectations().readCommitted(),
          new Anomaly(
              Kind.ABORTED_READ,
              log.key(),
              List.of(version.first()),
              ops(version),
              "%s: value %d at offset %d was read, but %s"
                  .formatted(
                      log.key(),
                      version.value(),
                      version.first(),
                      sent ? "sending it failed" : "its transaction was aborted")));
    }
  }

  private void mustBeRead(KeyLog log, Version version, long bound) {
    if (version.writer() == Version.NOBODY || !order.mustHaveCommitted(version.writer())) {
      return;
    }
    if (version.isPlaced() && version.last() <= bound) {
      findings.add(
          Kind.LOST_WRITE,
          log,
          List.of(version.last()),
          ops(version),
          "value %d was acknowledged at offset %d and never read, though later ones were"
              .formatted(version.value(), version.last()));
    } else {
      findings.add(
          Kind.UNSEEN,
          log,
          version.isPlaced() ? List.of(version.last()) : List.of(),
          ops(version),
          "value %d was acknowledged%s and never read"
              .formatted(
                  version.value(), version.isPlaced() ? " at offset " + version.last() : ""));
    }
  }

  private static List<Integer> ops(Version... versions) {
    return List.of(versions).stream()
        .flatMap(version -> List.of(version.writer(), version.reader()).stream())
        .filter(op -> op != Version.NOBODY)
        .distinct()
        .toList();
  }
}
