package io.weft.house;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// That what the maps say is there: every type that a package-info names, and in `ARCHITECTURE.md`
/// every package and no other.
final class Maps {
  static final String DOCUMENT = "ARCHITECTURE.md";

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /// A type's name, alone or behind one that it is nested in. A word of capitals only is no type.
  private static final Pattern TYPE = Pattern.compile("\\b[A-Z]\\w*[a-z]\\w*\\b");

  /// The section with the table of packages.
  private static final Pattern TABLE = Pattern.compile("(?s)\n## Packages\n(.*?)(\n## |$)");

  /// Its rows begin with the package's name.
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9.]+)` \\|");

  private Maps() {}

  /// A package may name types of its own, of packages below it, and what any of these uses: a map
  /// that leads elsewhere is an old one.
  static List<Violation> typesThatAreNot(House house) {
    Map<String, Set<String>> known = known(house);
    Set<Violation> violations = new TreeSet<>();
    for (SourceUnit source : house.sources()) {
      Matcher code = CODE.matcher(source.said());
      while (code.find()) {
        Matcher type = TYPE.matcher(code.group(1));
        while (type.find()) {
          String name = type.group();
          if (!known.get(source.packageName()).contains(name) && !isOfJavaLang(name)) {
            String what = "names %s, which is no type here".formatted(name);
            violations.add(new Violation(source.path().toString(), what));
          }
        }
      }
    }
    return List.copyOf(violations);
  }

  /// @param document the text with the table of packages
  static List<Violation> packages(Collection<SourceUnit> sources, String document) {
    Set<String> there =
        sources.stream()
            .filter(source -> !source.test() && source.packageName().startsWith(Arrows.OURS))
            .map(source -> source.packageName().substring(Arrows.OURS.length()))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> named = new TreeSet<>();
    Matcher table = TABLE.matcher(document);
    if (table.find()) {
      Matcher row = ROW.matcher(table.group(1));
      while (row.find()) {
        named.add(row.group(1));
      }
    }
    Set<Violation> violations = new TreeSet<>();
    for (String name : there) {
      if (!named.contains(name)) {
        violations.add(new Violation(DOCUMENT, "has no row for the package " + name));
      }
    }
    for (String name : named) {
      if (!there.contains(name)) {
        violations.add(
            new Violation(DOCUMENT, "has a row for %s, which is no package".formatted(name)));
      }
    }
    return List.copyOf(violations);
  }

  /// What each package declares or uses, with the packages below it; by simple names.
  private static Map<String, Set<String>> known(House house) {
    Map<String, Set<String>> known = new TreeMap<>();
    for (SourceUnit source : house.sources()) {
      Set<String> names = known.computeIfAbsent(source.packageName(), name -> new TreeSet<>());
      source.types().forEach(type -> names.add(type.name()));
      source.imports().forEach(name -> names.add(name.substring(name.lastIndexOf('.') + 1)));
    }
    for (CompiledClass one : house.classes()) {
      Set<String> names = known.computeIfAbsent(one.packageName(), name -> new TreeSet<>());
      for (String used : one.classes()) {
        Collections.addAll(names, used.substring(used.lastIndexOf('.') + 1).split("\\$"));
      }
    }
    Map<String, Set<String>> withThoseBelow = new TreeMap<>();
    for (String name : known.keySet()) {
      Set<String> all = withThoseBelow.computeIfAbsent(name, key -> new TreeSet<>());
      known.forEach(
          (other, names) -> {
            if ((other + ".").startsWith(name + ".")) {
              all.addAll(names);
            }
          });
    }
    return withThoseBelow;
  }

  private static boolean isOfJavaLang(String name) {
    return ClassLoader.getPlatformClassLoader().getResource("java/lang/" + name + ".class") != null;
  }
}
