package io.weft.server.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// A process a test has started: what it prints is kept, and it is ended by its own pid, at the
/// latest when this JVM is asked to end. Every wait has a limit: one that passes it kills the
/// process and says what it printed. Thread-safe.
public final class ChildProcess implements AutoCloseable {
  /// For all that a start does, on a machine that is several times as slow as usual.
  public static final Duration START_MAX = Duration.ofMinutes(5);

  /// For a process that is to end by itself.
  public static final Duration END_MAX = Duration.ofMinutes(3);

  /// For a process that was asked to end.
  public static final Duration STOP_MAX = Duration.ofMinutes(1);

  /// For one HTTP answer of a process, or anything else that it does at once.
  public static final Duration ANSWER_MAX = Duration.ofMinutes(1);

  /// For the operating system: to end what is killed, to run `kill`.
  private static final Duration SYSTEM_MAX = Duration.ofMinutes(1);

  /// For a JVM to print what its threads do.
  private static final Duration THREADS_MAX = Duration.ofSeconds(30);

  /// The last line of what a JVM prints of its threads.
  private static final String THREADS_END = "JNI global refs";

  /// Those that may be alive.
  private static final Set<ChildProcess> LIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("end-children")
                .unstarted(() -> LIVE.forEach(ChildProcess::close)));
  }

  /// What a test waited for has not come within its limit. Says all that the process printed.
  public static final class TooLongException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    TooLongException(String message) {
      super(message);
    }
  }

  private final Process process;
  private final Thread reader;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> lines = new ArrayList<>();
  private boolean outputOver;

  private ChildProcess(Process process) {
    this.process = process;
    LIVE.add(this);
    // Not virtual: a read from a pipe holds on to the thread that carries it.
    this.reader = Thread.ofPlatform().daemon().name("output-of-" + pid()).start(this::readOutput);
  }

  /// Starts it with its errors among its output.
  public static ChildProcess start(Path directory, List<String> command) {
    return start(directory, command, Map.of());
  }

  /// @param variables what its environment has besides this process's
  public static ChildProcess start(
      Path directory, List<String> command, Map<String, String> variables) {
    try {
      Files.createDirectories(directory);
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
      builder.environment().putAll(variables);
      return new ChildProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The java of the JDK that runs the tests.
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  public long pid() {
    return process.pid();
  }

  /// Waits for a line of its output that has been or will be printed.
  ///
  /// @throws IllegalStateException with all it printed, if it ends before
  /// @throws TooLongException if that takes longer than [#START_MAX]
  /// @throws InterruptedException having killed it, too
  public String awaitLine(Predicate<String> wanted) throws InterruptedException {
    return awaitLine("the line that is waited for", wanted);
  }

  /// As [#awaitLine(Predicate)].
  ///
  /// @param what is said, for a failure
  public String awaitLine(String what, Predicate<String> wanted) throws InterruptedException {
    return awaitLine(what, wanted, START_MAX);
  }

  String awaitLine(String what, Predicate<String> wanted, Duration limit)
      throws InterruptedException {
    Optional<String> found;
    try {
      found = findLine(wanted, limit);
    } catch (InterruptedException e) {
      close(); // Nobody may have it in hand yet, to end it.
      throw e;
    }
    if (found.isPresent()) {
      return found.get();
    }
    if (!hasEnded()) {
      throw tooLong("it has not said " + what, limit);
    }
    throw new IllegalStateException(
        "the process ended and has not said %s:%n%s".formatted(what, output()));
  }

  /// What ends closes its output first, and is alive for a moment more.
  private boolean hasEnded() throws InterruptedException {
    return isOutputOver() && process.waitFor(SYSTEM_MAX);
  }

  private boolean isOutputOver() {
    lock.lock();
    try {
      return outputOver;
    } finally {
      lock.unlock();
    }
  }

  /// Empty if its output ends without, or goes on without for so long.
  private Optional<String> findLine(Predicate<String> wanted, Duration limit)
      throws InterruptedException {
    long leftNs = limit.toNanos();
    lock.lock();
    try {
      int seen = 0;
      while (true) {
        for (; seen < lines.size(); seen++) {
          if (wanted.test(lines.get(seen))) {
            return Optional.of(lines.get(seen));
          }
        }
        if (outputOver || leftNs <= 0) {
          return Optional.empty();
        }
        leftNs = changed.awaitNanos(leftNs);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits for its end, for up to [#END_MAX].
  ///
  /// @return its exit code
  /// @throws TooLongException if it had to be killed
  public int awaitEnd() throws InterruptedException {
    return awaitEnd(END_MAX);
  }

  /// Waits for its end, and kills it if that has not come after so long.
  ///
  /// @return its exit code
  /// @throws TooLongException if it had to be killed
  public int awaitEnd(Duration limit) throws InterruptedException {
    return awaitEnd("it has not ended", limit);
  }

  private int awaitEnd(String what, Duration limit) throws InterruptedException {
    if (!process.waitFor(limit)) {
      throw tooLong(what, limit);
    }
    if (!reader.join(SYSTEM_MAX)) {
      throw new TooLongException(
          "the process has ended, but another one holds its output open:\n" + output());
    }
    return process.exitValue();
  }

  /// Kills it, having asked it what its threads do, in case it is a JVM.
  private TooLongException tooLong(String what, Duration limit) throws InterruptedException {
    int _ = trySignal("QUIT"); // It may have ended just now.
    Optional<String> _ = findLine(line -> line.startsWith(THREADS_END), THREADS_MAX);
    kill();
    return new TooLongException(
        "%s within %s, so the process was killed:%n%s".formatted(what, limit, output()));
  }

  /// Gives it all of its input, however slowly it takes it: this does not wait.
  public ChildProcess feed(String input) {
    Thread.ofPlatform().daemon().name("input-of-" + pid()).start(() -> write(input));
    return this;
  }

  private void write(String input) {
    try (Writer writer = process.outputWriter(StandardCharsets.UTF_8)) {
      writer.write(input);
    } catch (IOException e) {
      add("(input not taken: " + e.getMessage() + ")");
    }
  }

  public String output() {
    lock.lock();
    try {
      return String.join("\n", lines);
    } finally {
      lock.unlock();
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// Sends it a signal, such as STOP.
  public void signal(String name) throws InterruptedException {
    int code = trySignal(name);
    if (code != 0) {
      throw new IllegalStateException("kill -%s %d ended with %d".formatted(name, pid(), code));
    }
  }

  private int trySignal(String name) throws InterruptedException {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start();
      if (!kill.waitFor(SYSTEM_MAX)) {
        kill.destroyForcibly();
        throw new TooLongException(
            "kill -%s %d has not ended within %s".formatted(name, pid(), SYSTEM_MAX));
      }
      return kill.exitValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// kill -9.
  ///
  /// @throws TooLongException if it lives on
  public void kill() throws InterruptedException {
    close();
    if (!process.waitFor(SYSTEM_MAX)) {
      throw new TooLongException(
          "process %d lives on %s after kill -9:%n%s".formatted(pid(), SYSTEM_MAX, output()));
    }
  }

  /// kill -15: asks it to end, and waits until it has, for up to [#STOP_MAX].
  ///
  /// @return its exit code
  /// @throws TooLongException if it had to be killed
  public int stop() throws InterruptedException {
    return stop(STOP_MAX);
  }

  int stop(Duration limit) throws InterruptedException {
    process.toHandle().destroy(); // The process's own closes its output, which is still wanted.
    return awaitEnd("it was asked to end (SIGTERM) and has not", limit);
  }

  /// Kills it and waits for nothing.
  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void readOutput() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("(output lost: " + e.getMessage() + ")");
    } finally {
      end();
    }
    forgetOnceEnded();
  }

  /// It may have closed its output and live on.
  private void forgetOnceEnded() {
    try {
      process.waitFor();
      LIVE.remove(this);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void add(String line) {
    lock.lock();
    try {
      lines.add(line);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      outputOver = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
