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
import java.util.TreeMap;

/// Where groups go on: what was said and took effect, never less than what was seen or acknowledged
/// before, and never again nothing.
final class OffsetCheck {
  private final VersionOrder order;
  private final Findings findings;
  private final Map<String, Offsets> all = new TreeMap<>();

  private OffsetCheck(VersionOrder order, Findings findings) {
    this.order = order;
    this.findings = findings;
  }

  /// An offset that was said or seen.
  private record At(Op op, long offset) {}

  /// Of one group and key, in the order of invocations.
  private record Offsets(String group, KeyLog log, List<At> said, List<At> seen) {
    /// The same, those that are done first before the others.
    private static List<At> done(List<At> some) {
      return some.stream()
          .filter(at -> at.op().isOk())
          .sorted(Comparator.comparingLong(at -> at.op().completedNanos()))
          .toList();
    }

    /// For each offset, the operations that named it.
    private Map<Long, List<At>> sayers() {
      Map<Long, List<At>> sayers = new HashMap<>();
      said.forEach(at -> sayers.computeIfAbsent(at.offset(), _ -> new ArrayList<>()).add(at));
      return sayers;
    }
  }

  static void check(History history, VersionOrder order, Findings findings) {
    OffsetCheck check = new OffsetCheck(order, findings);
    history.ops().forEach(check::take);
    check.all.values().forEach(check::check);
  }

  private void take(Op op) {
    if (op.action() instanceof Action.Committed(String group, List<Action.Place> places)) {
      if (op.isOk()) {
        places.forEach(place -> offsets(group, place.key()).seen().add(new At(op, place.offset())));
      }
      return;
    }
    for (Action.Step step : VersionOrder.steps(op)) {
      if (step instanceof Action.Commit(String group, String key, long offset)) {
        offsets(group, key).said().add(new At(op, offset));
      }
    }
  }

  private Offsets offsets(String group, String key) {
    return all.computeIfAbsent(
        group + " " + key,
        _ -> new Offsets(group, order.key(key), new ArrayList<>(), new ArrayList<>()));
  }

  private void check(Offsets offsets) {
    Map<Long, List<At>> sayers = offsets.sayers();
    Floor seenBefore = new Floor(Offsets.done(offsets.seen()));
    Floor saidBefore = new Floor(Offsets.done(offsets.said()));
    for (At seen : offsets.seen()) {
      seenBefore.riseTo(seen.op().invokedNanos());
      saidBefore.riseTo(seen.op().invokedNanos());
      below(Kind.COMMITTED_OFFSET_BACK, offsets, seenBefore, seen, "was seen at");
      below(Kind.COMMITTED_OFFSET_LOST, offsets, saidBefore, seen, "was committed at");
      if (seen.offset() != Action.UNKNOWN) {
        cause(offsets, sayers.getOrDefault(seen.offset(), List.of()), seen);
      }
    }
  }

  /// The highest of what was done before some time, which only rises.
  private static final class Floor {
    private final List<At> done;
    private int passed;
    private At highest;

    private Floor(List<At> done) {
      this.done = done;
    }

    private void riseTo(long nanos) {
      while (passed < done.size() && done.get(passed).op().completedNanos() < nanos) {
        At next = done.get(passed++);
        if (highest == null || next.offset() > highest.offset()) {
          highest = next;
        }
      }
    }
  }

  private void below(Kind kind, Offsets offsets, Floor floor, At seen, String how) {
    At highest = floor.highest;
    if (highest != null && seen.offset() < highest.offset()) {
      findings.add(
          kind,
          offsets.log(),
          List.of(highest.offset(), seen.offset()),
          List.of(highest.op().index(), seen.op().index()),
          "group %s %s %d and then is at %d"
              .formatted(offsets.group(), how, highest.offset(), seen.offset()));
    }
  }

  private void cause(Offsets offsets, List<At> sayers, At seen) {
    List<At> before =
        sayers.stream().filter(at -> at.op().invokedNanos() <= seen.op().completedNanos()).toList();
    if (before.isEmpty()) {
      findings.add(
          Kind.PHANTOM_OFFSET,
          offsets.log(),
          List.of(seen.offset()),
          List.of(seen.op().index()),
          "group %s is at %d, which nobody said".formatted(offsets.group(), seen.offset()));
    } else if (before.stream().allMatch(at -> at.op().outcome() == Outcome.FAIL)) {
      findings.add(
          Kind.ABORTED_OFFSET,
          offsets.log(),
          List.of(seen.offset()),
          List.of(before.getFirst().op().index(), seen.op().index()),
          "group %s is at %d, which was said only by what failed or was aborted"
              .formatted(offsets.group(), seen.offset()));
    }
  }
}
