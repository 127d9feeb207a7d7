package io.weft.server.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weft.environment.Environment;
import io.weft.server.settings.SettingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A machine learns its zone from a metadata service that answers as a cloud's does.
class CloudZoneTest {
  private static final String AWS_TOKEN = "PUT /latest/api/token";
  private static final String AWS_ZONE_ID = "GET /latest/meta-data/placement/availability-zone-id";
  private static final String AWS_ZONE = "GET /latest/meta-data/placement/availability-zone";
  private static final String GCP_ZONE = "GET /computeMetadata/v1/instance/zone";
  private static final String AZURE = "GET /metadata/instance/compute/";
  private static final String AZURE_QUERY = "?api-version=2021-02-01&format=text";

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, String> needed = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String question = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    asked.add(question);
    String[] header = needed.getOrDefault(question, "Host=").split("=", 2);
    String said = exchange.getRequestHeaders().getFirst(header[0]);
    boolean allowed = header[1].isEmpty() || header[1].equals(said);
    String body = answers.get(question);
    byte[] bytes = body == null || !allowed ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    int status = body == null ? 404 : allowed ? 200 : 401;
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String zone() throws InterruptedException {
    return new CloudZone(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()), Environment.system())
        .find()
        .name();
  }

  private void answer(String question, String header, String body) {
    answers.put(question, body);
    needed.put(question, header);
  }

  @Test
  void awsSaysTheZonesIdToABearerOfItsToken() throws InterruptedException {
    answer(AWS_TOKEN, "X-aws-ec2-metadata-token-ttl-seconds=60", "secret");
    answer(AWS_ZONE_ID, "X-aws-ec2-metadata-token=secret", "use1-az4");
    assertThat(zone()).isEqualTo("use1-az4");
    assertThat(asked).containsExactly(AWS_TOKEN, AWS_ZONE_ID);
  }

  @Test
  void awsWithoutIdsSaysTheZonesName() throws InterruptedException {
    answer(AWS_TOKEN, "X-aws-ec2-metadata-token-ttl-seconds=60", "secret");
    answer(AWS_ZONE, "X-aws-ec2-metadata-token=secret", "us-east-1a\n");
    assertThat(zone()).isEqualTo("us-east-1a");
  }

  @Test
  void gcpSaysThePathOfTheZone() throws InterruptedException {
    answer(GCP_ZONE, "Metadata-Flavor=Google", "projects/123/zones/us-central1-a");
    assertThat(zone()).isEqualTo("us-central1-a");
  }

  @Test
  void azureSaysANumberWithinARegion() throws InterruptedException {
    answer(AZURE + "zone" + AZURE_QUERY, "Metadata=true", "2");
    answer(AZURE + "location" + AZURE_QUERY, "Metadata=true", "westeurope");
    assertThat(zone()).isEqualTo("westeurope-2");
  }

  @Test
  void whereNoCloudSaysAZoneTheStartIsRefusedWithOneSentence() {
    assertThatThrownBy(this::zone)
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("zone is 'auto', and no cloud says")
        .hasMessageContaining("AWS: status 404; GCP: status 404; AZURE: status 404")
        .hasMessageEndingWith(".");
    assertThat(asked)
        .containsExactly(AWS_TOKEN, GCP_ZONE, AZURE + "zone" + AZURE_QUERY)
        .doesNotHaveDuplicates();
  }

  @Test
  void anAnswerThatIsNoZonesNameIsNone() {
    answers.put(GCP_ZONE, "<html>Please log in, or pay</html>");
    answers.put(AZURE + "zone" + AZURE_QUERY, "x".repeat(MetadataCall.ANSWER_BYTES_MAX + 1));
    assertThatThrownBy(this::zone)
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("GCP: an answer that is no zone's name")
        .hasMessageContaining("AZURE: an answer of more than 1024 bytes");
  }

  @Test
  void aServiceThatAcceptsAndSaysNothingEndsAtALimit() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      CloudZone cloud =
          new CloudZone(
              URI.create("http://127.0.0.1:" + silent.getLocalPort()), Environment.system());
      assertThatThrownBy(cloud::find)
          .isInstanceOf(SettingException.class)
          .hasMessageContaining("zone is 'auto'");
    }
  }
}
