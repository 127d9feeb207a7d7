package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.ChildProcess;
import io.weft.server.process.Ports;
import io.weft.server.process.WeftProcess;
import io.weft.server.settings.Version;
import io.weft.storage.object.s3.S3Endpoint;
import io.weft.storage.object.s3.S3ProxyServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Processes that cannot start, or not yet.
@Order(1)
class StartingTest {
  private static final List<String> SMALL = List.of("-Xmx256m");

  /// Far more often than a silence that ends an attempt.
  private static final long BYTE_EVERY_MS = 500;

  @TempDir Path folder;

  @Test
  void endsWhenItsPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ChildProcess weft =
            WeftProcess.launch(
                folder,
                List.of("-Xmx256m"),
                List.of("dev", "--port", String.valueOf(taken.getLocalPort())))) {
      int code = weft.awaitEnd();

      assertThat(code).isNotZero();
      assertThat(weft.output()).contains("cannot listen at").contains("--port");
    }
  }

  @Test
  void anAgentThatWaitsForTheControlPlaneCanBeStopped() throws Exception {
    try (Socket refusing = Ports.refusing();
        ChildProcess weft =
            WeftProcess.launch(
                folder,
                List.of("-Xmx256m"),
                List.of(
                    "agent",
                    "--listen",
                    "127.0.0.1:0",
                    "--control-plane",
                    "127.0.0.1:" + refusing.getLocalPort(),
                    "--bucket",
                    "file:" + folder,
                    "--metrics-listen",
                    "127.0.0.1:0"))) {
      int nobody = refusing.getLocalPort();
      weft.awaitLine(line -> line.contains("waiting for the control plane at 127.0.0.1:" + nobody));
      assertThat(get(weft, "/healthz")).isEqualTo("200 ok");
      assertThat(get(weft, "/readyz"))
          .isEqualTo("503 waiting for the control plane at 127.0.0.1:" + nobody);

      weft.stop();

      assertThat(weft.output()).doesNotContain("Weft is ready");
    }
  }

  @Test
  void aSecondDevOnAFolderIsRefusedAndOneAfterAKillIsNot() throws Exception {
    List<String> dev = List.of("dev", "--port", "0", "--data", "mine");
    try (WeftProcess first = WeftProcess.start(folder, SMALL, dev)) {
      try (ChildProcess second = WeftProcess.launch(folder, SMALL, dev)) {
        assertThat(second.awaitEnd()).isEqualTo(2);
        assertThat(second.output())
            .isEqualTo(
                "The data folder 'mine' is in use by another weft dev; stop that one, or name"
                    + " another folder with --data.");
      }
      first.process().kill();
      try (WeftProcess again = WeftProcess.start(folder, SMALL, dev)) {
        assertThat(again.process().isAlive()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "control-plane", "agent"})
  void aStoreThatRefusesEndsTheStartWithOneSentence(String command) throws Exception {
    try (S3ProxyServer s3 = S3ProxyServer.inMemory()) {
      S3Endpoint real = s3.endpoint();
      real.createBucket("there");
      String missing =
          ended(command, real.storeUrl("missing", "x"), real.accessKey(), real.secretKey());
      assertThat(missing).contains("NoSuchBucket").contains("make the bucket");
      String wrong = ended(command, real.storeUrl("there", "x"), real.accessKey(), "wrong");
      assertThat(wrong).contains("SignatureDoesNotMatch").contains("mend the credentials");
    }
  }

  /// The last line of what it says, which is the one sentence.
  private String ended(String command, String url, String accessKey, String secretKey)
      throws Exception {
    List<String> keys =
        List.of("-Xmx256m", "-Daws.accessKeyId=" + accessKey, "-Daws.secretAccessKey=" + secretKey);
    try (ChildProcess weft = WeftProcess.launch(folder, keys, arguments(command, url))) {
      assertThat(weft.awaitEnd()).isEqualTo(2);
      List<String> lines = weft.output().lines().toList();
      assertThat(lines.getLast()).contains("which cannot be used: ").endsWith(".");
      assertThat(lines)
          .noneMatch(line -> line.contains("is ready") || line.contains(" at io.weft"))
          .noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
      return lines.getLast();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "control-plane", "agent"})
  void whereNobodyListensYetItWaitsAndIsNotReady(String command) throws Exception {
    try (Socket refusing = Ports.refusing()) {
      S3Endpoint later =
          new S3Endpoint("http://127.0.0.1:" + refusing.getLocalPort(), "key", "secret");
      List<String> arguments = new ArrayList<>(arguments(command, later.storeUrl("b", "x")));
      arguments.addAll(List.of("--metrics-listen", "127.0.0.1:0"));
      try (ChildProcess weft =
          WeftProcess.launch(
              folder,
              List.of("-Xmx256m", "-Daws.accessKeyId=key", "-Daws.secretAccessKey=secret"),
              arguments)) {
        weft.awaitLine(line -> line.contains("waiting for the store of"));
        assertThat(get(weft, "/readyz")).startsWith("503 waiting for the store of");
        weft.stop();
        assertThat(weft.output()).doesNotContain("is ready");
      }
    }
  }

  /// An attempt that is ended by its own time limit, while bytes still come, forgets that its
  /// thread was interrupted meanwhile.
  @Test
  void aStoreWhoseAnswerNeverEndsKeepsNoProcessThatIsToEnd() throws Exception {
    try (ServerSocket endless = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      endless.setSoTimeout(Math.toIntExact(ChildProcess.START_MAX.toMillis()));
      S3Endpoint store =
          new S3Endpoint("http://127.0.0.1:" + endless.getLocalPort(), "key", "secret");
      try (ChildProcess weft =
          WeftProcess.launch(
              folder,
              List.of("-Xmx256m", "-Daws.accessKeyId=key", "-Daws.secretAccessKey=secret"),
              arguments("control-plane", store.storeUrl("b", "x")))) {
        Socket first = endless.accept();
        Thread.ofPlatform().daemon().start(() -> answerEndlessly(first));
        Thread.ofPlatform().daemon().start(() -> acceptAndAnswerEndlessly(endless));
        weft.stop();
        assertThat(weft.output()).doesNotContain("is ready");
      }
    }
  }

  private static void acceptAndAnswerEndlessly(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofPlatform().daemon().start(() -> answerEndlessly(socket));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  /// Until the other side has had enough of it.
  private static void answerEndlessly(Socket socket) {
    try (socket) {
      OutputStream out = socket.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      while (true) {
        out.write('x');
        Thread.sleep(BYTE_EVERY_MS);
      }
    } catch (IOException e) {
      // It has.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void isReadyWhenItSaysSoAndSaysFirstHowItIsSetUp() throws Exception {
    try (WeftProcess weft =
        WeftProcess.start(
            folder,
            List.of("-Xmx256m"),
            List.of("dev", "--port", "0", "--metrics-listen", "127.0.0.1:0"))) {
      assertThat(get(weft.process(), "/readyz")).isEqualTo("200 ok");
      assertThat(weft.process().output())
          .contains("Weft " + Version.TEXT)
          .contains("settings that are not the default: port=0, metrics.listen=127.0.0.1:0")
          .contains("the store of data is file:weft-data/journal")
          .contains("MiB");
    }
  }

  private static List<String> arguments(String command, String url) {
    return switch (command) {
      case "dev" -> List.of("dev", "--port", "0", "--data", url);
      case "agent" ->
          List.of(
              "agent",
              "--listen",
              "127.0.0.1:0",
              "--control-plane",
              "127.0.0.1:1",
              "--bucket",
              url);
      default -> List.of("control-plane", "--listen", "127.0.0.1:0", "--journal", url);
    };
  }

  private static String get(ChildProcess weft, String path) throws InterruptedException {
    HttpResponse<String> response = WeftProcess.page(weft, path);
    return response.statusCode() + " " + response.body().strip();
  }
}
