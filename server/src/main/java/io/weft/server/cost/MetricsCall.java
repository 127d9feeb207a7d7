package io.weft.server.cost;

import io.weft.rpc.HostPort;
import io.weft.server.metrics.MetricsEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Asks processes for their figures. Stateless.
final class MetricsCall {
  private static final int CONNECT_MS_MAX = 5_000;
  private static final int READ_MS_MAX = 10_000;
  private static final int ANSWER_BYTES_MAX = 16 << 20;

  private MetricsCall() {}

  /// @param process where its `--metrics-listen` is
  /// @throws UncheckedIOException with a sentence, if it does not answer well
  static MetricsText ask(HostPort process) {
    try {
      HttpURLConnection call =
          (HttpURLConnection)
              URI.create("http://" + process + MetricsEndpoint.PATH)
                  .toURL()
                  .openConnection(Proxy.NO_PROXY);
      try {
        call.setConnectTimeout(CONNECT_MS_MAX);
        call.setReadTimeout(READ_MS_MAX);
        call.setInstanceFollowRedirects(false);
        if (call.getResponseCode() != HttpURLConnection.HTTP_OK) {
          throw new IOException("status " + call.getResponseCode());
        }
        return MetricsText.of(body(call));
      } finally {
        call.disconnect();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The process at %s does not show its metrics; is it started with --metrics-listen?"
              .formatted(process),
          e);
    }
  }

  private static String body(HttpURLConnection call) throws IOException {
    try (InputStream in = call.getInputStream()) {
      byte[] bytes = in.readNBytes(ANSWER_BYTES_MAX + 1);
      if (bytes.length > ANSWER_BYTES_MAX) {
        throw new IOException("an answer of more than %d bytes".formatted(ANSWER_BYTES_MAX));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
