package io.weft.server.process;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An S3 server that knows no conditions: a put is a put. Keeps what it is given in memory, for as
/// long as it is open; signatures are not looked at.
final class UnconditionalS3 implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();

  UnconditionalS3() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// The names of what it was given.
  Iterable<String> keys() {
    return objects.keySet();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String key = exchange.getRequestURI().getPath();
      switch (exchange.getRequestMethod()) {
        case "PUT" -> {
          objects.put(key, body);
          exchange.getResponseHeaders().add("ETag", "\"given\"");
          exchange.sendResponseHeaders(200, -1);
        }
        case "GET" -> {
          String query = exchange.getRequestURI().getQuery();
          boolean lists = query != null && query.contains("list-type");
          byte[] found = lists ? listing(query).getBytes(StandardCharsets.UTF_8) : objects.get(key);
          byte[] sent =
              found == null
                  ? "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8)
                  : found;
          exchange.sendResponseHeaders(found == null ? 404 : 200, sent.length);
          exchange.getResponseBody().write(sent);
        }
        default -> exchange.sendResponseHeaders(501, -1);
      }
    }
  }

  /// Of one bucket, in one page.
  private String listing(String query) {
    String prefix =
        Arrays.stream(query.split("&"))
            .filter(each -> each.startsWith("prefix="))
            .map(each -> each.substring("prefix=".length()))
            .findFirst()
            .orElse("");
    StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
    for (Map.Entry<String, byte[]> each : new TreeMap<>(objects).entrySet()) {
      String key = each.getKey().substring(each.getKey().indexOf('/', 1) + 1);
      if (key.startsWith(prefix)) {
        xml.append(
            "<Contents><Key>%s</Key><Size>%d</Size></Contents>"
                .formatted(key, each.getValue().length));
      }
    }
    return xml.append("</ListBucketResult>").toString();
  }
}
