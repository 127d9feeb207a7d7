package io.weft.house;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which room may use which: an arrow goes to an earlier row only, and only to those named.
///
/// A room is a package of `io.weft` and those below it that have no row of their own. A row may
/// name a room, a single class of one, or all rooms (`*`).
final class Arrows {
  static final String OURS = "io.weft.";

  private static final String TABLE =
      """
      model                   |
      environment             | model
      rpc                     | environment model
      protocol.record         |
      protocol.frame          | protocol.record
      protocol.cleaning       |
      storage.object          | model environment
      storage.object.local    | storage.object model environment
      storage.object.s3       | storage.object model environment
      storage.object.url      | storage.object.s3 storage.object.local storage.object \
      environment model
      storage.file            | storage.object model
      storage.bucket          | storage.file storage.object model
      controlplane.codec      | model
      controlplane.api        | controlplane.codec model
      controlplane.command    | controlplane.api controlplane.codec model
      controlplane.state      | controlplane.command controlplane.api controlplane.codec model
      controlplane.journal    | controlplane.codec storage.object environment model
      controlplane.postgresql | storage.object.url storage.object environment model
      controlplane.rules      | controlplane.api
      controlplane.groups     | controlplane.rules controlplane.state controlplane.api \
      environment model
      controlplane.leader     | controlplane.journal controlplane.groups controlplane.state \
      controlplane.command controlplane.api controlplane.codec storage.object environment model
      controlplane.rpc        | rpc controlplane.command controlplane.api controlplane.codec \
      environment model
      agent.memory            | model
      agent.network           | agent.memory protocol.frame protocol.record environment model
      agent.catalog           | controlplane.api environment model
      agent.membership        | controlplane.api environment model
      agent.cache             | agent.memory protocol.record storage.bucket storage.file \
      storage.object environment model
      agent.neighbour         | agent.cache protocol.record storage.file storage.object \
      controlplane.api rpc environment model
      agent.neighbour.rpc     | agent.neighbour rpc environment model
      agent.files             | storage.bucket storage.file storage.object controlplane.api \
      environment model
      agent.removal           | storage.bucket storage.file storage.object controlplane.api \
      environment model
      agent.produce           | agent.files agent.memory protocol.record \
      storage.bucket storage.file storage.object controlplane.api environment model
      agent.compaction        | agent.files agent.cache agent.memory protocol.record \
      storage.bucket storage.file storage.object controlplane.api environment model
      agent.cleaning          | agent.compaction agent.files agent.cache protocol.cleaning \
      protocol.record storage.bucket storage.file storage.object controlplane.api environment model
      agent.ahead             | agent.cache agent.memory storage.file.FilePlace \
      storage.object.ObjectStoreException controlplane.api environment model
      agent.fetch             | agent.ahead agent.cache agent.catalog protocol.record \
      storage.file.FilePlace storage.object.ObjectStoreException controlplane.api environment model
      agent.share             | agent.fetch protocol.record controlplane.api environment model
      agent.api               | agent.share agent.fetch agent.produce agent.membership agent.catalog \
      agent.network agent.memory protocol.frame protocol.record controlplane.rules controlplane.api \
      environment model
      agent.assembly          | agent.api agent.share agent.fetch agent.produce agent.compaction \
      agent.cleaning agent.files agent.removal \
      agent.membership agent.catalog agent.ahead agent.neighbour agent.cache storage.bucket \
      storage.file storage.object.StorePurpose controlplane.api environment model
      simulated               | storage.object environment
      history                 |
      house                   |
      server                  | *
      bench                   | server environment
      bench.micro             | *
      """;

  private final Map<String, Set<String>> rows = new HashMap<>();

  Arrows() {
    TABLE
        .lines()
        .forEach(
            line -> {
              String[] cells = line.split("\\|", -1);
              rows.put(cells[0].strip(), Set.of(cells[1].strip().split(" +")));
            });
  }

  /// By what the class files say: signatures, bodies, annotations.
  List<Violation> ofClasses(Collection<CompiledClass> classes) {
    Set<Violation> violations = new TreeSet<>();
    for (CompiledClass user : classes) {
      for (String used : user.classes()) {
        check(user.name(), user.packageName(), used).ifPresent(violations::add);
      }
    }
    return List.copyOf(violations);
  }

  /// By the imports: a constant of another class leaves no trace in a class file.
  List<Violation> ofSources(Collection<SourceUnit> sources) {
    List<Violation> violations = new ArrayList<>();
    for (SourceUnit source : sources) {
      for (String used : source.test() ? List.<String>of() : source.imports()) {
        check(source.path().toString(), source.packageName(), used).ifPresent(violations::add);
      }
    }
    return violations;
  }

  private Optional<Violation> check(String where, String packageName, String used) {
    if (!used.startsWith(OURS) || !(packageName + ".").startsWith(OURS)) {
      return Optional.empty();
    }
    Optional<String> from = room(packageName.substring(OURS.length()));
    Optional<String> to = room(used.substring(OURS.length()));
    if (from.isEmpty()) {
      return Optional.of(new Violation(where, "its package has no row in the table of arrows"));
    }
    if (to.isEmpty()) {
      return Optional.of(new Violation(where, used + " has no row in the table of arrows"));
    }
    Set<String> allowed = rows.get(from.get());
    boolean fine =
        from.equals(to)
            || allowed.contains("*")
            || allowed.contains(to.get())
            || allowed.stream().anyMatch(one -> isOrIsIn(one, used.substring(OURS.length())));
    return fine
        ? Optional.empty()
        : Optional.of(new Violation(where, "%s may not use %s".formatted(from.get(), used)));
  }

  /// Whether a row's cell names this class, or one that it is nested in.
  private boolean isOrIsIn(String cell, String used) {
    return !rows.containsKey(cell)
        && (used.equals(cell) || used.startsWith(cell + "$") || used.startsWith(cell + "."));
  }

  /// The longest row that the name of a package or class begins with.
  private Optional<String> room(String name) {
    String candidate = name;
    while (!rows.containsKey(candidate)) {
      int dot = candidate.lastIndexOf('.');
      if (dot < 0) {
        return Optional.empty();
      }
      candidate = candidate.substring(0, dot);
    }
    return Optional.of(candidate);
  }
}
