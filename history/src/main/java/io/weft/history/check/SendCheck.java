package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.History;
import io.weft.history.Op;
import io.weft.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What was sent first lies first: of each producer, and of all where one had been acknowledged
/// before another was sent.
final class SendCheck {
  private final Findings findings;
  private final Map<KeyLog, List<Sent>> sent = new HashMap<>();
  private final Map<Integer, Map<KeyLog, Sent>> lasts = new HashMap<>();

  private SendCheck(Findings findings) {
    this.findings = findings;
  }

  /// One that has a place.
  ///
  /// @param offset where it was told to be, or else its lowest offset
  private record Sent(Op op, Version version, long offset) {}

  static void check(History history, VersionOrder order, Findings findings) {
    SendCheck check = new SendCheck(findings);
    for (Op op : history.ops()) {
      if (op.outcome() != Outcome.FAIL) {
        for (Action.Step step : VersionOrder.steps(op)) {
          if (step instanceof Action.Send send) {
            check.take(op, send, order.key(send.key()));
          }
        }
      }
    }
    for (KeyLog log : order.keys()) {
      check.realtime(log);
    }
  }

  private void take(Op op, Action.Send send, KeyLog log) {
    Version version = log.version(send.value());
    if (!version.isPlaced()) {
      return;
    }
    Sent next =
        new Sent(op, version, send.offset() == Action.UNKNOWN ? version.first() : send.offset());
    sent.computeIfAbsent(log, _ -> new ArrayList<>()).add(next);
    Sent last = lasts.computeIfAbsent(op.process(), _ -> new HashMap<>()).put(log, next);
    if (last != null && last.offset() >= next.offset()) {
      boolean within = last.op().index() == op.index();
      findings.add(
          within ? Kind.INT_NONMONOTONIC_SEND : Kind.NONMONOTONIC_SEND,
          log,
          List.of(last.offset(), next.offset()),
          within ? List.of(op.index()) : List.of(last.op().index(), op.index()),
          "client %d sent what lies at offset %d before what lies at %d"
              .formatted(op.process(), last.offset(), next.offset()));
    }
  }

  private void realtime(KeyLog log) {
    List<Sent> invoked = sent.getOrDefault(log, List.of());
    List<Sent> acked = new ArrayList<>(invoked);
    acked.removeIf(one -> !one.op().isOk());
    acked.sort(Comparator.comparingLong(one -> one.op().completedNanos()));
    int done = 0;
    Sent highest = null;
    for (Sent next : invoked) {
      while (done < acked.size()
          && acked.get(done).op().completedNanos() < next.op().invokedNanos()) {
        Sent before = acked.get(done++);
        if (highest == null || before.version().first() > highest.version().first()) {
          highest = before;
        }
      }
      if (highest != null && next.version().last() < highest.version().first()) {
        findings.add(
            Kind.REALTIME_ORDER,
            log,
            List.of(highest.version().first(), next.version().last()),
            List.of(highest.op().index(), next.op().index()),
            "offset %d was acknowledged before what lies at %d was sent"
                .formatted(highest.version().first(), next.version().last()));
      }
    }
  }
}
