package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.fetch.TestBatch;
import io.weft.agent.memory.PagePool;
import io.weft.agent.memory.Pages;
import io.weft.environment.Environment;
import io.weft.protocol.frame.OfferedApis;
import io.weft.protocol.record.BatchView;
import io.weft.protocol.record.GatheredBytes;
import io.weft.protocol.record.StampedRecords;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Answers that refer to memory of a pool: it is theirs until they are sent or their client has
/// gone, and nobody's after that.
@Timeout(300)
class LeasedAnswersTest {
  /// More than the system's buffers take of an answer that its client does not read.
  private static final int VALUE_BYTES = 12 << 20;

  private final PagePool pool = new PagePool(64 << 20, 16 << 10);
  private final Leasing handler = new Leasing();
  private final Listener listener =
      new Listener(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          Environment.system(),
          OfferedApis.of(List.of(ApiKeys.METADATA, ApiKeys.FETCH)),
          handler,
          NetworkSettings.DEFAULTS);

  LeasedAnswersTest() {
    listener.start();
  }

  @AfterEach
  void close() {
    listener.close();
  }

  /// Answers each fetch with a batch in pages that nothing else holds.
  private final class Leasing implements RequestHandler {
    final AtomicInteger answered = new AtomicInteger();
    volatile boolean fails;

    @Override
    public Answer handle(Request request) throws InterruptedException {
      byte[] batch = TestBatch.of(1, value(answered.incrementAndGet())).bytes();
      request.owed().makeRoom(batch.length);
      Pages pages = pool.allocate(batch.length).orElseThrow();
      pages.fill(List.of(ByteBuffer.wrap(batch)));
      BatchView view = BatchView.at(GatheredBytes.of(pages.buffers()), 0).orElseThrow();
      StampedRecords records = new StampedRecords.Builder().add(view, 0).build();
      request.owed().pins(batch.length, pages.lease(0, batch.length));
      pages.release();
      if (fails) {
        throw new IllegalStateException("as the test wants it");
      }
      LinkedHashMap<TopicIdPartition, PartitionData> partitions = new LinkedHashMap<>();
      partitions.put(
          new TopicIdPartition(Uuid.ZERO_UUID, 0, "t"), new PartitionData().setRecords(records));
      return new Answer.Ready(FetchResponse.of(Errors.NONE, 0, 0, partitions, List.of()));
    }

    @Override
    public void connectionEnded(ClientConnection client) {}
  }

  private static String value(int number) {
    return (number + ",").repeat(VALUE_BYTES / 2).substring(0, VALUE_BYTES);
  }

  private static FetchRequest fetch() {
    return new FetchRequest(new FetchRequestData().setMaxWaitMs(0), (short) 12);
  }

  private void awaitNothingHeld() throws InterruptedException {
    Environment system = Environment.system();
    long deadlineMs = system.clock().monotonicMs() + 60_000;
    while (pool.figures().leases() > 0) {
      assertThat(system.clock().monotonicMs()).as("leases are held").isLessThan(deadlineMs);
      system.tasks().sleepMs(2);
    }
    assertThat(pool.figures().bytesUsed()).isZero();
  }

  private void awaitAnswers(int count) throws InterruptedException {
    while (handler.answered.get() < count) {
      Environment.system().tasks().sleepMs(2);
    }
  }

  private static void checkValue(RawClient client, int number) throws IOException {
    String answer = StandardCharsets.ISO_8859_1.decode(client.receiveFrame()).toString();
    assertThat(answer.contains(value(number))).as("answer %d", number).isTrue();
  }

  @Test
  void eachIsSentFromThereAndLetGo() throws Exception {
    try (RawClient client = new RawClient(listener.port())) {
      for (int number = 1; number <= 3; number++) {
        client.send(fetch());
        checkValue(client, number);
        awaitNothingHeld();
      }
    }
  }

  @Test
  void aClientThatGoesWithoutReadingHoldsNothing() throws Exception {
    try (RawClient client = new RawClient(listener.port())) {
      client.send(fetch());
      client.send(fetch());
      awaitAnswers(2);
      assertThat(pool.figures().leases()).isPositive();
    }
    awaitNothingHeld();
  }

  @Test
  void aHandlerThatFailsHoldsNothing() throws Exception {
    handler.fails = true;
    try (RawClient client = new RawClient(listener.port())) {
      client.send(fetch());
      awaitAnswers(1);
      awaitNothingHeld();
    }
  }
}
