package io.weft.programs.connect;

import io.weft.programs.Eventually;
import io.weft.server.process.ChildProcess;
import io.weft.server.process.KafkaPeer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A worker of Kafka Connect in distributed mode: all it knows is in three topics of the target.
final class ConnectWorker implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("REST server listening at (http://[^/]+)/");

  private static final int REBALANCING = 409;

  private final ChildProcess process;
  private final URI address;
  private final HttpClient http = HttpClient.newHttpClient();

  private ConnectWorker(ChildProcess process, URI address) {
    this.process = process;
    this.address = address;
  }

  /// Starts a worker and waits until its REST server listens.
  static ConnectWorker start(Path folder, String bootstrapServer)
      throws IOException, InterruptedException {
    Path settings = folder.resolve("connect.properties");
    Files.write(settings, settings(bootstrapServer));
    ChildProcess process =
        KafkaPeer.launch(
            folder,
            List.of(),
            "org.apache.kafka.connect.cli.ConnectDistributed",
            List.of(settings.toString()));
    Matcher listening =
        LISTENING.matcher(process.awaitLine(line -> LISTENING.matcher(line).find()));
    if (!listening.find()) {
      throw new IllegalStateException(process.output());
    }
    process.awaitLine(line -> line.contains("ready to handle requests"));
    return new ConnectWorker(process, URI.create(listening.group(1)));
  }

  private static List<String> settings(String bootstrapServer) {
    return List.of(
        "bootstrap.servers=" + bootstrapServer,
        "group.id=connect",
        "listeners=http://127.0.0.1:0",
        "config.storage.topic=connect-configs",
        "offset.storage.topic=connect-offsets",
        "status.storage.topic=connect-status",
        "config.storage.replication.factor=1",
        "offset.storage.replication.factor=1",
        "status.storage.replication.factor=1",
        "offset.storage.partitions=3",
        "status.storage.partitions=2",
        "key.converter=org.apache.kafka.connect.storage.StringConverter",
        "value.converter=org.apache.kafka.connect.storage.StringConverter",
        "exactly.once.source.support=enabled",
        "offset.flush.interval.ms=500",
        "scheduled.rebalance.max.delay.ms=0",
        "session.timeout.ms=6000",
        "heartbeat.interval.ms=1000",
        "consumer.session.timeout.ms=6000",
        "consumer.heartbeat.interval.ms=1000",
        "producer.transaction.timeout.ms=10000");
  }

  /// Makes a connector, or changes its settings.
  ///
  /// @param settings as JSON
  void configure(String connector, String settings) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve("/connectors/" + connector + "/config"))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(settings));
    Eventually.await(
        "the worker takes " + settings,
        Duration.ofMinutes(2),
        () -> {
          HttpResponse<String> answer = ask(request);
          if (answer.statusCode() != REBALANCING && answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(
                "%d %s%n%s".formatted(answer.statusCode(), answer.body(), output()));
          }
          return answer.statusCode() != REBALANCING;
        });
  }

  /// Whether the connector and one task of it run. False too while the worker cannot say.
  boolean isRunning(String connector) throws IOException, InterruptedException {
    String status =
        ask(HttpRequest.newBuilder(address.resolve("/connectors/" + connector + "/status")).GET())
            .body();
    return status.split("\"state\":\"RUNNING\"", -1).length == 3;
  }

  private HttpResponse<String> ask(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(
        request.timeout(Duration.ofMinutes(2)).build(), HttpResponse.BodyHandlers.ofString());
  }

  String output() {
    return process.output();
  }

  /// kill -9.
  void kill() throws InterruptedException {
    process.kill();
  }

  /// Asks it to end, and waits until it has.
  void stop() throws InterruptedException {
    process.signal("TERM");
    process.awaitEnd(Duration.ofMinutes(2));
  }

  @Override
  public void close() {
    process.close();
    http.shutdownNow();
  }
}
