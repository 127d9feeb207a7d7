package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.RawClient;
import io.weft.server.process.WeftProcess;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.MetadataRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent with a small heap outlives peers that ask for much and take nothing, and serves the
/// others meanwhile.
@Order(1)
class AnswersOwedTest {
  private static final int RECORDS = 5_000;
  private static final List<String> SMALL_HEAP = List.of("-Xmx192m", "-XX:+ExitOnOutOfMemoryError");

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
  void onePeerAsksForMuchMetadataAndReadsNothing() throws Exception {
    new RoundTrip(weft.address(), "wide", 10).createTopic(10_000);
    AbstractRequest all = new MetadataRequest(new MetadataRequestData().setTopics(null), (short) 9);
    try (RawClient peer = new RawClient(weft.port())) {
      send(peer, all, 1_000);
      serves("beside-metadata");
    }
    serves("after-metadata");
  }

  @Test
  void manyPeersAskForRecordsAndReadNothing() throws Exception {
    int partitions = 6;
    RoundTrip large = new RoundTrip(weft.address(), "large", 16 << 10);
    large.createTopic(partitions);
    large.produce("none", 6_000);
    List<RawClient> peers = new ArrayList<>();
    try {
      for (int i = 0; i < 12; i++) {
        RawClient peer = new RawClient(weft.port());
        peers.add(peer);
        send(peer, fetch("large", partitions), 3);
      }
      serves("beside-slow-readers");
      assertThat(large.consumeAndCompare(weft.address())).isEqualTo(6_000);
    } finally {
      for (RawClient peer : peers) {
        peer.close();
      }
    }
    serves("after-slow-readers");
  }

  private static AbstractRequest fetch(String topic, int partitions) {
    FetchTopic wanted = new FetchTopic().setTopic(topic);
    for (int i = 0; i < partitions; i++) {
      wanted.partitions().add(new FetchPartition().setPartition(i).setPartitionMaxBytes(50 << 20));
    }
    return new FetchRequest(
        new FetchRequestData()
            .setMaxWaitMs(500)
            .setMinBytes(1)
            .setMaxBytes(55 << 20)
            .setSessionEpoch(-1)
            .setTopics(List.of(wanted)),
        (short) 12);
  }

  /// Sends as many as are taken: a peer that is cut meanwhile has its answer too.
  private static void send(RawClient peer, AbstractRequest request, int count) throws IOException {
    ApiKeys key = request.apiKey();
    try {
      for (int i = 0; i < count; i++) {
        peer.send(peer.header(key, request.version()), request);
      }
    } catch (SocketException e) {
      // It is closed already.
    }
  }

  private static void serves(String topic) throws Exception {
    RoundTrip roundTrip = new RoundTrip(weft.address(), topic, 1024);
    roundTrip.createTopic(3);
    roundTrip.produce("none", RECORDS);
    assertThat(roundTrip.consumeAndCompare(weft.address())).isEqualTo(RECORDS);
  }
}
