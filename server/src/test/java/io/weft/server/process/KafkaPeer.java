package io.weft.server.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A real Apache Kafka broker on loopback, and Kafka's own command-line tools, from Maven's jars.
public final class KafkaPeer implements AutoCloseable {
  private static final int STARTS_MAX = 5;
  private static final List<String> QUICK_START =
      List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
  private static final Duration TOOL_TIMEOUT = Duration.ofMinutes(3);

  private final ChildProcess process;
  private final int port;

  private KafkaPeer(ChildProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts a broker with an empty log.
  ///
  /// @param extra more lines of server.properties
  public static KafkaPeer start(Path directory, List<String> extra) throws InterruptedException {
    IllegalStateException last = null;
    for (int attempt = 0; attempt < STARTS_MAX; attempt++) {
      try {
        return startOnce(directory.resolve("kafka-" + attempt), extra);
      } catch (ChildProcess.TooLongException e) {
        throw e;
      } catch (IllegalStateException e) {
        last = e; // Somebody else took one of the ports that were free a moment ago.
      }
    }
    throw last;
  }

  private static KafkaPeer startOnce(Path directory, List<String> extra)
      throws InterruptedException {
    int port = Ports.free();
    Path settings = writeSettings(directory, port, Ports.free(), extra);
    run(
        directory,
        "kafka.tools.StorageTool",
        List.of(
            "format", "--standalone", "-t", "uQ5T3jFJQyKvAkyPQ7ipAA", "-c", settings.toString()));
    List<String> command = new ArrayList<>(List.of(ChildProcess.java(), "-Xmx1g"));
    command.addAll(classPath(directory));
    command.addAll(List.of("kafka.Kafka", settings.toString()));
    ChildProcess process = ChildProcess.start(directory, command);
    process.awaitLine("that it has started", line -> line.contains("Kafka Server started"));
    return new KafkaPeer(process, port);
  }

  private static Path writeSettings(
      Path directory, int port, int controllerPort, List<String> extra) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.bootstrap.servers=127.0.0.1:" + controllerPort,
                "controller.listener.names=CONTROLLER",
                "listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                    .formatted(port, controllerPort),
                "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs=" + directory.resolve("log"),
                "offsets.topic.replication.factor=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1"));
    lines.addAll(extra);
    try {
      Files.createDirectories(directory);
      return Files.write(directory.resolve("server.properties"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  /// Sends the broker a signal, such as STOP.
  public void signal(String name) throws InterruptedException {
    process.signal(name);
  }

  /// Runs one of Kafka's tools to its end.
  ///
  /// @return what it printed
  /// @throws IllegalStateException with that, if its exit code is not 0 or it takes too long
  public static String run(Path directory, String mainClass, List<String> arguments)
      throws InterruptedException {
    return run(directory, mainClass, arguments, "");
  }

  /// As [#run(Path, String, List)], with something to read.
  public static String run(Path directory, String mainClass, List<String> arguments, String input)
      throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(ChildProcess.java()));
    command.addAll(QUICK_START);
    command.addAll(classPath(directory));
    command.add(mainClass);
    command.addAll(arguments);
    try (ChildProcess tool = ChildProcess.start(directory, command)) {
      int code = tool.feed(input).awaitEnd(TOOL_TIMEOUT);
      if (code != 0) {
        throw new IllegalStateException(mainClass + " ended with " + code + ":\n" + tool.output());
      }
      return tool.output();
    }
  }

  /// Starts a program with Kafka's jars, Streams and Connect among them, and waits for nothing.
  ///
  /// @param classes folders with classes of its own
  public static ChildProcess launch(
      Path directory, List<Path> classes, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(ChildProcess.java()));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(QUICK_START);
    command.addAll(classPath(directory, classes));
    command.add(mainClass);
    command.addAll(arguments);
    return ChildProcess.start(directory, command);
  }

  private static List<String> classPath(Path directory) {
    return classPath(directory, List.of());
  }

  private static List<String> classPath(Path directory, List<Path> classes) {
    writeLogSettings(directory);
    StringBuilder path = new StringBuilder();
    classes.forEach(folder -> path.append(folder).append(File.pathSeparator));
    path.append(Repository.root().resolve("kafka-peer/target/libs")).append("/*");
    return List.of(
        "-Dlog4j2.configurationFile=" + directory.resolve("log4j2.properties"),
        "-cp",
        path.toString());
  }

  private static void writeLogSettings(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.writeString(
          directory.resolve("log4j2.properties"),
          """
          appender.out.type=Console
          appender.out.name=STDOUT
          appender.out.layout.type=PatternLayout
          appender.out.layout.pattern=[%d] %p %m (%c)%n
          rootLogger.level=WARN
          rootLogger.appenderRef.out.ref=STDOUT
          logger.server.name=kafka.server.KafkaRaftServer
          logger.server.level=INFO
          logger.rest.name=org.apache.kafka.connect.runtime.rest.RestServer
          logger.rest.level=INFO
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
