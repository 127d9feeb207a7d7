package io.weft.controlplane.postgresql;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/// A PostgreSQL server of a test's own: in a new folder, on a free port that it keeps, ended by its
/// pid. As root it runs as the user `postgres`, since PostgreSQL refuses root.
public final class PostgresServer implements AutoCloseable {
  public static final String PASSWORD = "of-a-test-only";

  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final long START_MS_MAX = 120_000;
  private static final long END_S_MAX = 60;
  private static final long PAUSE_MS = 20;

  /// What its log says where somebody else has the port.
  private static final String PORT_IS_TAKEN = "Address already in use";

  /// Lines of `postmaster.pid`, which a server alone writes.
  private static final int PID_LINE = 0;

  private static final int STATUS_LINE = 7;

  private final Path bin;
  private final Path folder;
  private final List<String> settings;
  private final Thread atExit = Thread.ofPlatform().unstarted(this::destroy);
  private int port;
  private boolean hasBegun;
  private volatile Process server;

  private PostgresServer(Path bin, Path folder, List<String> settings) {
    this.bin = bin;
    this.folder = folder;
    this.settings = settings;
    // A test run that is ended early must not leave a server behind.
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// Starts one; the test that asks is skipped where PostgreSQL is not installed, or cannot run.
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
    PostgresServer started = new PostgresServer(versions.getLast(), folder, List.of(settings));
    try {
      started.makeFolder();
      started.begin();
      return started;
    } catch (Exception | Error e) {
      started.close();
      throw e;
    }
  }

  private static boolean isWhole(Path bin) {
    return Files.isExecutable(bin.resolve("initdb")) && Files.isExecutable(bin.resolve("postgres"));
  }

  private void makeFolder() throws Exception {
    Path secret = passwordFile();
    Files.writeString(secret, PASSWORD);
    if (isRoot()) {
      require(
          new ProcessBuilder("chown", "-R", "postgres", folder.toString()),
          "there is no user postgres, as whom it has to run");
      require(
          asUser(List.of("test", "-w", folder.toString())),
          "it cannot run as the user postgres in " + folder);
      require(
          asUser(List.of("test", "-x", bin.resolve("postgres").toString())),
          "the user postgres cannot run what is in " + bin);
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
    if (!endsWell(builder)) {
      throw new IllegalStateException(name + " has failed:\n" + log());
    }
  }

  /// Skips the test where this machine does not let it.
  private static void require(ProcessBuilder builder, String otherwise) throws Exception {
    boolean done;
    try {
      done = endsWell(builder);
    } catch (IOException e) {
      throw new TestAbortedException("PostgreSQL is not tested: " + otherwise, e);
    }
    assumeThat(done).as("PostgreSQL is not tested: " + otherwise).isTrue();
  }

  private static boolean endsWell(ProcessBuilder builder) throws Exception {
    Process process = builder.start();
    boolean ended = process.waitFor(START_MS_MAX, TimeUnit.MILLISECONDS);
    process.destroyForcibly();
    return ended && process.exitValue() == 0;
  }

  /// Starts it (again), and waits until it takes connections.
  public void begin() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MS_MAX);
    launch();
    while (!isReady()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("PostgreSQL does not start:\n" + log());
      }
      if (!server.isAlive()) {
        if (!hasBegun && !log().contains(PORT_IS_TAKEN)) {
          throw new IllegalStateException("PostgreSQL has ended at its start:\n" + log());
        }
        // Another port, or the same: what a killed one has left needs a moment to go.
        launch();
      }
      Thread.sleep(PAUSE_MS);
    }
    hasBegun = true;
  }

  private void launch() throws IOException {
    if (!hasBegun) {
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
    }
    List<String> command =
        new ArrayList<>(List.of(bin.resolve("postgres").toString(), "-D", data()));
    List<String> all = new ArrayList<>(settings);
    // No socket in the file system: its path may be too long for one.
    all.addAll(List.of("listen_addresses=127.0.0.1", "port=" + port, "unix_socket_directories="));
    all.forEach(each -> command.addAll(List.of("-c", each)));
    server = asUser(command).start();
  }

  /// Whether it takes connections: it, and not another server at its port.
  private boolean isReady() throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of(data(), "postmaster.pid"));
    } catch (NoSuchFileException e) {
      return false;
    }
    return lines.size() > STATUS_LINE
        && lines.get(PID_LINE).equals("" + server.pid())
        && lines.get(STATUS_LINE).strip().equals("ready")
        && server.isAlive();
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

  private void destroy() {
    Process last = server;
    if (last != null) {
      last.destroyForcibly();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (server != null && server.isAlive()) {
        stop();
      }
    } catch (InterruptedException e) {
      destroy();
      Thread.currentThread().interrupt();
    } finally {
      Runtime.getRuntime().removeShutdownHook(atExit);
      deleteFolder();
    }
  }

  private void deleteFolder() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
