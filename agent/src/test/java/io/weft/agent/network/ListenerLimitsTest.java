package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.environment.ManualTime;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.protocol.frame.OfferedApis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What connections may cost, in bytes and in time.
@Timeout(300)
class ListenerLimitsTest {
  private static final OfferedApis OFFERED =
      OfferedApis.of(List.of(ApiKeys.METADATA, ApiKeys.PRODUCE));
  private static final NetworkSettings SETTINGS = NetworkSettings.DEFAULTS;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final ManualTime time = new ManualTime(7);

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable thing : opened.reversed()) {
      if (thing instanceof Listener listener) {
        closeInTime(listener);
      } else {
        thing.close();
      }
    }
  }

  /// Requests that no test ever answers are given up once their time has passed.
  private void closeInTime(Listener listener) throws InterruptedException {
    Thread closing = Environment.system().tasks().start("closing", listener::close);
    while (closing.isAlive()) {
      pass(1_000);
    }
  }

  private Listener listener(RequestHandler handler, NetworkSettings settings) {
    Listener listener =
        new Listener(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            time.environment(),
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

  /// Lets time pass in steps that the sweep notices.
  private void pass(long durationMs) throws InterruptedException {
    for (long passed = 0; passed < durationMs; passed += 500) {
      time.advanceMs(500);
      Environment.system().tasks().sleepMs(2);
    }
  }

  /// Lets time pass until nobody is connected: however late the listener came to the bytes.
  private void passUntilClosed(Listener listener) throws InterruptedException {
    Environment system = Environment.system();
    long deadlineMs = system.clock().monotonicMs() + 120_000;
    while (listener.connectionCount() > 0) {
      assertThat(system.clock().monotonicMs()).as("still connected").isLessThan(deadlineMs);
      pass(1_000);
    }
  }

  private static ByteBuffer produce(int recordBytes) {
    ProduceRequestData data = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(1);
    TopicProduceData topic = new TopicProduceData().setName("t");
    topic
        .partitionData()
        .add(
            new PartitionProduceData()
                .setRecords(MemoryRecords.readableRecords(ByteBuffer.allocate(recordBytes))));
    data.topicData().add(topic);
    return RawClient.frame(new ProduceRequest(data, (short) 9), "me", 1);
  }

  /// A client that has been answered once: from then on the longer limits hold for it.
  private RawClient greeted(Listener listener) throws IOException {
    RawClient client = client(listener);
    client.send(RawClient.metadata());
    client.receiveFrame();
    return client;
  }

  @Test
  void closesOnSilenceAfterALengthF8() throws Exception {
    Listener listener = listener(new TestHandler(false), SETTINGS);
    RawClient client = greeted(listener);
    client.sendLength(100);
    await(() -> listener.connectionCount() == 1);
    Environment.system().tasks().sleepMs(50);

    pass(25_000);
    assertThat(listener.connectionCount()).isEqualTo(1);
    passUntilClosed(listener);

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void closesADripThatKeepsAFrameOpen() throws Exception {
    Listener listener = listener(new TestHandler(false), SETTINGS);
    RawClient client = greeted(listener);
    client.sendLength(100);
    // Fewer bytes than the frame has: it never ends.
    for (int i = 0; i < 99 && listener.connectionCount() > 0; i++) {
      try {
        client.sendRaw((byte) 0);
      } catch (SocketException e) {
        // It has just been closed.
      }
      Environment.system().tasks().sleepMs(20);
      pass(9_000);
    }

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void closesWhoAsksNothingAtAll() throws Exception {
    Listener listener = listener(new TestHandler(false), SETTINGS);
    RawClient client = client(listener);
    await(() -> listener.connectionCount() == 1);

    passUntilClosed(listener);

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void closesTheIdle() throws Exception {
    Listener listener =
        listener(new TestHandler(false), SETTINGS.withTimes(60_000, 10_000, 30_000, 1_000));
    RawClient client = greeted(listener);

    pass(50_000);
    assertThat(listener.connectionCount()).isEqualTo(1);
    passUntilClosed(listener);

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void doesNotTakeForIdleWhoWaitsForAnAnswer() throws Exception {
    TestHandler handler = new TestHandler(true);
    Listener listener = listener(handler, SETTINGS.withTimes(60_000, 10_000, 30_000, 1_000));
    RawClient client = client(listener);
    int id = client.send(RawClient.metadata());
    Pending<Answer> owed = handler.owed.take();
    Environment.system().tasks().sleepMs(20);

    pass(120_000);
    owed.complete(TestHandler.answer());

    assertThat(client.receiveCorrelation()).isEqualTo(id);
  }

  @Test
  void closesWhoReadsNoAnswers() throws Exception {
    Answer large =
        new Answer.Ready(
            new MetadataResponse(
                new MetadataResponseData().setClusterId("c".repeat(30_000)), (short) 2));
    AtomicInteger handled = new AtomicInteger();
    Listener listener =
        listener(
            request -> {
              handled.incrementAndGet();
              return large;
            },
            SETTINGS.withAnswersQueuedMax(10));
    RawClient client = client(listener);
    ByteBuffer frame = RawClient.frame(RawClient.metadata(), "me", 1).putShort(2, (short) 2);
    for (int i = 0; i < 3_000; i++) {
      client.sendFrame(frame.rewind());
    }
    // The socket's buffers are full, then the queue is, then nothing is handled any more.
    AtomicInteger before = new AtomicInteger(-1);
    await(
        () -> {
          int now = handled.get();
          return now > 100 && before.getAndSet(now) == now && pause();
        });

    assertThat(handled.get()).isLessThan(3_000);
    passUntilClosed(listener);
    assertThat(listener.requestBytesHeld()).isZero();
  }

  private static boolean pause() {
    try {
      Environment.system().tasks().sleepMs(200);
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void holdsAlmostNothingForLengthsThatAreAnnouncedOnly() throws Exception {
    Listener listener = listener(new TestHandler(false), SETTINGS);
    for (int i = 0; i < 300; i++) {
      RawClient client = client(listener);
      client.sendLength(100 << 20);
      client.sendRaw((byte) 0, (byte) 0, (byte) 0, (byte) 9);
    }
    await(() -> listener.connectionCount() == 300);

    assertThat(listener.requestBytesHeld()).isZero();
    // With what each of them announces, one alone would not leave room for this.
    RawClient other = client(listener);
    int id = other.send(RawClient.metadata());
    assertThat(other.receiveCorrelation()).isEqualTo(id);
  }

  @Test
  void closes500ConnectionsThatAnnounceTwoGigabytes() throws Exception {
    Listener listener = listener(new TestHandler(false), SETTINGS);
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      RawClient client = client(listener);
      clients.add(client);
      client.sendLength(Integer.MAX_VALUE);
    }

    for (RawClient client : clients) {
      assertThat(client.isClosedByPeer()).isTrue();
    }
    await(() -> listener.connectionCount() == 0);
    assertThat(listener.requestBytesHeld()).isZero();
  }

  @Test
  void refusesLargeFramesWithoutRecords() throws Exception {
    RawClient client = client(listener(new TestHandler(false), SETTINGS));
    client.sendLength(17 << 20);
    ByteBuffer begun = ByteBuffer.allocate(8 << 10).putShort((short) 3).putShort((short) 1);

    client.sendRaw(begun.array());

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void takesFramesOfEverySize() throws Exception {
    TestHandler handler = new TestHandler(true);
    Listener listener = listener(handler, SETTINGS);
    RawClient client = client(listener);
    int[] sizes = {
      1, 4_000, 4_096, 5_000, 65_400, 65_536, 70_000, 1_000_000, 1 << 20, (1 << 20) + 1, 9_000_000
    };
    for (int size : sizes) {
      client.sendFrame(produce(size));
      Request request = handler.requests.take();
      PartitionProduceData partition =
          ((ProduceRequest) request.body())
              .data()
              .topicData()
              .iterator()
              .next()
              .partitionData()
              .getFirst();

      assertThat(partition.records().sizeInBytes()).isEqualTo(size);
      handler.owed.take().complete(new Answer.None());
    }
    await(() -> listener.requestBytesHeld() == 0);
  }

  @Test
  void readsNoMoreThanTheBudgetOfAConnection() throws Exception {
    TestHandler handler = new TestHandler(true);
    Listener listener = listener(handler, SETTINGS.withBytesInFlight(10_000_000, 250_000));
    RawClient greedy = client(listener);
    RawClient modest = client(listener);
    for (int i = 0; i < 3; i++) {
      greedy.sendFrame(produce(100_000));
    }
    handler.takeOwed(2);

    modest.sendFrame(produce(100_000));

    // The modest one's request is handled while the greedy one's third waits.
    assertThat(handler.requests.take().client().id()).isZero();
    assertThat(handler.requests.take().client().id()).isZero();
    assertThat(handler.requests.take().client().id()).isEqualTo(1);
  }

  @Test
  void goesOnReadingOnceABudgetIsGivenBack() throws Exception {
    TestHandler handler = new TestHandler(true);
    Listener listener = listener(handler, SETTINGS.withBytesInFlight(250_000, 250_000));
    for (int i = 0; i < 6; i++) {
      RawClient client = client(listener);
      client.sendFrame(produce(100_000));
    }
    for (int i = 0; i < 6; i++) {
      assertThat(listener.requestBytesHeld()).isLessThanOrEqualTo(250_000);
      handler.owed.take().complete(new Answer.None());
    }

    await(() -> listener.requestBytesHeld() == 0);
    assertThat(handler.requests).hasSize(6);
  }

  @Test
  void letsSmallFramesPassThoseThatStall() throws Exception {
    TestHandler handler = new TestHandler(false);
    Listener listener = listener(handler, SETTINGS.withBytesInFlight(8_000_000, 8_000_000));
    for (int i = 0; i < 20; i++) {
      RawClient stalled = client(listener);
      stalled.sendLength(900_000);
      byte[] begun = new byte[70_000];
      stalled.sendRaw(begun);
    }
    await(() -> listener.requestBytesHeld() > 1_500_000);

    RawClient client = client(listener);
    int id = client.send(RawClient.metadata());

    assertThat(client.receiveCorrelation()).isEqualTo(id);
    assertThat(listener.requestBytesHeld()).isLessThanOrEqualTo(2_000_000);
  }

  @Test
  void answersWhatIsInFlightBeforeItClosesT40() throws Exception {
    TestHandler handler = new TestHandler(true);
    Listener listener = listener(handler, SETTINGS);
    RawClient client = client(listener);
    int id = client.send(RawClient.metadata());
    Pending<Answer> owed = handler.owed.take();
    Thread closing = Environment.system().tasks().start("closing", listener::close);
    await(
        () -> {
          try (RawClient late = new RawClient(listener.port())) {
            return late.isClosedByPeer();
          } catch (SocketTimeoutException e) {
            return false;
          } catch (IOException e) {
            return true;
          }
        });

    // Comes too late: it is not handled.
    client.send(RawClient.metadata());
    owed.complete(TestHandler.answer());

    assertThat(client.receiveCorrelation()).isEqualTo(id);
    assertThat(client.isClosedByPeer()).isTrue();
    client.close();
    closing.join();
    assertThat(listener.connectionCount()).isZero();
    assertThat(handler.requests).hasSize(1);
  }

  @Test
  void closesWhatIsNotAnsweredInTheTimeToDrain() throws Exception {
    TestHandler handler = new TestHandler(true);
    Listener listener = listener(handler, SETTINGS);
    RawClient client = client(listener);
    client.send(RawClient.metadata());
    handler.owed.take();

    closeInTime(listener);

    assertThat(client.isClosedByPeer()).isTrue();
    await(() -> listener.requestBytesHeld() == 0 && listener.connectionCount() == 0);
  }
}
