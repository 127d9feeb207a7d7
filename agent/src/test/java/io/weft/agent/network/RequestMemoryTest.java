package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.memory.BlockPool;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.protocol.frame.OfferedApis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The memory of a long request with records is given back once, however its connection goes on or
/// ends, and not while anybody has the request.
@Timeout(300)
class RequestMemoryTest {
  private static final int RECORDS_BYTES = 300_000;

  private static final OfferedApis OFFERED =
      OfferedApis.of(List.of(ApiKeys.METADATA, ApiKeys.API_VERSIONS, ApiKeys.PRODUCE));

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable thing : opened.reversed()) {
      thing.close();
    }
  }

  @Test
  void whenItIsAnswered() throws Exception {
    LinkedBlockingQueue<ByteBuffer> seen = new LinkedBlockingQueue<>();
    Listener listener =
        listener(
            request -> {
              seen.add(copyOfRecords(request));
              return new Answer.None();
            });
    RawClient client = client(listener);
    for (int i = 0; i < 20; i++) {
      client.send(produce((byte) i));
      assertThat(seen.take()).isEqualTo(records((byte) i));
      await(() -> held(listener).blocks() == 0);
    }
    assertThat(held(listener).bytesAllocated()).isEqualTo(BlockPool.BLOCK_BYTES_MAX);
  }

  @Test
  void whenItsAnswerComesLate() throws Exception {
    TestHandler handler = new TestHandler(true);
    Listener listener = listener(handler);
    RawClient client = client(listener);
    client.send(produce((byte) 1));
    client.send(produce((byte) 2));
    List<Pending<Answer>> owed = handler.takeOwed(2);

    assertThat(held(listener).blocks()).isEqualTo(2);
    owed.forEach(one -> one.complete(new Answer.None()));
    await(() -> held(listener).blocks() == 0);
  }

  @Test
  void whenItsClientGoesFirst() throws Exception {
    TestHandler handler = new TestHandler(true);
    Listener listener = listener(handler);
    RawClient client = client(listener);
    client.send(produce((byte) 1));
    client.send(produce((byte) 2));
    handler.takeOwed(2);
    client.close();

    await(() -> listener.connectionCount() == 0);
    assertThat(held(listener)).isEqualTo(nothing(listener));
  }

  @Test
  void notBeforeTheLastWhoRetainedIt() throws Exception {
    LinkedBlockingQueue<Request> kept = new LinkedBlockingQueue<>();
    Listener listener =
        listener(
            request -> {
              request.bytes().retain();
              kept.add(request);
              return new Answer.None();
            });
    RawClient client = client(listener);
    client.send(produce((byte) 3));
    Request request = kept.take();
    client.close();
    await(() -> listener.connectionCount() == 0);

    assertThat(held(listener).blocks()).isEqualTo(1);
    assertThat(copyOfRecords(request)).isEqualTo(records((byte) 3));
    request.bytes().release();
    assertThat(held(listener)).isEqualTo(nothing(listener));
    assertThat(listener.requestBytesHeld()).isZero();
  }

  @Test
  void whenItsHandlerFails() throws Exception {
    Listener listener =
        listener(
            request -> {
              throw new IllegalStateException("told to fail");
            });
    RawClient client = client(listener);
    client.send(produce((byte) 1));

    assertThat(client.isClosedByPeer()).isTrue();
    await(() -> listener.connectionCount() == 0);
    assertThat(held(listener)).isEqualTo(nothing(listener));
  }

  @Test
  void whenItCannotBeUnderstood() throws Exception {
    Listener listener = listener(new TestHandler(false));
    RawClient client = client(listener);
    ByteBuffer frame = RawClient.frame(produce((byte) 1), "raw", 1);
    frame.putShort(2, (short) 99);
    client.sendFrame(frame);

    assertThat(client.isClosedByPeer()).isTrue();
    await(() -> listener.connectionCount() == 0);
    assertThat(held(listener)).isEqualTo(nothing(listener));
  }

  @Test
  void whenTheListenerCloses() throws Exception {
    TestHandler handler = new TestHandler(true);
    Listener listener = listener(handler);
    RawClient client = client(listener);
    client.send(produce((byte) 1));
    handler.takeOwed(1);
    listener.close();

    await(() -> listener.connectionCount() == 0);
    assertThat(held(listener)).isEqualTo(nothing(listener));
  }

  /// Hundreds of requests of several connections that come and go: each is what was sent, as long
  /// as it is held.
  @Test
  void noRequestIsAnotherOne() throws Exception {
    LinkedBlockingQueue<Request> kept = new LinkedBlockingQueue<>();
    Listener listener =
        listener(
            request -> {
              request.bytes().retain();
              kept.add(request);
              return new Answer.None();
            });
    List<RawClient> clients = List.of(client(listener), client(listener), client(listener));
    for (int round = 0; round < 60; round++) {
      for (RawClient client : clients) {
        client.send(produce((byte) round));
      }
      for (int i = 0; i < clients.size(); i++) {
        Request request = kept.take();
        assertThat(copyOfRecords(request)).isEqualTo(records((byte) round));
        request.bytes().release();
      }
    }
    clients.getFirst().close();
    await(() -> held(listener).blocks() == 0);
  }

  private static BlockPool.Figures held(Listener listener) {
    return listener.figures().requestMemory();
  }

  private static BlockPool.Figures nothing(Listener listener) {
    return new BlockPool.Figures(held(listener).bytesAllocated(), 0, 0);
  }

  private static ByteBuffer buffer(Request request) {
    ProduceRequest body = (ProduceRequest) request.body();
    PartitionProduceData partition =
        body.data().topicData().iterator().next().partitionData().getFirst();
    return ((MemoryRecords) partition.records()).buffer();
  }

  private static ByteBuffer copyOfRecords(Request request) {
    ByteBuffer records = buffer(request);
    return ByteBuffer.allocate(records.remaining()).put(records).flip();
  }

  private static ByteBuffer records(byte value) {
    byte[] bytes = new byte[RECORDS_BYTES];
    Arrays.fill(bytes, value);
    return ByteBuffer.wrap(bytes);
  }

  private static ProduceRequest produce(byte value) {
    ProduceRequestData data = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1_000);
    TopicProduceData topic = new TopicProduceData().setTopicId(new Uuid(1, 2));
    topic
        .partitionData()
        .add(
            new PartitionProduceData()
                .setIndex(0)
                .setRecords(MemoryRecords.readableRecords(records(value))));
    data.topicData().add(topic);
    return new ProduceRequest(data, (short) 13);
  }

  private Listener listener(RequestHandler handler) {
    NetworkSettings settings = NetworkSettings.DEFAULTS.withTimes(600_000, 120_000, 120_000, 50);
    Listener listener =
        new Listener(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Environment.system(),
            OFFERED,
            handler,
            settings);
    listener.start();
    opened.add(listener);
    return listener;
  }

  private RawClient client(Listener listener) throws IOException {
    RawClient client = new RawClient(listener.port());
    opened.add(client);
    return client;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Environment system = Environment.system();
    long deadlineMs = system.clock().monotonicMs() + 120_000;
    while (!condition.getAsBoolean()) {
      assertThat(system.clock().monotonicMs()).as("still waiting").isLessThan(deadlineMs);
      system.tasks().sleepMs(2);
    }
  }
}
