package io.weft.storage.object.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An HTTP server that gives prepared answers, one each, and remembers what it was asked. For what
/// no real S3 server can be made to say.
final class StubServer implements AutoCloseable {
  record Asked(String method, String path, Headers headers, byte[] body) {}

  /// @param length announced; the body may be shorter: then the connection is cut
  record Answer(int status, List<String> headers, byte[] body, int length) {
    static Answer of(int status, String body, String... headers) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      return new Answer(status, List.of(headers), bytes, bytes.length);
    }

    static Answer error(int status, String code) {
      return of(status, "<Error><Code>" + code + "</Code><Message>as prepared</Message></Error>");
    }

    Answer announcing(int announced) {
      return new Answer(status, headers, body, announced);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch firstAsked = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);

  StubServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /// Prepares the next answers. Without one, a request hangs until the server is closed.
  void prepare(Answer... next) {
    answers.addAll(List.of(next));
  }

  List<Asked> asked() {
    return asked;
  }

  void awaitFirstAsked() throws InterruptedException {
    firstAsked.await();
  }

  S3Endpoint endpoint() {
    return new S3Endpoint("http://127.0.0.1:" + server.getAddress().getPort(), "access", "secret");
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      asked.add(
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              exchange.getRequestHeaders(),
              body));
      Answer answer = answers.poll();
      firstAsked.countDown();
      if (answer == null) {
        closing.await();
        return;
      }
      for (String header : answer.headers()) {
        String[] parts = header.split(": ", 2);
        exchange.getResponseHeaders().add(parts[0], parts[1]);
      }
      exchange.sendResponseHeaders(answer.status(), answer.length() == 0 ? -1 : answer.length());
      if (answer.length() > 0) {
        exchange.getResponseBody().write(answer.body());
        // The beginning arrives even where the rest never comes.
        exchange.getResponseBody().flush();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }
}
