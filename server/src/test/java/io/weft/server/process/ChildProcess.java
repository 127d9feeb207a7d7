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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// A process a test has started: what it prints is kept, and it is ended by its own pid.
public final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final Thread reader;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private ChildProcess(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::readOutput);
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
  public String awaitLine(Predicate<String> wanted) throws InterruptedException {
    lock.lock();
    try {
      int seen = 0;
      while (true) {
        for (; seen < lines.size(); seen++) {
          if (wanted.test(lines.get(seen))) {
            return lines.get(seen);
          }
        }
        if (ended) {
          throw new IllegalStateException(
              "the process ended before it said so:\n" + String.join("\n", lines));
        }
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits for its end.
  ///
  /// @return its exit code
  public int awaitEnd() throws InterruptedException {
    int code = process.waitFor();
    reader.join();
    return code;
  }

  /// Waits for its end, and kills it if that has not come after so long.
  ///
  /// @return its exit code
  /// @throws IllegalStateException with all it printed, if it had to be killed
  public int awaitEnd(Duration timeout) throws InterruptedException {
    if (!process.waitFor(timeout)) {
      kill();
      throw new IllegalStateException(
          "the process did not end within " + timeout + ":\n" + output());
    }
    return awaitEnd();
  }

  /// Gives it all of its input.
  public ChildProcess feed(String input) {
    try (Writer writer = process.outputWriter(StandardCharsets.UTF_8)) {
      writer.write(input);
    } catch (IOException e) {
      add("(input not taken: " + e.getMessage() + ")");
    }
    return this;
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
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -%s %d ended with %d".formatted(name, pid(), code));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// kill -9.
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /// kill -15: asks it to end, and waits until it has.
  public int stop() throws InterruptedException {
    process.toHandle().destroy(); // The process's own closes its output, which is still wanted.
    return awaitEnd();
  }

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
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
