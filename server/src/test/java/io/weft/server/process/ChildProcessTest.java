package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No test waits for a process without a limit, and no process outlives the tests.
class ChildProcessTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String DEAF = "trap '' TERM; echo deaf; while :; do sleep 1; done";
  private static final String PARENT_SAYS = "my child is ";

  @TempDir Path folder;

  @Test
  void oneThatDoesNotSayWhatIsAwaitedIsKilledAndShown() throws Exception {
    try (ChildProcess process = sh("echo something else; exec sleep 600")) {
      process.awaitLine(line -> line.equals("something else"));

      assertThatThrownBy(
              () -> process.awaitLine("that it is ready", line -> line.contains("ready"), SHORT))
          .isInstanceOf(ChildProcess.TooLongException.class)
          .hasMessageContaining("it has not said that it is ready within PT0.3S")
          .hasMessageContaining("something else");
      assertThat(process.isAlive()).isFalse();
    }
  }

  @Test
  void whatAJvmsThreadsDoIsShownToo() throws Exception {
    try (ChildProcess process = parent()) {
      process.awaitLine(line -> line.startsWith(PARENT_SAYS));

      assertThatThrownBy(() -> process.awaitEnd(SHORT))
          .isInstanceOf(ChildProcess.TooLongException.class)
          .hasMessageContaining("it has not ended within PT0.3S")
          .hasMessageContaining("at io.weft.server.process.ChildProcessTest$Parent.main");
    }
  }

  @Test
  void oneThatDoesNotEndWhenItIsAskedToIsKilled() throws Exception {
    try (ChildProcess process = sh(DEAF)) {
      process.awaitLine(line -> line.equals("deaf"));

      assertThatThrownBy(() -> process.stop(SHORT))
          .isInstanceOf(ChildProcess.TooLongException.class)
          .hasMessageContaining("it was asked to end (SIGTERM) and has not within PT0.3S");
      assertThat(process.isAlive()).isFalse();
    }
  }

  @Test
  void oneThatEndsFirstIsShown() {
    try (ChildProcess process = sh("echo bye")) {
      assertThatThrownBy(() -> process.awaitLine("that it is ready", line -> line.equals("ready")))
          .hasMessageContaining("the process ended and has not said that it is ready")
          .hasMessageContaining("bye");
    }
  }

  @Test
  void oneThatClosesItsOutputFirstIsGivenTheTimeToEnd() {
    try (ChildProcess process = sh("echo bye; exec >/dev/null 2>&1; sleep 0.5")) {
      assertThatThrownBy(() -> process.awaitLine("that it is ready", line -> line.equals("ready")))
          .hasMessageContaining("the process ended and has not said that it is ready")
          .hasMessageContaining("bye");
    }
  }

  @Test
  void inputThatNobodyTakesKeepsNobodyWaiting() {
    try (ChildProcess process = sh("exec sleep 600")) {
      assertThatThrownBy(() -> process.feed("much ".repeat(100_000)).awaitEnd(SHORT))
          .isInstanceOf(ChildProcess.TooLongException.class);
    }
  }

  @Test
  void noneOutlivesTheJvmThatStartedIt() throws Exception {
    try (ChildProcess parent = parent()) {
      String said = parent.awaitLine(line -> line.startsWith(PARENT_SAYS));
      Optional<ProcessHandle> child =
          ProcessHandle.of(Long.parseLong(said.substring(PARENT_SAYS.length())));

      int _ = parent.stop();

      if (child.isPresent()) {
        var _ = child.get().onExit().get(ChildProcess.END_MAX.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  private ChildProcess sh(String script) {
    return ChildProcess.start(folder, List.of("sh", "-c", script));
  }

  private ChildProcess parent() {
    return ChildProcess.start(
        folder,
        List.of(
            ChildProcess.java(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            Parent.class.getName()));
  }

  /// Starts a child and waits for its end.
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws InterruptedException {
      ChildProcess child = ChildProcess.start(Path.of("."), List.of("sleep", "600"));
      System.out.println(PARENT_SAYS + child.pid());
      child.awaitEnd(ChildProcess.START_MAX);
    }
  }
}
