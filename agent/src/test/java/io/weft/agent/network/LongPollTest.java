package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.memory.BlockPool;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.protocol.frame.OfferedApis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Fetches that wait for long.
@Timeout(300)
class LongPollTest {
  private final Waiting handler = new Waiting();
  private final Listener listener =
      new Listener(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          Environment.system(),
          OfferedApis.of(List.of(ApiKeys.METADATA, ApiKeys.FETCH)),
          handler,
          NetworkSettings.DEFAULTS);

  LongPollTest() {
    listener.start();
  }

  @AfterEach
  void close() {
    listener.close();
  }

  /// Lets each fetch wait until the test says so, or until nobody wants its answer.
  private static final class Waiting implements RequestHandler {
    final LinkedBlockingQueue<ApiKeys> handled = new LinkedBlockingQueue<>();
    final Pending<Boolean> released = new Pending<>();
    final LinkedBlockingQueue<Boolean> ends = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Long> connectionsEnded = new LinkedBlockingQueue<>();

    @Override
    public Answer handle(Request request) throws InterruptedException {
      handled.add(request.header().apiKey());
      if (request.header().apiKey() != ApiKeys.FETCH) {
        return TestHandler.answer();
      }
      boolean wanted = false;
      try {
        request.owed().whileWanted(released::await);
        wanted = true;
      } finally {
        ends.add(wanted);
      }
      request.owed().makeRoom(1_000);
      request.owed().pins(1_000);
      return new Answer.Ready(
          FetchResponse.of(Errors.NONE, 0, 0, new LinkedHashMap<>(), List.of()));
    }

    @Override
    public void connectionEnded(ClientConnection client) {
      connectionsEnded.add(client.id());
    }
  }

  private static AbstractRequest fetch() {
    return new FetchRequest(new FetchRequestData().setMaxWaitMs(300_000), (short) 12);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Environment system = Environment.system();
    long deadlineMs = system.clock().monotonicMs() + 40_000;
    while (!condition.getAsBoolean()) {
      assertThat(system.clock().monotonicMs()).as("still waiting").isLessThan(deadlineMs);
      system.tasks().sleepMs(2);
    }
  }

  @Test
  void endsWhenItsClientIsGone() throws Exception {
    RawClient client = new RawClient(listener.port());
    client.send(fetch());
    assertThat(handler.handled.take()).isEqualTo(ApiKeys.FETCH);
    assertThat(listener.requestBytesHeld()).isPositive();

    client.close();

    assertThat(handler.ends.take()).isFalse();
    handler.connectionsEnded.take();
    await(() -> listener.connectionCount() == 0);
    assertThat(listener.figures())
        .isEqualTo(new NetworkFigures(0, 0, 0, new BlockPool.Figures(0, 0, 0)));
  }

  @Test
  void theConnectionEndsOnlyAfterItsFetchHas() throws Exception {
    RawClient client = new RawClient(listener.port());
    client.send(fetch());
    handler.handled.take();
    client.close();
    handler.connectionsEnded.take();
    assertThat(handler.ends).hasSize(1);
  }

  @Test
  void holdsNothingOfTheAnswersBudget() throws Exception {
    try (RawClient client = new RawClient(listener.port())) {
      client.send(fetch());
      handler.handled.take();
      assertThat(listener.answerBytesHeld()).isZero();
      handler.released.complete(true);
      client.receiveFrame();
      await(() -> listener.answerBytesHeld() == 0);
    }
  }

  @Test
  void theNextRequestIsHandledAfterIt() throws Exception {
    try (RawClient client = new RawClient(listener.port())) {
      int first = client.send(fetch());
      int second = client.send(RawClient.metadata());
      int third = client.send(fetch());
      assertThat(handler.handled.take()).isEqualTo(ApiKeys.FETCH);
      assertThat(handler.handled).isEmpty();
      handler.released.complete(true);
      assertThat(List.of(answered(client), answered(client), answered(client)))
          .containsExactly(first, second, third);
    }
  }

  private static int answered(RawClient client) throws IOException {
    return client.receiveCorrelation();
  }
}
