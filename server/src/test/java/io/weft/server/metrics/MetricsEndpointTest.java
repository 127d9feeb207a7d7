package io.weft.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import io.weft.server.process.ChildProcess;
import io.weft.storage.object.MeasuringObjectStore;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.StorePurpose;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MetricsEndpointTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final Environment environment = Environment.system();
  private final MeasuringObjectStore store =
      new MeasuringObjectStore(new MemoryObjectStore(), "bucket", environment);
  private final Metrics metrics = new Metrics();
  private final Readiness readiness = new Readiness();

  @Test
  void showsEachAttemptByStoreOperationPurposeAndOutcome() throws Exception {
    metrics.addStore(store::figures);
    store.usedFor(StorePurpose.INGEST).put(new ObjectKey("files/1"), ObjectBody.of(new byte[1000]));
    assertThatThrownBy(() -> store.readAll(new ObjectKey("files/2"), 10))
        .isInstanceOf(ObjectStoreException.NotFound.class);

    assertThat(scrape())
        .contains(
            "weft_store_requests_total{operation=\"put\",outcome=\"ok\",purpose=\"ingest\",store=\"bucket\"}"
                + " 1.0",
            "weft_store_bytes_total{operation=\"put\",purpose=\"ingest\",store=\"bucket\"} 1000.0",
            "weft_store_requests_total{operation=\"read_all\",outcome=\"not_found\",purpose=\"other\",store=\"bucket\"}"
                + " 1.0",
            "weft_store_requests_total{operation=\"read_all\",outcome=\"ok\",purpose=\"other\",store=\"bucket\"}"
                + " 0.0",
            "weft_store_request_seconds_count{operation=\"put\",store=\"bucket\"} 1");
  }

  @Test
  void tellsTwoStoresApart() throws Exception {
    metrics.addStore(store::figures);
    metrics.addStore(
        new MeasuringObjectStore(new MemoryObjectStore(), "journal", environment)::figures);
    store.stat(new ObjectKey("files/1"));

    assertThat(scrape())
        .contains(
            "weft_store_requests_total{operation=\"stat\",outcome=\"ok\",purpose=\"other\",store=\"bucket\"}"
                + " 1.0")
        .noneMatch(line -> line.contains("store=\"journal\""));
  }

  @Test
  void showsProcessorTimeAndHeap() throws Exception {
    assertThat(scrape())
        .anyMatch(line -> line.matches("process_cpu_seconds_total [0-9.E-]+"))
        .anyMatch(line -> line.matches("jvm_memory_used_bytes\\{area=\"heap\"} [0-9.E]+"));
  }

  @Test
  void saysInOneSentenceThatItsPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress there =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
      assertThatThrownBy(() -> MetricsEndpoint.start(there, metrics, readiness, environment))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageStartingWith("cannot show metrics at ");
    }
  }

  @Test
  void livesFromTheBeginningAndIsReadyOnlyInBetween() throws Exception {
    AtomicReference<Optional<String>> missing = new AtomicReference<>(Optional.empty());
    try (MetricsEndpoint endpoint = MetricsEndpoint.start(ANY, metrics, readiness, environment)) {
      assertThat(get(endpoint, "/healthz")).isEqualTo("200 ok");
      assertThat(get(endpoint, "/readyz")).isEqualTo("503 starting");
      readiness.waitFor("the store");
      assertThat(get(endpoint, "/readyz")).isEqualTo("503 waiting for the store");
      readiness.follow(missing::get);
      assertThat(get(endpoint, "/readyz")).isEqualTo("200 ok");
      missing.set(Optional.of("no leader"));
      assertThat(get(endpoint, "/readyz")).isEqualTo("503 no leader");
      missing.set(Optional.empty());
      readiness.drain();
      readiness.follow(missing::get);
      assertThat(get(endpoint, "/readyz")).isEqualTo("503 stopping: no new work is taken");
      assertThat(get(endpoint, "/healthz")).isEqualTo("200 ok");
    }
  }

  private static String get(MetricsEndpoint endpoint, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + path);
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(uri).timeout(ChildProcess.ANSWER_MAX).build(),
              HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body().strip();
    }
  }

  private List<String> scrape() throws Exception {
    try (MetricsEndpoint endpoint = MetricsEndpoint.start(ANY, metrics, readiness, environment);
        HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + MetricsEndpoint.PATH);
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(uri).timeout(ChildProcess.ANSWER_MAX).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      return response.body().lines().toList();
    }
  }
}
