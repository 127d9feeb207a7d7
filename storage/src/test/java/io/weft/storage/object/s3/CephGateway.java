package io.weft.storage.object.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A real S3 server for tests: a one-node Ceph cluster with its gateway on loopback, started and
/// stopped by the project's script `bin/ceph-gateway`.
public final class CephGateway implements AutoCloseable {
  /// More than the script's own limits together.
  private static final Duration SCRIPT_MAX = Duration.ofMinutes(15);

  private static final String ENDED_WELL = "ended with 0";

  private final Path script;
  private final Path folder;
  private final S3Endpoint endpoint;
  private final Thread atExit = Thread.ofPlatform().unstarted(this::stopQuietly);

  private CephGateway(Path script, Path folder, S3Endpoint endpoint) {
    this.script = script;
    this.folder = folder;
    this.endpoint = endpoint;
    // A test run that is ended early must not leave a cluster behind.
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// Whether Ceph is installed on this machine.
  public static boolean isInstalled() {
    return Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)),
            Stream.of("/usr/bin"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "radosgw")));
  }

  /// Takes about 20 seconds. Everything is kept in a new folder below `target` of this module until
  /// it is closed.
  public static CephGateway start() throws IOException {
    Path script = script();
    Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
    Path folder = Files.createTempDirectory(target, "ceph");
    Map<String, String> said = new HashMap<>();
    try {
      for (String line : run(script, "start", folder).lines().toList()) {
        String[] parts = line.split("=", 2);
        said.put(parts[0], parts.length == 2 ? parts[1] : "");
      }
    } catch (IOException failure) {
      // What its log says is left to be read.
      run(script, "stop", folder);
      throw failure;
    }
    return new CephGateway(
        script,
        folder,
        new S3Endpoint(said.get("endpoint"), said.get("access_key"), said.get("secret_key")));
  }

  public S3Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public void close() throws IOException {
    stop();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void stop() throws IOException {
    run(script, "stop", folder);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void stopQuietly() {
    try {
      stop();
    } catch (IOException failure) {
      // The process ends; its folder still names the processes to end.
    }
  }

  /// The script keeps its own time limits; this one holds if they do not.
  private static String run(Path script, String command, Path folder) throws IOException {
    // To a file: a pipe would be at its end only when all that the script has started is.
    Path said = folder.resolveSibling(folder.getFileName() + "." + command + ".out");
    try {
      Process process =
          new ProcessBuilder(List.of(script.toString(), command, folder.toString()))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      String ended = "%s %s %s".formatted(script, command, awaitEnd(process));
      String output = Files.readString(said);
      if (!ended.endsWith(ENDED_WELL)) {
        throw new IOException(ended + ": " + output.strip());
      }
      return output;
    } finally {
      Files.deleteIfExists(said);
    }
  }

  /// How it ended, by itself or killed.
  private static String awaitEnd(Process process) {
    try {
      if (process.waitFor(SCRIPT_MAX)) {
        return "ended with " + process.exitValue();
      }
      return "has not ended within %s and was killed".formatted(SCRIPT_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "was killed, since the test was interrupted";
    } finally {
      process.destroyForcibly();
    }
  }

  /// Tests run in their module's folder; the script lies in the project's.
  private static Path script() throws IOException {
    for (Path path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
      Path script = path.resolve("bin/ceph-gateway");
      if (Files.isExecutable(script)) {
        return script;
      }
    }
    throw new IOException("no bin/ceph-gateway above " + Path.of("").toAbsolutePath());
  }
}
