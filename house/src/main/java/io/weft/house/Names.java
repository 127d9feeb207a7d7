package io.weft.house;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What may not be a part of a name, and that every package says what it is for.
final class Names {
  /// Words that do not say what a class is.
  private static final List<String> TYPE_WORDS =
      List.of("Manager", "Util", "Utils", "Helper", "Impl", "Common", "Service", "Context");

  private static final List<String> PACKAGE_WORDS =
      List.of("common", "util", "utils", "helper", "impl", "internal", "core");

  private static final List<String> TEST_IMPORTS =
      List.of(
          "org.junit.jupiter.api.Test",
          "org.junit.jupiter.api.RepeatedTest",
          "org.junit.jupiter.api.TestFactory",
          "org.junit.jupiter.params.ParameterizedTest");

  private Names() {}

  static List<Violation> check(Collection<SourceUnit> sources) {
    List<Violation> violations = new ArrayList<>();
    for (SourceUnit source : sources) {
      String where = source.path().toString();
      for (String word : words(source)) {
        violations.add(new Violation(where, word + " in a name: say what it is"));
      }
      for (SourceUnit.Method method : source.methods()) {
        if (!method.overrides() && method.name().matches("get[A-Z].*")) {
          violations.add(new Violation(where, method + " begins with get: leave it out"));
        }
      }
      for (String imported : source.imports()) {
        if (imported.endsWith("*")) {
          violations.add(new Violation(where, imported + ": name what is imported"));
        }
      }
    }
    return violations;
  }

  /// The files with tests in them that Maven would pass over: it goes by these names. A contract's
  /// tests are run by the classes that extend it.
  static List<Violation> testsNotRun(Collection<SourceUnit> sources) {
    return sources.stream()
        .filter(source -> source.imports().stream().anyMatch(TEST_IMPORTS::contains))
        .filter(source -> !source.path().toString().matches(".*(Test|Properties|Contract)[.]java"))
        .map(source -> new Violation(source.path().toString(), "call it …Test or …Properties"))
        .toList();
  }

  /// The packages of production code without a package-info.
  static List<Violation> missingPackageInfo(Collection<SourceUnit> sources) {
    Set<String> described = new TreeSet<>();
    Set<String> packages = new TreeSet<>();
    for (SourceUnit source : sources) {
      if (!source.test()) {
        (source.isPackageInfo() ? described : packages).add(source.packageName());
      }
    }
    packages.removeAll(described);
    return packages.stream()
        .map(name -> new Violation(name, "has no package-info.java that says what it is for"))
        .toList();
  }

  private static List<String> words(SourceUnit source) {
    List<String> words = new ArrayList<>();
    for (SourceUnit.Type type : source.types()) {
      words.addAll(List.of(type.name().split("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")));
    }
    words.retainAll(TYPE_WORDS);
    List<String> parts = new ArrayList<>(Arrays.asList(source.packageName().split("\\.")));
    parts.retainAll(PACKAGE_WORDS);
    words.addAll(parts);
    return words;
  }
}
