import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Checks (`check`) or mends (`mend`) the format of every Java source below a folder, in one run of
/// google-java-format. Maven's `verify` starts it, `bin/format` too.
final class SourceFormat {
  private static final Set<String> SKIPPED = Set.of("target", ".git", ".idea");

  private SourceFormat() {}

  public static void main(String[] arguments) throws Exception {
    boolean mend = arguments[0].equals("mend");
    List<String> command =
        new ArrayList<>(mend ? List.of("-i") : List.of("--dry-run", "--set-exit-if-changed"));
    command.addAll(sources(Path.of(arguments[1])));
    PrintWriter out = new PrintWriter(System.out, true);
    int status = new Main(out, out, System.in).format(command.toArray(String[]::new));
    out.flush();
    if (status != 0 && !mend) {
      System.out.println("These files are not formatted as they should be: run bin/format.");
    }
    System.exit(status);
  }

  private static List<String> sources(Path root) throws IOException {
    List<String> sources = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return SKIPPED.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              sources.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    sources.sort(null);
    return sources;
  }
}
