package io.weft.programs.languages;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.ChildProcess;
import io.weft.server.process.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A program in another language than Java, which asserts by itself and ends with 0 if all is well.
///
/// @param command the interpreter and the script
/// @param variables what its environment has besides
record Script(List<String> command, Map<String, String> variables) {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  static Script of(String interpreter, String file, Map<String, String> variables) {
    Path script = Repository.root().resolve("programs/src/test/resources/programs").resolve(file);
    return new Script(List.of(interpreter, script.toString()), variables);
  }

  /// Whether a command is there and ends with 0.
  static boolean works(Path folder, Map<String, String> variables, String... command)
      throws InterruptedException {
    if (!Files.isExecutable(Path.of(command[0]))) {
      return false;
    }
    try (ChildProcess process = ChildProcess.start(folder, List.of(command), variables)) {
      return process.awaitEnd(TIMEOUT) == 0;
    }
  }

  void run(Path folder, String... arguments) throws InterruptedException {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(arguments));
    try (ChildProcess process = ChildProcess.start(folder, all, variables)) {
      int code = process.awaitEnd(TIMEOUT);
      assertThat(code).as("%s said:%n%s", all, process.output()).isZero();
      assertThat(process.output()).contains("done: ");
    }
  }
}
