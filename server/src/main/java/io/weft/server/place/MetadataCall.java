package io.weft.server.place;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Calls to the metadata service of a cloud: plain HTTP, on the machine's own link, around every
/// proxy. Thread-safe.
final class MetadataCall {
  /// The service is on this machine's own host: it accepts at once, or it is not there.
  static final int CONNECT_MS_MAX = 1_000;

  static final int READ_MS_MAX = 1_000;

  /// No answer that is wanted here is longer. An AWS token has 56 characters.
  static final int ANSWER_BYTES_MAX = 1_024;

  private final URI service;

  MetadataCall(URI service) {
    this.service = service;
  }

  /// @param method GET or PUT
  /// @return the body of a 200, without space around it
  /// @throws IOException if there is another answer, or none within the limits
  String ask(String method, String path, Map<String, String> headers) throws IOException {
    HttpURLConnection call =
        (HttpURLConnection) URI.create(service + path).toURL().openConnection(Proxy.NO_PROXY);
    try {
      call.setRequestMethod(method);
      call.setConnectTimeout(CONNECT_MS_MAX);
      call.setReadTimeout(READ_MS_MAX);
      call.setInstanceFollowRedirects(false);
      call.setUseCaches(false);
      headers.forEach(call::setRequestProperty);
      int status = call.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IOException("status " + status);
      }
      return body(call);
    } finally {
      call.disconnect();
    }
  }

  private static String body(HttpURLConnection call) throws IOException {
    try (InputStream in = call.getInputStream()) {
      byte[] bytes = in.readNBytes(ANSWER_BYTES_MAX + 1);
      if (bytes.length > ANSWER_BYTES_MAX) {
        throw new IOException("an answer of more than %d bytes".formatted(ANSWER_BYTES_MAX));
      }
      return new String(bytes, StandardCharsets.UTF_8).strip();
    }
  }
}
