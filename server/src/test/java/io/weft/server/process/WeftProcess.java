package io.weft.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A `weft` process of its own, as an operator runs it, from the classes under test.
public final class WeftProcess implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("Weft is ready: (?:bootstrap\\.servers|control\\.plane)=(\\S+)");

  private static final String METRICS_AT = "Metrics are at ";

  /// The tests of other modules, whose classes are on the path too, say in theirs to log less.
  private static final String LOGS_AS_THE_PROGRAM = "-Dlogback.configurationFile=logback.xml";

  /// A test's process lives for seconds: what is compiled once more would cost more than it gives.
  private static final String COMPILES_LITTLE = "-XX:TieredStopAtLevel=1";

  private final ChildProcess process;
  private final String address;

  private WeftProcess(ChildProcess process, String address) {
    this.process = process;
    this.address = address;
  }

  /// Starts `weft` with these arguments and waits until it says that it is ready.
  public static WeftProcess start(Path directory, List<String> arguments)
      throws InterruptedException {
    return start(directory, List.of("-Xmx512m"), arguments);
  }

  public static WeftProcess start(Path directory, List<String> jvmOptions, List<String> arguments)
      throws InterruptedException {
    return ready(launch(directory, jvmOptions, arguments));
  }

  /// Waits until a process that was launched says that it is ready. One that does not is killed.
  ///
  /// @throws IllegalStateException with all it printed, if it ends before or if that takes longer
  ///   than [ChildProcess#START_MAX]
  public static WeftProcess ready(ChildProcess process) throws InterruptedException {
    String line = process.awaitLine("that it is ready", printed -> READY.matcher(printed).find());
    Matcher ready = READY.matcher(line);
    if (!ready.find()) {
      throw new IllegalStateException(line);
    }
    return new WeftProcess(process, ready.group(1));
  }

  /// Starts it and waits for nothing.
  public static ChildProcess launch(
      Path directory, List<String> jvmOptions, List<String> arguments) {
    return launch(directory, jvmOptions, arguments, Map.of());
  }

  public static ChildProcess launch(
      Path directory,
      List<String> jvmOptions,
      List<String> arguments,
      Map<String, String> variables) {
    List<String> command = new ArrayList<>();
    command.add(ChildProcess.java());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add(LOGS_AS_THE_PROGRAM);
    command.add(COMPILES_LITTLE);
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("io.weft.server.command.WeftCommand");
    command.addAll(arguments);
    return ChildProcess.start(directory, command, variables);
  }

  /// Everything in one process, on a free port, with its data in the directory.
  public static WeftProcess dev(Path directory, String... more) throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("dev", "--port", "0"));
    arguments.addAll(List.of(more));
    return start(directory, arguments);
  }

  /// A control plane of its own, on a free port, with its journal in the folder.
  public static WeftProcess controlPlane(Path folder, String... jvmOptions)
      throws InterruptedException {
    return start(
        folder.resolve("control-plane"),
        List.of(jvmOptions),
        List.of(
            "control-plane",
            "--listen",
            "127.0.0.1:0",
            "--journal",
            "file:" + folder.resolve("journal")));
  }

  /// Has the journal in the folder begun by the release before levels.
  public static void foundBefore(Path folder) throws InterruptedException {
    try (WeftProcess founder =
        start(
            folder.resolve("founder"),
            List.of(),
            List.of(
                "control-plane",
                "--listen",
                "127.0.0.1:0",
                "--journal",
                "file:" + folder.resolve("journal"),
                "--format-level",
                "1"))) {
      int _ = founder.process().stop();
    }
  }

  /// An agent of this control plane, on a free port, whose files are in the folder, with those of
  /// others.
  ///
  /// @param name of the folder in there that it runs in
  public static WeftProcess agent(
      Path folder, String name, WeftProcess controlPlane, String... jvmOptions)
      throws InterruptedException {
    return agent(folder, name, controlPlane.address(), List.of(jvmOptions), List.of());
  }

  /// As [#agent(Path, String, WeftProcess, String...)].
  ///
  /// @param controlPlanes addresses
  /// @param more arguments
  public static WeftProcess agent(
      Path folder, String name, String controlPlanes, List<String> jvmOptions, List<String> more)
      throws InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "agent",
                "--listen",
                "127.0.0.1:0",
                "--control-plane",
                controlPlanes,
                "--bucket",
                "file:" + folder.resolve("records")));
    arguments.addAll(more);
    return start(folder.resolve(name), jvmOptions, arguments);
  }

  /// Where it listens: bootstrap servers, or the control plane's address.
  public String address() {
    return address;
  }

  public int port() {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /// What one of its metrics says now, summed over its labels.
  ///
  /// @throws IllegalStateException if it shows no such metric
  public double metric(String name) throws InterruptedException {
    Matcher values =
        Pattern.compile("(?m)^" + name + "(?:\\{[^}]*})? (\\S+)$")
            .matcher(page(process, "/metrics").body());
    double sum = 0;
    int count = 0;
    while (values.find()) {
      sum += Double.parseDouble(values.group(1));
      count++;
    }
    if (count == 0) {
      throw new IllegalStateException("no metric " + name);
    }
    return sum;
  }

  /// What a process that was launched answers over HTTP.
  ///
  /// @param path of the page, such as `/metrics`
  public static HttpResponse<String> page(ChildProcess weft, String path)
      throws InterruptedException {
    String line = weft.awaitLine(printed -> printed.startsWith(METRICS_AT));
    URI uri = URI.create(line.substring(METRICS_AT.length()).replace("/metrics", path));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri).timeout(ChildProcess.ANSWER_MAX).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ChildProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }
}
