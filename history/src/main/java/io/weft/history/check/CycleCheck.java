package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.History;
import io.weft.history.Op;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// No transactions have read each other's values in a circle (Adya's G1c, write-read edges only).
///
/// Strongly connected components by Tarjan's algorithm ("Depth-first search and linear graph
/// algorithms", 1972), without recursion; of each the shortest circle is told.
final class CycleCheck {
  private final Map<Integer, List<Integer>> edges = new HashMap<>();
  private final Map<Integer, int[]> numbers = new HashMap<>();
  private final Deque<Integer> open = new ArrayDeque<>();
  private final Set<Integer> closed = new HashSet<>();
  private final List<Set<Integer>> components = new ArrayList<>();

  private CycleCheck() {}

  static void check(History history, VersionOrder order, Findings findings) {
    CycleCheck check = new CycleCheck();
    for (Op op : history.ops()) {
      if (op.isOk() && op.action() instanceof Action.Transaction(List<Action.Step> steps)) {
        check.takeEdges(history, order, op, steps);
      }
    }
    check.edges.keySet().stream().sorted().forEach(check::visit);
    for (Set<Integer> component : check.components) {
      List<Integer> circle = check.shortestCircle(component);
      findings.add(
          Kind.G1C,
          findings.expectations().readCommitted(),
          new Anomaly(
              Kind.G1C,
              "",
              List.of(),
              circle,
              "each of the transactions %s read what the one before it sent".formatted(circle)));
    }
  }

  private void takeEdges(History history, VersionOrder order, Op reader, List<Action.Step> steps) {
    for (Action.Step step : steps) {
      if (step instanceof Action.Poll poll) {
        for (Action.Run run : poll.runs()) {
          KeyLog log = order.key(run.key());
          for (long value : run.values()) {
            int writer = log.version(value).writer();
            if (writer != Version.NOBODY
                && writer != reader.index()
                && history.ops().get(writer).action() instanceof Action.Transaction) {
              edges.computeIfAbsent(writer, _ -> new ArrayList<>()).add(reader.index());
            }
          }
        }
      }
    }
  }

  /// A vertex that is being visited and which of its edges is next.
  private record Visit(int vertex, int edge) {}

  /// A vertex has two numbers: in which order it was found, and the lowest it leads back to.
  private void visit(int start) {
    if (numbers.containsKey(start)) {
      return;
    }
    Deque<Visit> path = new ArrayDeque<>();
    find(start, path);
    while (!path.isEmpty()) {
      Visit visit = path.pop();
      int vertex = visit.vertex();
      List<Integer> targets = edges.getOrDefault(vertex, List.of());
      if (visit.edge() > 0) {
        takeLowest(vertex, targets.get(visit.edge() - 1));
      }
      if (visit.edge() < targets.size()) {
        path.push(new Visit(vertex, visit.edge() + 1));
        int target = targets.get(visit.edge());
        if (!numbers.containsKey(target)) {
          find(target, path);
        }
      } else if (numbers.get(vertex)[0] == numbers.get(vertex)[1]) {
        close(vertex);
      }
    }
  }

  private void find(int vertex, Deque<Visit> path) {
    numbers.put(vertex, new int[] {numbers.size(), numbers.size()});
    open.push(vertex);
    path.push(new Visit(vertex, 0));
  }

  private void takeLowest(int vertex, int target) {
    if (!closed.contains(target)) {
      int[] own = numbers.get(vertex);
      own[1] = Math.min(own[1], numbers.get(target)[1]);
    }
  }

  private void close(int root) {
    Set<Integer> component = new HashSet<>();
    int vertex;
    do {
      vertex = open.pop();
      closed.add(vertex);
      component.add(vertex);
    } while (vertex != root);
    if (component.size() > 1) {
      components.add(component);
    }
  }

  private List<Integer> shortestCircle(Set<Integer> component) {
    List<Integer> shortest = List.of();
    for (int start : component.stream().sorted().toList()) {
      List<Integer> circle = circle(start, component);
      if (shortest.isEmpty() || circle.size() < shortest.size()) {
        shortest = circle;
      }
    }
    return shortest;
  }

  /// The shortest way from a vertex back to it: there is one inside its component.
  private List<Integer> circle(int start, Set<Integer> component) {
    Map<Integer, Integer> from = new HashMap<>();
    Deque<Integer> queue = new ArrayDeque<>(List.of(start));
    while (!from.containsKey(start)) {
      int vertex = queue.remove();
      for (int target : edges.getOrDefault(vertex, List.of())) {
        if (component.contains(target) && from.putIfAbsent(target, vertex) == null) {
          queue.add(target);
        }
      }
    }
    List<Integer> circle = new ArrayList<>(List.of(start));
    for (int vertex = from.get(start); vertex != start; vertex = from.get(vertex)) {
      circle.add(vertex);
    }
    Collections.reverse(circle);
    return circle;
  }
}
