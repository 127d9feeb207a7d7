package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.History;
import io.weft.history.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// How long what had been acknowledged was missing in polls.
///
/// A poll's lag in a key: from the moment its client read that key *and* some offset above all it
/// has been given, this poll's included, was acknowledged, until the poll was invoked. Clients of a
/// group are left out, since nobody knows which keys are theirs.
final class LagCheck {
  private final Findings findings;
  private final Map<KeyLog, Acks> acks = new HashMap<>();
  private final Map<Integer, Map<String, Position>> readers = new HashMap<>();

  /// By the time a fault began: when it and all that began before had ended.
  private final NavigableMap<Long, Long> faultEnds = new TreeMap<>();

  private long nanosMax;
  private long quietNanosMax;

  private LagCheck(Findings findings) {
    this.findings = findings;
  }

  /// When everything from an offset on was first acknowledged in part.
  ///
  /// @param offsets rising
  /// @param nanos for each offset the earliest acknowledgement of it or of a higher one
  private record Acks(long[] offsets, long[] nanos) {
    /// @return [Op#NEVER] if nothing above was
    long firstAbove(long offset) {
      int found = Arrays.binarySearch(offsets, offset + 1);
      int at = found < 0 ? -found - 1 : found;
      return at == offsets.length ? Op.NEVER : nanos[at];
    }
  }

  /// @param offset the highest given, or -1
  private record Position(long offset, long sinceNanos) {}

  static LagCheck check(History history, VersionOrder order, Findings findings) {
    LagCheck check = new LagCheck(findings);
    check.takeAcks(history, order);
    check.takeFaults(history);
    for (Op op : history.ops()) {
      check.take(op, order);
    }
    return check;
  }

  long nanosMax() {
    return nanosMax;
  }

  long quietNanosMax() {
    return quietNanosMax;
  }

  private void takeFaults(History history) {
    long ended = 0;
    for (Op op : history.ops()) {
      if (op.action() instanceof Action.Fault) {
        ended = Math.max(ended, op.completedNanos());
        faultEnds.put(op.invokedNanos(), ended);
      }
    }
  }

  private record Ack(long offset, long nanos) {}

  private void takeAcks(History history, VersionOrder order) {
    Map<KeyLog, List<Ack>> all = new HashMap<>();
    for (Op op : history.ops()) {
      if (op.isOk()) {
        for (Action.Step step : VersionOrder.steps(op)) {
          if (step instanceof Action.Send send && send.offset() != Action.UNKNOWN) {
            all.computeIfAbsent(order.key(send.key()), _ -> new ArrayList<>())
                .add(new Ack(send.offset(), op.completedNanos()));
          }
        }
      }
    }
    all.forEach((log, list) -> acks.put(log, acks(list)));
  }

  private static Acks acks(List<Ack> list) {
    list.sort(Comparator.comparingLong(Ack::offset));
    long[] offsets = list.stream().mapToLong(Ack::offset).toArray();
    long[] nanos = list.stream().mapToLong(Ack::nanos).toArray();
    for (int i = nanos.length - 2; i >= 0; i--) {
      nanos[i] = Math.min(nanos[i], nanos[i + 1]);
    }
    return new Acks(offsets, nanos);
  }

  private void take(Op op, VersionOrder order) {
    switch (op.action()) {
      case Action.Assign(List<String> keys) -> {
        Map<String, Position> before = readers.getOrDefault(op.process(), Map.of());
        Map<String, Position> positions = new HashMap<>();
        for (String key : keys) {
          positions.put(key, before.getOrDefault(key, new Position(-1, op.invokedNanos())));
        }
        readers.put(op.process(), positions);
      }
      case Action.Subscribe _, Action.Crash _ -> readers.remove(op.process());
      case Action.Poll poll -> takePoll(op, poll, order);
      case Action.Transaction(List<Action.Step> steps) -> {
        for (Action.Step step : steps) {
          if (step instanceof Action.Poll poll) {
            takePoll(op, poll, order);
          }
        }
      }
      case Action.Send _, Action.Commit _, Action.Committed _, Action.Fault _ -> {}
    }
  }

  private void takePoll(Op op, Action.Poll poll, VersionOrder order) {
    Map<String, Position> positions = readers.get(op.process());
    if (positions == null || !op.isOk()) {
      return;
    }
    for (Action.Run run : poll.runs()) {
      Position position = positions.get(run.key());
      if (position != null) {
        long highest = Math.max(position.offset(), Arrays.stream(run.offsets()).max().orElse(-1));
        positions.put(run.key(), new Position(highest, position.sinceNanos()));
      }
    }
    positions.forEach((key, position) -> measure(op, order.key(key), position));
  }

  private void measure(Op op, KeyLog log, Position position) {
    Acks acked = acks.get(log);
    long ackedNanos = acked == null ? Op.NEVER : acked.firstAbove(position.offset());
    long from = Math.max(ackedNanos, position.sinceNanos());
    if (from >= op.invokedNanos()) {
      return;
    }
    long quiet = Math.max(0, op.invokedNanos() - quietSince(from, op.invokedNanos()));
    nanosMax = Math.max(nanosMax, op.invokedNanos() - from);
    quietNanosMax = Math.max(quietNanosMax, quiet);
    if (quiet > findings.expectations().quietLagNanosMax()) {
      findings.add(
          Kind.REALTIME_LAG,
          log,
          List.of(position.offset()),
          List.of(op.index()),
          "client %d was given nothing above offset %d for %d ms without a fault, though there was"
              .formatted(op.process(), position.offset(), quiet / 1_000_000));
    }
  }

  /// From when until `to` nothing was done to the cluster; not before `from`.
  private long quietSince(long from, long to) {
    Map.Entry<Long, Long> before = faultEnds.lowerEntry(to);
    return before == null ? from : Math.max(from, before.getValue());
  }
}
