package io.weft.house;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// A house of one module, written and compiled for one test.
final class PlantedHouse {
  private final Path root;
  private final List<Path> main = new ArrayList<>();

  PlantedHouse(Path root) {
    this.root = root;
  }

  /// @param name of the class, with its package
  /// @param body what follows the package declaration
  PlantedHouse main(String name, String body) throws IOException {
    main.add(write("main", name, body));
    return this;
  }

  PlantedHouse test(String name, String body) throws IOException {
    write("test", name, body);
    return this;
  }

  /// @param text of its package-info, with slashes
  PlantedHouse mainPackage(String name, String text) throws IOException {
    main.add(writePackage("main", name, text));
    return this;
  }

  PlantedHouse testPackage(String name, String text) throws IOException {
    writePackage("test", name, text);
    return this;
  }

  House built() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Path classes = Files.createDirectories(root.resolve("planted/target/classes"));
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, Locale.ROOT, UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  manager,
                  null,
                  List.of("-d", classes.toString(), "-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(main))
              .call();
      if (!compiled) {
        throw new IllegalStateException("the planted sources do not compile");
      }
    }
    return House.at(root);
  }

  private Path write(String tree, String name, String body) throws IOException {
    int dot = name.lastIndexOf('.');
    return Files.writeString(file(tree, name), "package " + name.substring(0, dot) + ";\n" + body);
  }

  private Path writePackage(String tree, String name, String text) throws IOException {
    return Files.writeString(
        file(tree, name + ".package-info"), text + "\npackage " + name + ";\n");
  }

  private Path file(String tree, String name) throws IOException {
    Path file = root.resolve("planted/src/%s/java/%s.java".formatted(tree, name.replace('.', '/')));
    Files.createDirectories(file.getParent());
    return file;
  }
}
