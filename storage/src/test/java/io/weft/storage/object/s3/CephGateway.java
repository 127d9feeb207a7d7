package io.weft.storage.object.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A real S3 server for tests: a one-node Ceph cluster with its gateway on loopback, started and
/// stopped by the project's script `bin/ceph-gateway`.
public final class CephGateway implements AutoCloseable {
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
    run(script, "stop", folder);
    Runtime.getRuntime().removeShutdownHook(atExit);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void stopQuietly() {
    try {
      run(script, "stop", folder);
    } catch (IOException failure) {
      // The process ends; its folder still names the processes to end.
    }
  }

  /// The script keeps its own time limits, and what it starts does not hold its output open.
  private static String run(Path script, String command, Path folder) throws IOException {
    Process process =
        new ProcessBuilder(List.of(script.toString(), command, folder.toString()))
            .redirectErrorStream(true)
            .start();
    String output;
    try (InputStream stream = process.getInputStream()) {
      output = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    int status = process.onExit().join().exitValue();
    if (status != 0) {
      throw new IOException(
          "%s %s ended with %d: %s".formatted(script, command, status, output.strip()));
    }
    return output;
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
