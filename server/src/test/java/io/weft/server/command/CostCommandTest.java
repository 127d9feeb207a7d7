package io.weft.server.command;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CostCommandTest {
  private record Ended(int code, String out, String err) {}

  private static Ended weft(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = new WeftCommand(Map.of(), new PrintWriter(out), new PrintWriter(err)).run(arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  @Test
  void aPlanIsATableOrALineOfJson() throws IOException {
    Ended table = weft("cost", "plan", "--in", "1GiB/s", "--agents", "6");
    assertThat(table.code()).isZero();
    assertThat(table.out())
        .contains("Prices: S3 Standard (AWS list prices")
        .contains("bucket   ingest         128.00 ")
        .contains("Kafka in three zones: ");

    Ended json = weft("cost", "plan", "--in", "1GiB/s", "--journal-prices", "s3-express", "--json");
    JsonNode bill = new ObjectMapper().readTree(json.out());
    assertThat(bill.get("inBytes").asDouble()).isEqualTo(1 << 30);
    assertThat(bill.get("prices").get("journal").asText()).isEqualTo("S3 Express One Zone");
    assertThat(bill.get("totalUsd").asDouble()).isPositive();
  }

  @Test
  void whatIsWrongIsSaidInOneSentence() {
    assertWrong("--metrics is not given", "cost");
    assertWrong("--over is '0s'; it must be 1s", "cost", "--metrics", "a:1", "--over", "0s");
    assertWrong("--metrics is 'a'", "cost", "--metrics", "a");
    assertWrong("--metrics names a:1 more than once", "cost", "--metrics", "a:1,b:1,a:1");
    String many = IntStream.rangeClosed(1, 1_001).mapToObj("a:%d"::formatted).collect(joining(","));
    assertWrong("--metrics names 1001 processes; it must be 1000", "cost", "--metrics", many);
    assertWrong("--stored is '7'", "cost", "--metrics", "a:1", "--stored", "7");
    assertWrong("--in is not given", "cost", "plan");
    assertWrong("There is no price table", "cost", "plan", "--in", "1B/s", "--prices", "nowhere");
    assertWrong("--zones is 'x'", "cost", "plan", "--in", "1B/s", "--zones", "x");
  }

  private static void assertWrong(String said, String... arguments) {
    Ended ended = weft(arguments);
    assertThat(ended.code()).isEqualTo(WeftCommand.EXIT_WRONG_USE);
    assertThat(ended.err()).startsWith(said).hasLineCount(1);
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void aProcessThatDoesNotAnswerIsNamed() throws IOException {
    int port = closedPort();
    Ended ended = weft("cost", "--metrics", "127.0.0.1:" + port, "--over", "1s");
    assertThat(ended.code()).isEqualTo(WeftCommand.EXIT_FAILED);
    assertThat(ended.err())
        .startsWith("The process at 127.0.0.1:%d does not show its metrics".formatted(port))
        .hasLineCount(1);
  }

  /// Where nothing listens any more.
  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
