package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.RawClient;
import io.weft.server.process.WeftProcess;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An agent with a small heap outlives peers that announce more than they send, and serves the
/// others meanwhile.
@Isolated("its connections take all of the machine")
class BoundedMemoryTest {
  private static final int CONNECTIONS = 2_000;
  private static final int SENT_BYTES = 64 << 10;
  private static final int RECORDS = 5_000;
  private static final List<String> SMALL_HEAP = List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");

  @TempDir static Path folder;

  private static WeftProcess weft;

  @BeforeAll
  static void start() throws InterruptedException {
    weft = WeftProcess.start(folder, SMALL_HEAP, List.of("dev", "--port", "0"));
  }

  @AfterAll
  static void stop() {
    weft.close();
  }

  @Test
  void closesConnectionsThatAnnounceTooMuch() throws Exception {
    for (int length : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      for (int i = 0; i < CONNECTIONS / 2; i++) {
        try (RawClient client = new RawClient(weft.port())) {
          client.sendBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
          assertThat(client.next()).isEqualTo(RawClient.CLOSED);
        }
      }
    }
    serves("after-long-frames");
  }

  /// 90 MiB are more than this heap lets in; 20 MiB are long, and 1 MiB is usual.
  @ParameterizedTest
  @ValueSource(ints = {90 << 20, 20 << 20, 1 << 20})
  void servesOthersWhileManyHaveSentHalfARequest(int announcedBytes) throws Exception {
    byte[] begun = begunProduce(announcedBytes);
    List<RawClient> stalled = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        RawClient client = new RawClient(weft.port());
        stalled.add(client);
        client.ask(new ApiVersionsRequest.Builder().build());
        try {
          client.sendBytes(begun);
        } catch (SocketException e) {
          // Closed at the announcement, which is an answer too.
        }
      }
      serves("beside-half-frames-" + announcedBytes);
    } finally {
      for (RawClient client : stalled) {
        client.close();
      }
    }
    serves("after-half-frames-" + announcedBytes);
  }

  private static void serves(String topic) throws Exception {
    RoundTrip roundTrip = new RoundTrip(weft.address(), topic, 1024);
    roundTrip.createTopic(3);
    roundTrip.produce("none", RECORDS);
    assertThat(roundTrip.consumeAndCompare(weft.address())).isEqualTo(RECORDS);
  }

  /// The beginning of a frame that could be a produce request.
  private static byte[] begunProduce(int announcedBytes) {
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(ApiKeys.PRODUCE.id)
            .setRequestApiVersion((short) 9)
            .setClientId("half");
    ByteBuffer head = MessageUtil.toByteBufferAccessor(header, (short) 2).buffer();
    return ByteBuffer.allocate(Integer.BYTES + SENT_BYTES).putInt(announcedBytes).put(head).array();
  }
}
