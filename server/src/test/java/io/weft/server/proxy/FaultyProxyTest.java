package io.weft.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.server.process.Ports;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the proxy does to connections with a server that says everything again.
@Timeout(300)
class FaultyProxyTest {
  private static final int BYTES = 200_000;
  private static final int SILENCE_MS = 300;
  private static final int ANSWER_MS = 120_000;

  private final byte[] sent = new byte[BYTES];
  private ServerSocket echo;
  private FaultyProxy proxy;

  @BeforeEach
  void start() throws IOException {
    new Random(1).nextBytes(sent);
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
    proxy = FaultyProxy.start(echo.getLocalPort(), 1);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void everythingArrivesAsItWasSent() throws IOException {
    try (Socket socket = connect()) {
      assertThat(roundTrip(socket)).isEqualTo(sent);
    }
  }

  @Test
  void everythingArrivesInOrderWhateverItsDelay() throws IOException {
    proxy.weather(new Weather(1, 20, 2_000_000, 0, 0));
    try (Socket socket = connect()) {
      assertThat(roundTrip(socket)).isEqualTo(sent);
    }
  }

  @Test
  void whatIsHeldBackArrivesOnceItIsReleased() throws IOException {
    proxy.stall();
    try (Socket socket = connect()) {
      socket.setSoTimeout(SILENCE_MS);
      socket.getOutputStream().write(sent, 0, 100);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      proxy.release();

      socket.setSoTimeout(ANSWER_MS);
      assertThat(socket.getInputStream().readNBytes(100)).hasSize(100);
    }
  }

  @Test
  void bothEndsOfACutConnectionSeeItReset() throws IOException {
    try (Socket socket = connect()) {
      exchange(socket);

      assertThat(proxy.cut()).isEqualTo(1);

      assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThat(proxy.cuts()).isEqualTo(1);
    }
  }

  @Test
  void aSilentConnectionLivesAndSaysNothing() throws IOException {
    try (Socket socket = connect();
        Socket other = new Socket()) {
      exchange(socket);
      assertThat(proxy.silence()).isEqualTo(1);
      socket.setSoTimeout(SILENCE_MS);
      socket.getOutputStream().write(sent, 0, 100);

      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      other.connect(proxyAddress(), ANSWER_MS);
      other.setSoTimeout(ANSWER_MS);
      exchange(other);
    }
  }

  @Test
  void aConnectionIsCutInTheMiddleOfWhatIsSent() {
    proxy.weather(Weather.cutting(0.02));
    long arrived = 0;
    long connections = 0;
    // How many pieces there are is a matter of time, and so is which of them is cut.
    for (; proxy.cuts() == 0 || arrived == 0; connections++) {
      try (Socket socket = connect()) {
        Thread.ofVirtual().start(() -> sendQuietly(socket));
        InputStream in = socket.getInputStream();
        for (int read = 0; read < BYTES && in.read() >= 0; read++) {
          arrived++;
        }
      } catch (IOException e) {
        // As it should.
      }
    }
    assertThat(arrived).isLessThan(connections * BYTES);
  }

  @Test
  void bitsAreChangedBehindTheHeadersOnly() throws IOException {
    proxy.weather(Weather.flipping(1));
    try (Socket socket = connect()) {
      byte[] received = roundTrip(socket);
      int differing = 0;
      for (int i = 0; i < BYTES; i++) {
        differing += received[i] == sent[i] ? 0 : 1;
      }
      assertThat(differing).isPositive().isLessThanOrEqualTo((int) proxy.flips());
      assertThat(received).startsWith(Arrays.copyOf(sent, Weather.HEADER_BYTES_MAX));
    }
  }

  @Test
  void whereNobodyListensTheConnectionIsReset() throws IOException {
    try (Socket nobody = Ports.refusing();
        FaultyProxy other = FaultyProxy.start(nobody.getLocalPort(), 1);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), other.port())) {
      socket.setSoTimeout(ANSWER_MS);
      assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
    }
  }

  private InetSocketAddress proxyAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port());
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(ANSWER_MS);
    return socket;
  }

  private static void exchange(Socket socket) throws IOException {
    socket.getOutputStream().write(7);
    assertThat(socket.getInputStream().read()).isEqualTo(7);
  }

  private byte[] roundTrip(Socket socket) throws IOException {
    Thread.ofVirtual().start(() -> sendQuietly(socket));
    byte[] received = new byte[BYTES];
    new DataInputStream(socket.getInputStream()).readFully(received);
    return received;
  }

  private void sendQuietly(Socket socket) {
    try {
      socket.getOutputStream().write(sent);
    } catch (IOException e) {
      // The reader sees it too.
    }
  }

  private void serve() {
    try {
      while (true) {
        Socket socket = echo.accept();
        Thread.ofVirtual().start(() -> repeat(socket));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static void repeat(Socket socket) {
    try (socket;
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      // The other end is gone.
    }
  }
}
