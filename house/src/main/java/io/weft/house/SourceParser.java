package io.weft.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Reads source files with the compiler's own parser. One thread.
final class SourceParser {
  private final Path root;
  private final SourcePositions positions;

  private SourceParser(Path root, SourcePositions positions) {
    this.root = root;
    this.positions = positions;
  }

  static List<SourceUnit> parse(Path root, List<Path> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<SourceUnit> units = new ArrayList<>();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      SourceParser parser = new SourceParser(root, Trees.instance(task).getSourcePositions());
      for (CompilationUnitTree tree : task.parse()) {
        units.add(parser.unit(tree));
      }
    }
    return units;
  }

  private SourceUnit unit(CompilationUnitTree tree) throws IOException {
    Path file = Path.of(tree.getSourceFile().toUri());
    Shapes shapes = new Shapes(tree);
    shapes.scan(tree, null);
    Path path = root.relativize(file);
    List<String> lines = Files.readAllLines(file);
    return new SourceUnit(
        path,
        !path.toString().contains("src/main/"),
        tree.getPackageName() == null ? "" : tree.getPackageName().toString(),
        lines.size(),
        tree.getImports().stream().map(SourceParser::imported).toList(),
        List.copyOf(shapes.types),
        List.copyOf(shapes.methods),
        LogCalls.of(tree),
        path.endsWith("package-info.java") ? said(lines) : "",
        comments(lines));
  }

  private static String said(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("///"))
        .map(line -> line.substring(3).strip())
        .collect(Collectors.joining("\n"));
  }

  private static List<String> comments(List<String> lines) {
    List<String> comments = new ArrayList<>();
    StringBuilder comment = new StringBuilder();
    for (String line : lines) {
      String stripped = line.strip();
      if (stripped.startsWith("//")) {
        comment.append(stripped.replaceFirst("^/+", "").strip()).append(' ');
      } else if (!comment.isEmpty()) {
        comments.add(comment.toString().strip());
        comment.setLength(0);
      }
    }
    return comments;
  }

  private static String imported(ImportTree tree) {
    return tree.getQualifiedIdentifier().toString();
  }

  private static boolean overrides(MethodTree method) {
    return method.getModifiers().getAnnotations().stream()
        .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
  }

  /// Collects types and methods, nested ones too.
  private final class Shapes extends TreePathScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final List<SourceUnit.Type> types = new ArrayList<>();
    private final List<SourceUnit.Method> methods = new ArrayList<>();

    Shapes(CompilationUnitTree unit) {
      this.unit = unit;
    }

    @Override
    public Void visitClass(ClassTree type, Void none) {
      boolean isInterface = type.getKind() == Tree.Kind.INTERFACE;
      long declared =
          type.getMembers().stream()
              .filter(member -> member instanceof MethodTree m && m.getBody() == null)
              .filter(member -> !overrides((MethodTree) member))
              .count();
      types.add(new SourceUnit.Type(type.getSimpleName().toString(), isInterface, (int) declared));
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void none) {
      ClassTree type = (ClassTree) getCurrentPath().getParentPath().getLeaf();
      methods.add(
          new SourceUnit.Method(
              type.getSimpleName().toString(),
              type.getKind() == Tree.Kind.RECORD,
              method.getName().toString(),
              method.getParameters().size(),
              lines(method),
              overrides(method)));
      return super.visitMethod(method, null);
    }

    private int lines(Tree tree) {
      LineMap lines = unit.getLineMap();
      long first = lines.getLineNumber(positions.getStartPosition(unit, tree));
      long last = lines.getLineNumber(positions.getEndPosition(unit, tree));
      return (int) (last - first + 1);
    }
  }
}
