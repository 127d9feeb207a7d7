package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.History;
import io.weft.history.Op;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Every reader is given one record after the other, and none that was not yet sent.
///
/// Between two polls this is asked only of readers with keys of their own: where a group decides,
/// it may go back and hand over. A poll that is not OK is looked at but does not move its reader.
final class PollCheck {
  private final History history;
  private final VersionOrder order;
  private final Findings findings;
  private final Map<Integer, Reader> readers = new HashMap<>();

  private PollCheck(History history, VersionOrder order, Findings findings) {
    this.history = history;
    this.order = order;
    this.findings = findings;
  }

  /// Where a record was given.
  private record Place(int op, int index) {}

  /// Where a client is in each of its keys.
  private static final class Reader {
    private final Map<String, Place> places = new HashMap<>();
    private boolean subscribed;
  }

  static void check(History history, VersionOrder order, Findings findings) {
    PollCheck check = new PollCheck(history, order, findings);
    history.ops().forEach(check::check);
  }

  private void check(Op op) {
    switch (op.action()) {
      case Action.Assign(List<String> keys) -> {
        reader(op).subscribed = false;
        reader(op).places.keySet().retainAll(new HashSet<>(keys));
      }
      case Action.Subscribe _ -> {
        reader(op).subscribed = true;
        reader(op).places.clear();
      }
      case Action.Crash _ -> readers.remove(op.process());
      case Action.Poll _, Action.Transaction _ -> checkPolls(op);
      case Action.Send _, Action.Commit _, Action.Committed _, Action.Fault _ -> {}
    }
  }

  private Reader reader(Op op) {
    return readers.computeIfAbsent(op.process(), _ -> new Reader());
  }

  private void checkPolls(Op op) {
    Map<String, Place> inside = new HashMap<>();
    Set<String> own = new HashSet<>();
    for (Action.Step step : VersionOrder.steps(op)) {
      switch (step) {
        case Action.Send send -> own.add(send.key() + " " + send.value());
        case Action.Poll poll -> {
          for (Action.Run run : poll.runs()) {
            KeyLog log = order.key(run.key());
            steps(op, log, run, poll.rebalanced().contains(run.key()), inside);
            values(op, log, run, own);
          }
        }
        case Action.Commit _ -> {}
      }
    }
    if (op.isOk() && !inside.isEmpty()) {
      reader(op).places.putAll(inside);
    }
  }

  private void steps(
      Op op, KeyLog log, Action.Run run, boolean rebalanced, Map<String, Place> inside) {
    Place last = inside.get(log.key());
    boolean within = last != null;
    if (!within && readers.containsKey(op.process()) && !reader(op).subscribed) {
      last = reader(op).places.get(log.key());
    }
    for (long offset : run.offsets()) {
      Place next = new Place(op.index(), log.index(offset));
      if (last != null && !rebalanced) {
        step(log, last, next, within);
      }
      last = next;
      within = true;
    }
    inside.put(log.key(), last);
  }

  private void step(KeyLog log, Place from, Place to, boolean within) {
    if (to.index() > from.index() + 1) {
      found(within ? Kind.INT_POLL_SKIP : Kind.POLL_SKIP, log, from, to);
    } else if (to.index() <= from.index()) {
      found(within ? Kind.INT_NONMONOTONIC_POLL : Kind.NONMONOTONIC_POLL, log, from, to);
    }
  }

  private void found(Kind kind, KeyLog log, Place from, Place to) {
    long left = log.offset(from.index());
    long right = log.offset(to.index());
    List<Integer> ops = from.op() == to.op() ? List.of(to.op()) : List.of(from.op(), to.op());
    findings.add(
        kind,
        log,
        List.of(left, right),
        ops,
        "client %d was given offset %d and then %d"
            .formatted(history.ops().get(to.op()).process(), left, right));
  }

  private void values(Op op, KeyLog log, Action.Run run, Set<String> own) {
    for (int i = 0; i < run.count(); i++) {
      long value = run.values()[i];
      int writer = log.version(value).writer();
      if (writer != Version.NOBODY
          && history.ops().get(writer).invokedNanos() > op.completedNanos()) {
        findings.add(
            Kind.FUTURE_READ,
            log,
            List.of(run.offsets()[i]),
            List.of(op.index(), writer),
            "value %d was read before it was sent".formatted(value));
      }
      if (!own.isEmpty() && own.contains(log.key() + " " + value)) {
        findings.add(
            Kind.PRECOMMITTED_READ,
            log,
            List.of(run.offsets()[i]),
            List.of(op.index()),
            "a transaction read its own value " + value);
      }
    }
  }
}
