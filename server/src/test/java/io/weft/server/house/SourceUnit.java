package io.weft.server.house;

import java.nio.file.Path;
import java.util.List;

/// What a source file's syntax tree says of its shape.
///
/// @param path relative to the house's root
/// @param test whether it is a test's
/// @param imports as written, a static one with its member, a star as `*`
record SourceUnit(
    Path path,
    boolean test,
    String packageName,
    int lines,
    List<String> imports,
    List<Type> types,
    List<Method> methods) {
  /// @param abstractMethods of an interface: those it declares anew
  record Type(String name, boolean isInterface, int abstractMethods) {}

  /// @param type the simple name of the type it stands in
  /// @param name `<init>` for a constructor
  /// @param ofRecord whether that type is a record
  /// @param lines from its first annotation or modifier to its closing brace
  record Method(
      String type, boolean ofRecord, String name, int parameters, int lines, boolean overrides) {
    boolean isConstructor() {
      return name.equals("<init>");
    }

    @Override
    public String toString() {
      return isConstructor() ? "constructor of " + type : type + "." + name;
    }
  }

  boolean isPackageInfo() {
    return path.endsWith("package-info.java");
  }
}
