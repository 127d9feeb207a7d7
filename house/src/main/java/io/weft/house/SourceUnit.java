package io.weft.house;

import java.nio.file.Path;
import java.util.List;

/// What a source file's syntax tree says of its shape.
///
/// @param path relative to the house's root
/// @param test whether it is a test's
/// @param imports as written, a static one with its member, a star as `*`
/// @param logCalls with a message that is written out
/// @param said of a package-info: its text, without slashes
/// @param comments each run of lines that are comments only, as one line without slashes
record SourceUnit(
    Path path,
    boolean test,
    String packageName,
    int lines,
    List<String> imports,
    List<Type> types,
    List<Method> methods,
    List<LogCall> logCalls,
    String said,
    List<String> comments) {
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

  /// @param placeholders in the message
  /// @param arguments behind the message
  /// @param withException whether the last of them is an exception
  record LogCall(String message, int placeholders, int arguments, boolean withException) {
    /// Whether each value has its place, and an exception has none: it is never put into one.
    boolean fits() {
      return placeholders == arguments - (withException ? 1 : 0);
    }
  }

  boolean isPackageInfo() {
    return path.endsWith("package-info.java");
  }
}
