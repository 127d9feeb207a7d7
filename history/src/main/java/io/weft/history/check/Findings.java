package io.weft.history.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Collects what the checks find and knows what of it is bad. Owned by one thread.
final class Findings {
  private final Expectations expectations;
  private final Map<Kind, Long> bad = new EnumMap<>(Kind.class);
  private final Map<Kind, Long> tolerated = new EnumMap<>(Kind.class);
  private final List<Anomaly> anomalies = new ArrayList<>();

  Findings(Expectations expectations) {
    this.expectations = expectations;
  }

  Expectations expectations() {
    return expectations;
  }

  void add(Kind kind, KeyLog log, List<Long> offsets, List<Integer> ops, String what) {
    add(kind, isBad(kind), new Anomaly(kind, log.key(), offsets, ops, log.key() + ": " + what));
  }

  /// Something that is bad here though [Expectations] may allow its kind elsewhere, or the other
  /// way.
  void add(Kind kind, boolean isBad, Anomaly anomaly) {
    long count = (isBad ? bad : tolerated).merge(kind, 1L, Long::sum);
    if (isBad && count <= Verdict.LISTED_MAX) {
      anomalies.add(anomaly);
    }
  }

  Verdict verdict(Verdict.Summary summary) {
    return new Verdict(anomalies, bad, tolerated, summary);
  }

  private boolean isBad(Kind kind) {
    return switch (kind) {
      case DUPLICATE, NONMONOTONIC_SEND, INT_NONMONOTONIC_SEND -> expectations.idempotent();
      case PRECOMMITTED_READ, G1C -> expectations.readCommitted();
      case UNSEEN, UNPROCESSED, OUTPUT_OF_NOTHING, INPUT_NOT_COMMITTED -> expectations.readToEnd();
      case OFFSET_GAP -> expectations.contiguous();
      case INCONSISTENT_OFFSETS,
          ABORTED_READ,
          PHANTOM,
          LOST_WRITE,
          INT_POLL_SKIP,
          INT_NONMONOTONIC_POLL,
          POLL_SKIP,
          NONMONOTONIC_POLL,
          REALTIME_ORDER,
          TORN_TRANSACTION,
          COMMITTED_OFFSET_BACK,
          COMMITTED_OFFSET_LOST,
          ABORTED_OFFSET,
          PHANTOM_OFFSET,
          PROCESSED_TWICE,
          FUTURE_READ,
          REALTIME_LAG ->
          true;
    };
  }
}
