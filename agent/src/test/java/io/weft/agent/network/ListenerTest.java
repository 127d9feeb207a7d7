package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.memory.ByteBudget;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.protocol.frame.OfferedApis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a listener does with bytes that are, or are not, Kafka requests. The names in capitals are
/// the rows of the table of bad inputs.
@Timeout(300)
class ListenerTest {
  private static final OfferedApis OFFERED =
      OfferedApis.of(List.of(ApiKeys.METADATA, ApiKeys.API_VERSIONS, ApiKeys.PRODUCE));

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable thing : opened.reversed()) {
      thing.close();
    }
  }

  private Listener listener(RequestHandler handler) {
    return listener(handler, Environment.system(), NetworkSettings.DEFAULTS);
  }

  private Listener listener(
      RequestHandler handler, Environment environment, NetworkSettings settings) {
    Listener listener =
        new Listener(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            environment,
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

  @Test
  void answersARequest() throws Exception {
    RawClient client = client(listener(new TestHandler(false)));

    int id = client.send(RawClient.metadata());

    assertThat(client.receiveCorrelation()).isEqualTo(id);
  }

  @ParameterizedTest(name = "length {0}")
  @ValueSource(ints = {-1, 0, Integer.MIN_VALUE, (100 << 20) + 1, Integer.MAX_VALUE})
  void closesOnAnImpossibleLength(int length) throws Exception {
    Listener listener = listener(new TestHandler(false));
    RawClient client = client(listener);

    client.sendLength(length);

    assertThat(client.isClosedByPeer()).isTrue();
    assertThat(listener.requestBytesHeld()).isZero();
  }

  @Test
  void closesOnAShortHeaderF5() throws Exception {
    RawClient client = client(listener(new TestHandler(false)));

    client.sendFrame(ByteBuffer.wrap(new byte[3]));

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void closesOnHttpF6() throws Exception {
    RawClient client = client(listener(new TestHandler(false)));

    client.sendRaw("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void closesOnATlsClientHelloF7() throws Exception {
    RawClient client = client(listener(new TestHandler(false)));

    client.sendRaw(
        (byte) 0x16, (byte) 3, (byte) 1, (byte) 2, (byte) 0, (byte) 1, (byte) 0, (byte) 1);

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @ParameterizedTest(name = "key {0}")
  @ValueSource(shorts = {9_999, -5, 62, 1})
  void closesOnAKeyThatIsNotOffered(short key) throws Exception {
    RawClient client = client(listener(new TestHandler(false)));

    client.sendFrame(RawClient.frame(RawClient.metadata(), "me", 1).putShort(0, key));

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void closesOnAVersionThatIsNotOfferedF11() throws Exception {
    RawClient client = client(listener(new TestHandler(false)));

    client.sendFrame(RawClient.frame(RawClient.metadata(), "me", 1).putShort(2, (short) 99));

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void closesOnRemovedVersionsF12() throws Exception {
    RawClient client = client(listener(new TestHandler(false)));
    ByteBuffer frame = RawClient.frame(RawClient.metadata(), "me", 1);

    client.sendFrame(frame.putShort(0, (short) 0).putShort(2, (short) 0));

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void answersATooNewApiVersionsInVersion0F13() throws Exception {
    RequestHandler handler =
        request ->
            new Answer.Ready(
                request.body().getErrorResponse(new UnsupportedVersionException("99")));
    RawClient client = client(listener(handler));
    ByteBuffer frame =
        RawClient.frame(new ApiVersionsRequest(new ApiVersionsRequestData(), (short) 3), "me", 4);

    client.sendFrame(frame.putShort(2, (short) 99));

    ByteBuffer answer = client.receiveFrame();
    assertThat(answer.getInt()).isEqualTo(4);
    ApiVersionsResponseData data =
        ApiVersionsResponse.parse(new ByteBufferAccessor(answer), (short) 0).data();
    assertThat(data.errorCode()).isEqualTo((short) 35);
    assertThat(data.apiKeys()).hasSize(1);
    assertThat(answer.hasRemaining()).isFalse();
  }

  @Test
  void closesOnATruncatedClientIdF14() throws Exception {
    RawClient client = client(listener(new TestHandler(false)));
    ByteBuffer frame = RawClient.frame(RawClient.metadata(), "me", 1);

    client.sendFrame(frame.putShort(8, Short.MAX_VALUE));

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void closesOnAnArrayLongerThanItsFrameF15() throws Exception {
    RawClient client = client(listener(new TestHandler(false)));
    ByteBuffer frame = RawClient.frame(RawClient.metadata(), "me", 1);

    client.sendFrame(frame.putInt(frame.limit() - 4, Integer.MAX_VALUE));

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void doesNotMisparseTheFrameAfterTrailingGarbageF17() throws Exception {
    RawClient client = client(listener(new TestHandler(false)));
    ByteBuffer frame = RawClient.frame(RawClient.metadata(), "me", 7);

    client.sendFrame(ByteBuffer.allocate(frame.limit() + 9).put(frame).rewind());
    int next = client.send(RawClient.metadata());

    assertThat(client.receiveCorrelation()).isEqualTo(7);
    assertThat(client.receiveCorrelation()).isEqualTo(next);
  }

  @Test
  void closesOnATruncatedProduceF18() throws Exception {
    RawClient client = client(listener(new TestHandler(false)));
    ByteBuffer frame = ByteBuffer.allocate(22);
    frame.putShort((short) 0).putShort((short) 7).putInt(1).putShort((short) 0);
    frame.putShort((short) -1).putShort((short) 1).putInt(1_000).putInt(5);

    client.sendFrame(frame.flip());

    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void sendsEarlierAnswersBeforeItClosesOnGarbage() throws Exception {
    TestHandler handler = new TestHandler(true);
    RawClient client = client(listener(handler));

    int id = client.send(RawClient.metadata());
    client.sendFrame(ByteBuffer.wrap(new byte[3]));
    handler.owed.take().complete(TestHandler.answer());

    assertThat(client.receiveCorrelation()).isEqualTo(id);
    assertThat(client.isClosedByPeer()).isTrue();
  }

  @Test
  void closesRatherThanAnswersWhenAHandlerFails() throws Exception {
    Listener listener =
        listener(
            request -> {
              throw new IllegalStateException("a bug");
            });
    RawClient client = client(listener);

    client.send(RawClient.metadata());

    assertThat(client.isClosedByPeer()).isTrue();
    await(() -> listener.requestBytesHeld() == 0);
  }

  @Test
  void closesWhenAPendingAnswerFails() throws Exception {
    TestHandler handler = new TestHandler(true);
    Listener listener = listener(handler);
    RawClient client = client(listener);

    client.send(RawClient.metadata());
    handler.owed.take().fail(new IllegalStateException("a bug"));

    assertThat(client.isClosedByPeer()).isTrue();
    await(() -> listener.requestBytesHeld() == 0 && listener.connectionCount() == 0);
  }

  @Test
  void readsOnWhileAnswersAreOwedT39() throws Exception {
    TestHandler handler = new TestHandler(true);
    RawClient client = client(listener(handler));
    List<Integer> sent = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sent.add(client.send(RawClient.metadata()));
    }

    // All are in the handler's hands before any is answered.
    List<Pending<Answer>> owed = new ArrayList<>(handler.takeOwed(50));
    long seed = new Random().nextLong();
    Collections.shuffle(owed, new Random(seed));
    owed.forEach(pending -> pending.complete(TestHandler.answer()));

    List<Integer> received = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      received.add(client.receiveCorrelation());
    }
    assertThat(received).as("seed %d", seed).isEqualTo(sent);
  }

  @Test
  void sendsNothingForNone() throws Exception {
    RequestHandler handler =
        request -> request.header().correlationId() == 1 ? new Answer.None() : TestHandler.answer();
    Listener listener = listener(handler);
    RawClient client = client(listener);

    client.send(RawClient.metadata());
    int second = client.send(RawClient.metadata());

    assertThat(client.receiveCorrelation()).isEqualTo(second);
    await(() -> listener.requestBytesHeld() == 0);
  }

  @Test
  void givesBackTheBytesOfAPeerThatIsGone() throws Exception {
    TestHandler handler = new TestHandler(true);
    Listener listener = listener(handler);
    RawClient client = client(listener);
    client.send(RawClient.metadata());
    client.send(RawClient.metadata());
    handler.takeOwed(2);
    assertThat(listener.requestBytesHeld()).isPositive();

    client.close();

    await(() -> listener.requestBytesHeld() == 0 && listener.connectionCount() == 0);
  }

  @Test
  void countsWhatARequestCostsBeyondItsBytes() throws Exception {
    TestHandler handler = new TestHandler(true);
    Listener listener = listener(handler);
    client(listener).send(RawClient.metadata());
    handler.takeOwed(1);

    assertThat(listener.requestBytesHeld()).isGreaterThan(FrameReader.REQUEST_OVERHEAD_BYTES);
  }

  @Test
  void keepsBytesThatSomebodyRetained() throws Exception {
    List<ByteBudget.Share> kept = Collections.synchronizedList(new ArrayList<>());
    Listener listener =
        listener(
            request -> {
              kept.add(request.bytes().retain());
              return TestHandler.answer();
            });
    RawClient client = client(listener);
    client.send(RawClient.metadata());
    client.receiveFrame();
    client.close();
    await(() -> listener.connectionCount() == 0);

    assertThat(listener.requestBytesHeld()).isEqualTo(kept.getFirst().bytes());
    kept.getFirst().release();
    assertThat(listener.requestBytesHeld()).isZero();
  }

  @Test
  void refusesConnectionsBeyondTheLimit() throws Exception {
    Listener listener =
        listener(
            new TestHandler(false),
            Environment.system(),
            NetworkSettings.DEFAULTS.withConnectionsMax(10, 1));
    RawClient first = client(listener);
    first.send(RawClient.metadata());
    first.receiveFrame();

    assertThat(client(listener).isClosedByPeer()).isTrue();

    first.close();
    await(() -> listener.connectionCount() == 0);
    RawClient third = client(listener);
    int id = third.send(RawClient.metadata());
    assertThat(third.receiveCorrelation()).isEqualTo(id);
  }
}
