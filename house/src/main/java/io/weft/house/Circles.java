package io.weft.house;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// That packages stand in no circle: of two packages that use each other, neither can be
/// understood, changed or tested without the other one. Packages within one room count too, which
/// [Arrows] leaves to themselves.
final class Circles {
  /// The uses that a circle is forgiven for, a line each: `user | used | why it has not been
  /// mended`.
  private static final String TABLE = "";

  /// One package's use of another.
  ///
  /// @param where a class or file that does so
  private record Use(String user, String used, String where) {}

  /// What uses what, by package. One use stands for all between the same two packages.
  private final Map<String, Map<String, Use>> uses = new TreeMap<>();

  private final Set<String> packages = new TreeSet<>();
  private final Map<String, Set<String>> forgiven = new TreeMap<>();

  private Circles(String table) {
    table
        .lines()
        .map(line -> line.split("\\|", -1))
        .forEach(
            cells ->
                forgiven
                    .computeIfAbsent(Arrows.OURS + cells[0].strip(), user -> new TreeSet<>())
                    .add(Arrows.OURS + cells[1].strip()));
  }

  static List<Violation> check(House house) {
    return check(house, TABLE);
  }

  /// @param table of uses that are forgiven
  static List<Violation> check(House house, String table) {
    Circles circles = new Circles(table);
    circles.read(house.classes(), house.sources());
    Set<Violation> violations = new TreeSet<>();
    circles.circles(false).forEach(use -> violations.add(circles.violation(use)));
    circles.addNeedless(violations);
    return List.copyOf(violations);
  }

  /// A constant of another package leaves no trace in a class file, but an import.
  private void read(Collection<CompiledClass> classes, Collection<SourceUnit> sources) {
    classes.forEach(one -> packages.add(one.packageName()));
    for (CompiledClass user : classes) {
      user.classes().forEach(used -> add(user.packageName(), used, user.name()));
    }
    for (SourceUnit source : sources) {
      if (!source.test()) {
        source.imports().forEach(used -> add(source.packageName(), used, source.path().toString()));
      }
    }
  }

  private void add(String user, String usedClass, String where) {
    String used = usedClass;
    while (!packages.contains(used)) {
      int dot = used.lastIndexOf('.');
      if (dot < 0) {
        return;
      }
      used = used.substring(0, dot);
    }
    if (!used.equals(user)) {
      uses.computeIfAbsent(user, name -> new TreeMap<>())
          .putIfAbsent(used, new Use(user, used, where));
    }
  }

  /// Every use that is part of a circle.
  ///
  /// @param all whether those that are forgiven count
  private List<Use> circles(boolean all) {
    return uses.values().stream()
        .flatMap(ofOne -> ofOne.values().stream())
        .filter(use -> all || !isForgiven(use))
        .filter(use -> reaches(use.used(), use.user(), all))
        .toList();
  }

  private boolean isForgiven(Use use) {
    return forgiven.getOrDefault(use.user(), Set.of()).contains(use.used());
  }

  private boolean reaches(String from, String to, boolean all) {
    return way(from, to, all).contains(to);
  }

  /// The packages on a shortest way; nothing if there is none.
  private List<String> way(String from, String to, boolean all) {
    Map<String, String> cameFrom = new TreeMap<>();
    Deque<String> next = new ArrayDeque<>(List.of(from));
    while (!next.isEmpty()) {
      String here = next.remove();
      if (here.equals(to)) {
        Deque<String> way = new ArrayDeque<>(List.of(to));
        while (!way.getFirst().equals(from)) {
          way.addFirst(cameFrom.get(way.getFirst()));
        }
        return List.copyOf(way);
      }
      for (Use use : uses.getOrDefault(here, Map.of()).values()) {
        if ((all || !isForgiven(use))
            && !use.used().equals(from)
            && cameFrom.putIfAbsent(use.used(), here) == null) {
          next.add(use.used());
        }
      }
    }
    return List.of();
  }

  private Violation violation(Use use) {
    return new Violation(
        use.where(),
        "%s uses %s and is used by it: %s"
            .formatted(
                use.user(), use.used(), String.join(" → ", way(use.used(), use.user(), false))));
  }

  /// What is forgiven and is not part of a circle any more.
  private void addNeedless(Set<Violation> violations) {
    List<Use> circles = circles(true);
    forgiven.forEach(
        (user, all) ->
            all.stream()
                .filter(
                    used ->
                        circles.stream()
                            .noneMatch(use -> use.user().equals(user) && use.used().equals(used)))
                .forEach(
                    used ->
                        violations.add(
                            new Violation(
                                user,
                                "its use of %s makes no circle: take it out of the table"
                                    .formatted(used)))));
  }
}
