package io.weft.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.WeftProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Peers that speak anything but gRPC to a control plane.
class GarbageTest {
  private static final int CONNECTIONS = 200;
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  private static final long SEED = 7;

  /// What may begin a line: a time, or a word of the program's that no peer has a part in.
  private static final String LINE = "(\\d{4}-\\d{2}-\\d{2}T|Weft is ready|WARNING: ).*";

  @TempDir Path folder;

  @Test
  void whatAPeerSendsIsWorthALineOrTwoHoweverOftenItComes() throws Exception {
    try (WeftProcess controlPlane =
        WeftProcess.start(
            folder,
            List.of(),
            List.of("control-plane", "--listen", "127.0.0.1:0", "--journal", "file:" + folder))) {
      Random random = new Random(SEED);
      for (int i = 0; i < CONNECTIONS; i++) {
        send(controlPlane.port(), garbage(i, random));
      }
      controlPlane.process().stop();

      List<String> lines = controlPlane.process().output().lines().toList();
      assertThat(lines).as("its log is seen").anyMatch(line -> line.contains(" Leads from entry "));
      assertThat(lines).hasSizeLessThan(40).allMatch(line -> line.matches(LINE));
    }
  }

  private static byte[] garbage(int kind, Random random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] noise = new byte[64];
    random.nextBytes(noise);
    switch (kind % 5) {
      case 0 -> bytes.writeBytes(noise);
      case 1 -> bytes.writeBytes("GET / HTTP/1.1\r\nHost: \r\n\r\n".getBytes(US_ASCII));
      case 2 -> {
        bytes.writeBytes(PREFACE);
        bytes.writeBytes(noise);
      }
      case 3 -> {
        // A frame of data of a stream that nobody opened, behind settings.
        bytes.writeBytes(PREFACE);
        bytes.writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        bytes.writeBytes(new byte[] {0, 0, 4, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4});
      }
      default -> {
        // Headers that are no HPACK.
        bytes.writeBytes(PREFACE);
        bytes.writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        bytes.writeBytes(new byte[] {0, 0, 8, 1, 4, 0, 0, 0, 1, -1, -1, -1, -1, -1, -1, -1, -1});
      }
    }
    return bytes.toByteArray();
  }

  /// Sends it, and waits until the other side has had enough of it.
  private static void send(int port, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    } catch (java.net.SocketException e) {
      // It may be cut off in the middle.
    }
  }
}
