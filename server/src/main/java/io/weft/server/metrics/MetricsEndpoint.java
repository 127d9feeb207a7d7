package io.weft.server.metrics;

import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.weft.environment.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Map;

/// Answers `GET /metrics` at one address, with the JDK's own HTTP server: a thread that accepts,
/// and one per request. Without authentication, as usual for metrics.
public final class MetricsEndpoint implements AutoCloseable {
  public static final String PATH = "/metrics";

  /// How long answers under way may take when it is closed.
  private static final int CLOSE_SECONDS = 0;

  /// The JDK reads its server's limits from properties, in seconds; by itself it has none.
  private static final Map<String, String> LIMITS =
      Map.of(
          "jdk.httpserver.maxConnections", "64",
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "10");

  private final HttpServer server;

  private MetricsEndpoint(HttpServer server) {
    this.server = server;
  }

  /// @param address port 0 for any that is free
  /// @throws UncheckedIOException if the address cannot be bound
  public static MetricsEndpoint start(
      InetSocketAddress address, Metrics metrics, Environment environment) {
    LIMITS.forEach((name, value) -> System.setProperty(name, System.getProperty(name, value)));
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot show metrics at " + address, e);
    }
    server.setExecutor(answering -> environment.tasks().start("metrics", answering));
    server.createContext(PATH, new MetricsHandler(metrics.registry()));
    server.start();
    return new MetricsEndpoint(server);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(CLOSE_SECONDS);
  }
}
