package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.ChildProcess;
import io.weft.server.process.Ports;
import io.weft.server.process.WeftProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes that cannot start, or not yet.
class StartingTest {
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
      assertThat(weft.output()).contains("cannot listen at");
    }
  }

  @Test
  void anAgentThatWaitsForTheControlPlaneCanBeStopped() throws Exception {
    try (Socket nobody = Ports.refusing();
        ChildProcess weft =
            WeftProcess.launch(
                folder,
                List.of("-Xmx256m"),
                List.of(
                    "agent",
                    "--listen",
                    "127.0.0.1:0",
                    "--control-plane",
                    "127.0.0.1:" + nobody.getLocalPort(),
                    "--bucket",
                    "file:" + folder))) {
      weft.awaitLine(line -> line.contains("waiting for the control plane"));

      weft.stop();

      assertThat(weft.output()).doesNotContain("Weft is ready");
    }
  }
}
