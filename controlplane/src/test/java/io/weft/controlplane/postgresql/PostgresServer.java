package io.weft.controlplane.postgresql;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A PostgreSQL server of a test's own: in a new folder, on a free port, ended by its pid. As root
/// it runs as the user `postgres`, since PostgreSQL refuses root.
public final class PostgresServer implements AutoCloseable {
  public static final String PASSWORD = "of-a-test-only";

  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final long START_MS_MAX = 120_000;
  private static final long END_S_MAX = 60;
  private static final long PAUSE_MS = 20;

  private final Path bin;
  private final Path folder;
  private final int port;
  private final List<String> settings;
  private Process server;

  private PostgresServer(Path bin, Path folder, int port, List<String> settings) {
    this.bin = bin;
    this.folder = folder;
    this.port = port;
    this.settings = settings;
  }

  /// Starts one; the test that asks is skipped where PostgreSQL is not installed.
  ///
  /// @param settings as `name=value`, besides the usual
  public static PostgresServer start(String... settings) throws Exception {
    List<Path> versions = new ArrayList<>();
    if (Files.isDirectory(INSTALLED)) {
      try (Stream<Path> found = Files.list(INSTALLED)) {
        found
            .map(each -> each.resolve("bin"))
            .filter(PostgresServer::isWhole)
            .forEach(versions::add);
      }
    }
    assumeThat(versions)
        .as("PostgreSQL is not installed: bin/install-test-servers does that")
        .isNotEmpty();
    versions.sort(Comparator.naturalOrder());
    Path folder = Files.createTempDirectory("weft-postgresql-");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    PostgresServer started =
        new PostgresServer(versions.getLast(), folder, port, List.of(settings));
    started.makeFolder();
    started.begin();
    return started;
  }

  private static boolean isWhole(Path bin) {
    return Files.isExecutable(bin.resolve("initdb")) && Files.isExecutable(bin.resolve("postgres"));
  }

  private void makeFolder() throws Exception {
    Path secret = passwordFile();
    Files.writeString(secret, PASSWORD);
    if (isRoot()) {
      end(new ProcessBuilder("chown", "-R", "postgres", folder.toString()), "chown");
    }
    end(
        asUser(
            List.of(
                bin.resolve("initdb").toString(),
                "-D",
                data(),
                "-U",
                "weft",
                "-A",
                "scram-sha-256",
                "--pwfile=" + secret,
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync")),
        "initdb");
  }

  private void end(ProcessBuilder builder, String name) throws Exception {
    Process process = builder.start();
    if (!process.waitFor(START_MS_MAX, TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(name + " has failed:\n" + log());
    }
  }

  /// Starts it (again), and waits until it takes connections.
  public void begin() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MS_MAX);
    launch();
    while (!answers()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("PostgreSQL does not start:\n" + log());
      }
      if (!server.isAlive()) {
        // What a killed one has left needs a moment to go.
        launch();
      }
      Thread.sleep(PAUSE_MS);
    }
  }

  private void launch() throws IOException {
    List<String> command =
        new ArrayList<>(List.of(bin.resolve("postgres").toString(), "-D", data()));
    List<String> all = new ArrayList<>(settings);
    all.addAll(
        List.of("listen_addresses=127.0.0.1", "port=" + port, "unix_socket_directories=" + folder));
    all.forEach(each -> command.addAll(List.of("-c", each)));
    server = asUser(command).start();
  }

  private boolean answers() throws Exception {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
    } catch (IOException e) {
      return false;
    }
    Process ready =
        new ProcessBuilder(
                bin.resolve("pg_isready").toString(), "-q", "-h", "127.0.0.1", "-p", "" + port)
            .start();
    return ready.waitFor() == 0;
  }

  /// Ends it as a crash does.
  public void kill() throws InterruptedException {
    signal("KILL");
  }

  /// Ends it in order, and cuts its clients off.
  public void stop() throws InterruptedException {
    signal("INT");
  }

  private void signal(String name) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-" + name, "" + server.pid()).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    if (!server.waitFor(END_S_MAX, TimeUnit.SECONDS)) {
      server.destroyForcibly();
      throw new IllegalStateException("PostgreSQL does not end:\n" + log());
    }
  }

  public int port() {
    return port;
  }

  public Path passwordFile() {
    return folder.resolve("password");
  }

  public String url(String cluster) {
    return url(port, cluster);
  }

  /// The same, through another port.
  public String url(int through, String cluster) {
    return "postgresql://127.0.0.1:%d/postgres?user=weft&cluster=%s&passwordFile=%s"
        .formatted(through, cluster, passwordFile());
  }

  private ProcessBuilder asUser(List<String> command) {
    List<String> whole = new ArrayList<>();
    if (isRoot()) {
      // Takes this process's place, so that the pid is the server's.
      whole.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    }
    whole.addAll(command);
    return new ProcessBuilder(whole)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws IOException {
    if (server != null && server.isAlive()) {
      try {
        stop();
      } catch (InterruptedException e) {
        server.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
