package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.History;
import io.weft.history.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where one of a transaction's values was read, all of them must have been: as far as readers have
/// come.
final class AtomicityCheck {
  private final VersionOrder order;
  private final Findings findings;
  private final Map<KeyLog, Long> bounds = new HashMap<>();

  private AtomicityCheck(VersionOrder order, Findings findings) {
    this.order = order;
    this.findings = findings;
  }

  static void check(History history, VersionOrder order, Findings findings) {
    AtomicityCheck check = new AtomicityCheck(order, findings);
    for (Op op : history.ops()) {
      if (op.action() instanceof Action.Transaction(List<Action.Step> steps)) {
        check.check(op, steps);
      }
    }
  }

  private void check(Op op, List<Action.Step> steps) {
    List<Action.Send> read = new ArrayList<>();
    List<Action.Send> missing = new ArrayList<>();
    for (Action.Step step : steps) {
      if (step instanceof Action.Send send) {
        KeyLog log = order.key(send.key());
        Version version = log.version(send.value());
        if (version.isRead()) {
          read.add(send);
        } else if (shouldHaveBeenRead(log, version)) {
          missing.add(send);
        }
      }
    }
    if (!read.isEmpty() && !missing.isEmpty()) {
      Action.Send one = read.getFirst();
      Action.Send other = missing.getFirst();
      findings.add(
          Kind.TORN_TRANSACTION,
          order.key(other.key()),
          List.of(),
          List.of(op.index(), order.key(one.key()).version(one.value()).reader()),
          "of one transaction the value %d of %s was read, %d never (%d of %d are missing)"
              .formatted(
                  one.value(),
                  one.key(),
                  other.value(),
                  missing.size(),
                  missing.size() + read.size()));
    }
  }

  /// Readers have come past it, or to the end.
  private boolean shouldHaveBeenRead(KeyLog log, Version version) {
    return findings.expectations().readToEnd()
        || (version.isPlaced() && version.last() <= bounds.computeIfAbsent(log, LogCheck::bound));
  }
}
