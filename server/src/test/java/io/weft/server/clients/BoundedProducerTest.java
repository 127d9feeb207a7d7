package io.weft.server.clients;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Against a broker that takes connections and answers nothing.
@Timeout(60)
class BoundedProducerTest {
  private static final Duration LIMIT = Duration.ofMillis(300);

  /// Once the request has failed, the producer can be closed: not while the test is slow, either.
  private static final int REQUEST_TIMEOUT_MS = 10_000;

  @Test
  void aProducerThatAsksInVainForItsIdIsClosedInTime() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      BoundedProducer<String, String> producer =
          new BoundedProducer<>(
              Map.of(
                  "bootstrap.servers",
                  "127.0.0.1:" + silent.getLocalPort(),
                  "transactional.id",
                  "waits",
                  "max.block.ms",
                  100,
                  "request.timeout.ms",
                  REQUEST_TIMEOUT_MS),
              new StringSerializer(),
              new StringSerializer(),
              LIMIT);
      assertThatThrownBy(producer::initTransactions).isInstanceOf(TimeoutException.class);
      assertThatThrownBy(producer::close)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("could not be closed within");
    }
  }

  @Test
  void aRecordThatIsNotAnsweredIsSaidToBe() {
    FutureTask<RecordMetadata> never = new FutureTask<>(() -> null);
    assertThatThrownBy(() -> new BoundedProducer.Answer(never, LIMIT).get())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("was not answered within");
  }
}
