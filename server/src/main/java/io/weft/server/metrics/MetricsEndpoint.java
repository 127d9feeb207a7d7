package io.weft.server.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.weft.environment.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// Answers `GET /metrics`, `/healthz` and `/readyz` at one address, with the JDK's own HTTP server:
/// a thread that accepts, and one per request. Without authentication, as usual for metrics.
///
/// `/healthz` is 200 as long as the process answers at all; `/readyz` is 200 while it can do its
/// work, else 503 with what is missing.
public final class MetricsEndpoint implements AutoCloseable {
  public static final String PATH = "/metrics";
  public static final String HEALTH_PATH = "/healthz";
  public static final String READINESS_PATH = "/readyz";

  private static final int OK = 200;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;

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
      InetSocketAddress address, Metrics metrics, Readiness readiness, Environment environment) {
    LIMITS.forEach((name, value) -> System.setProperty(name, System.getProperty(name, value)));
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot show metrics at " + address, e);
    }
    server.setExecutor(answering -> environment.tasks().start("metrics", answering));
    server.createContext(PATH, new MetricsHandler(metrics.registry()));
    server.createContext(HEALTH_PATH, exchange -> answer(exchange, Optional.empty()));
    server.createContext(READINESS_PATH, exchange -> answer(exchange, readiness.missing()));
    server.start();
    return new MetricsEndpoint(server);
  }

  private static void answer(HttpExchange exchange, Optional<String> missing) throws IOException {
    String method = exchange.getRequestMethod();
    boolean head = method.equals("HEAD");
    int status;
    if (!head && !method.equals("GET")) {
      status = METHOD_NOT_ALLOWED;
    } else {
      status = missing.isPresent() ? UNAVAILABLE : OK;
    }
    byte[] body = (missing.orElse("ok") + "\n").getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      if (status == METHOD_NOT_ALLOWED) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      }
      boolean withBody = !head && status != METHOD_NOT_ALLOWED;
      exchange.sendResponseHeaders(status, withBody ? body.length : -1);
      if (withBody) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(CLOSE_SECONDS);
  }
}
