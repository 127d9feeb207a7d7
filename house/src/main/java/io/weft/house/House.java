package io.weft.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A source tree of several modules, with what Maven compiled of it.
record House(List<SourceUnit> sources, List<CompiledClass> classes) {
  private static final Path MAIN = Path.of("src", "main", "java");
  private static final Path TEST = Path.of("src", "test", "java");
  private static final Path CLASSES = Path.of("target", "classes");

  /// The folder of the modules, for a test: Maven starts it in the folder of its module.
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("model/pom.xml"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("no folder above this one holds the modules");
      }
    }
    return folder;
  }

  /// @param root the folder with the modules
  static House at(Path root) throws IOException {
    List<Path> sources = new ArrayList<>();
    List<CompiledClass> classes = new ArrayList<>();
    for (Path module : modules(root)) {
      sources.addAll(files(module.resolve(MAIN), ".java"));
      sources.addAll(files(module.resolve(TEST), ".java"));
      classes.addAll(classes(module));
    }
    return new House(SourceParser.parse(root, sources), classes);
  }

  /// The modules that have sources.
  static List<Path> modules(Path root) throws IOException {
    try (Stream<Path> children = Files.list(root)) {
      return children
          .filter(child -> Files.exists(child.resolve(MAIN)) || Files.exists(child.resolve(TEST)))
          .sorted()
          .toList();
    }
  }

  /// Without classes that have no source: left over from an earlier build, or generated.
  private static List<CompiledClass> classes(Path module) throws IOException {
    List<CompiledClass> classes = new ArrayList<>();
    for (Path file : files(module.resolve(CLASSES), ".class")) {
      CompiledClass read = CompiledClass.read(file);
      Path folder = module.resolve(MAIN).resolve(read.packageName().replace('.', '/'));
      if (read.source().map(folder::resolve).filter(Files::exists).isPresent()) {
        classes.add(read);
      }
    }
    if (classes.isEmpty() && !files(module.resolve(MAIN), ".java").isEmpty()) {
      throw new IllegalStateException("nothing is compiled of " + module);
    }
    return classes;
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }
}
