package io.weft.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.command.WeftCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What `bin/make-aot-cache` and the scripts ask of a server that they have just started. A failed
/// training would be silent: Weft starts without a cache, too.
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrainingBenchTest {
  private static final String READY = "Weft is ready: bootstrap.servers=";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Process server;

  @AfterEach
  void end() {
    if (server != null) {
      server.destroyForcibly();
    }
  }

  @Test
  void aServerAnswersAllThatItIsTrainedWith() throws Exception {
    String address = startServer();

    bench(address, "topic --topic before --partitions 3");
    bench(address, "training --topic before --partitions 3 --records 2000 --transactions 5");

    assertThat(out.toString()).startsWith("produce records=2000 ");
    // It is there, and may be so.
    bench(address, "topic --topic before --partitions 3");
  }

  private void bench(String address, String arguments) {
    int code =
        new WeftCommand(Map.of(), new PrintWriter(out, true), new PrintWriter(err, true))
            .run(("bench " + arguments + " --bootstrap-servers " + address).split(" "));
    assertThat(code).describedAs(err.toString()).isZero();
  }

  private String startServer() throws IOException {
    server =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    WeftCommand.class.getName(),
                    "dev",
                    "--port",
                    "0",
                    "--data",
                    "mem:training"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines = server.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(READY)) {
        return line.substring(READY.length());
      }
    }
    throw new AssertionError("the server ended before it was ready");
  }
}
