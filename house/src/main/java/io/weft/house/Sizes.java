package io.weft.house;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How large things may grow; if one of these is in the way, the code is split or the limit argued.
final class Sizes {
  static final int FILE_LINES_MAX = 500;
  static final int METHOD_LINES_MAX = 60;
  static final int CONSTRUCTOR_PARAMETERS_MAX = 7;
  static final int INTERFACE_METHODS_MAX = 7;
  static final int PACKAGE_FILES_MAX = 20;

  private final List<Violation> violations = new ArrayList<>();

  private Sizes() {}

  static List<Violation> check(Collection<SourceUnit> sources) {
    Sizes sizes = new Sizes();
    Map<String, Integer> packages = new TreeMap<>();
    for (SourceUnit source : sources) {
      sizes.checkFile(source);
      if (!source.test() && !source.isPackageInfo()) {
        packages.merge(source.packageName(), 1, Integer::sum);
      }
    }
    packages.forEach(
        (name, files) -> sizes.check(name, "files of the package", files, PACKAGE_FILES_MAX));
    return sizes.violations;
  }

  private void checkFile(SourceUnit source) {
    String where = source.path().toString();
    check(where, "lines", source.lines(), FILE_LINES_MAX);
    for (SourceUnit.Method method : source.methods()) {
      check(where, "lines of " + method, method.lines(), METHOD_LINES_MAX);
      if (method.isConstructor() && !method.ofRecord()) {
        String what = "parameters of the " + method;
        check(where, what, method.parameters(), CONSTRUCTOR_PARAMETERS_MAX);
      }
    }
    for (SourceUnit.Type type : source.types()) {
      if (type.isInterface()) {
        String what = "methods of the interface " + type.name();
        check(where, what, type.abstractMethods(), INTERFACE_METHODS_MAX);
      }
    }
  }

  private void check(String where, String what, int size, int max) {
    if (size > max) {
      violations.add(new Violation(where, "%s: %d, at most %d".formatted(what, size, max)));
    }
  }
}
