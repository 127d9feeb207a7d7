package io.weft.agent.api.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.api.fetch.LogModel.Batch;
import io.weft.agent.api.fetch.SessionModel.Expected;
import io.weft.agent.api.fetch.SessionModel.Part;
import io.weft.agent.cache.CacheSettings;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.FetchOrder;
import io.weft.agent.fetch.FetchSettings;
import io.weft.agent.fetch.Isolation;
import io.weft.agent.fetch.TailSettings;
import io.weft.agent.fetch.TestAgent;
import io.weft.environment.Pending;
import io.weft.model.Span;
import io.weft.model.Zone;
import io.weft.protocol.record.StampedRecords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever limits, offsets, isolation and sessions: an answer is exactly the one that a plain
/// model of Kafka's rules gives, and waits exactly where it should.
class FetchLimitsProperties {
  private static final int ROUNDS = 80;
  private static final int WAIT_MS = 60_000;
  private static final int[] VERSIONS = {4, 7, 12, 13, 18};

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void answersAreThoseOfKafkasRules(long seed) throws InterruptedException {
    try (World world = new World(seed)) {
      for (int round = 0; round < ROUNDS; round++) {
        world.logs.change();
        world.warm();
        world.fetchAndCheck("seed " + seed + " round " + round);
      }
    }
  }

  private static final class World implements AutoCloseable {
    private final Random random;
    private final ManualTime time;
    private final ModelledLogs logs;
    private final TestAgent agent;
    private final FetchHandler handler;
    private final SessionModel session = new SessionModel();

    World(long seed) {
      random = new Random(seed);
      time = new ManualTime(seed);
      logs = new ModelledLogs(random, 1 + random.nextInt(8));
      agent =
          new TestAgent(
              logs.cluster(),
              time.environment(),
              new CacheSettings(1 << 20, 64 << 20, 4),
              new TailSettings(100, 8, 64, 50, 5_000),
              new FetchSettings(1 << 20, 300_000, 1_000, 4, 100));
      if (random.nextBoolean()) {
        agent.streaming();
      }
      FetchSessions sessions =
          new FetchSessions(time.environment(), new SessionSettings(1_000, 120_000));
      handler = new FetchHandler(agent.catalog(), agent.fetcher(), sessions, new Zone("here"));
    }

    /// All lies in memory afterwards: so what fits into an answer is in it.
    void warm() throws InterruptedException {
      for (int i = 0; i < logs.count(); i++) {
        FetchOrder.Want all = new FetchOrder.Want(logs.id(i), logs.log(i).start(), 1 << 20);
        agent
            .fetcher()
            .fetch(new FetchOrder(List.of(all), 1 << 20, 0, 0, Isolation.READ_UNCOMMITTED));
      }
      time.advanceMs(random.nextInt(2_000));
    }

    private int limit() {
      return switch (random.nextInt(7)) {
        case 6 -> -5;
        case 0 -> 0;
        case 1 -> 1;
        case 2 -> random.nextInt(200);
        case 3 -> random.nextInt(2_000);
        case 4 -> random.nextInt(10_000);
        default -> 1 << 20;
      };
    }

    private Part part(int number) {
      LogModel log = logs.log(number);
      long offset = log.start() + random.nextLong(log.end() - log.start() + 1);
      long wrong = random.nextBoolean() ? log.end() + 1 : log.start() - 1;
      return new Part(random.nextInt(40) == 0 ? wrong : offset, limit());
    }

    void fetchAndCheck(String as) throws InterruptedException {
      FetchRequestData data =
          new FetchRequestData()
              .setMaxBytes(limit())
              .setMinBytes(random.nextBoolean() ? random.nextInt(2) : limit())
              .setMaxWaitMs(random.nextInt(3) == 0 ? 0 : WAIT_MS)
              .setIsolationLevel((byte) random.nextInt(2));
      LinkedHashMap<Integer, Part> named = new LinkedHashMap<>();
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < logs.count(); i++) {
        numbers.add(i);
      }
      Collections.shuffle(numbers, random);
      boolean incremental = session.id() != 0 && random.nextInt(4) > 0;
      int count = random.nextInt(numbers.size() + 1);
      for (int number : numbers.subList(0, incremental ? count : Math.max(1, count))) {
        named.put(number, part(number));
      }
      if (incremental) {
        incremental(data, named, as);
      } else {
        boolean begins = random.nextBoolean();
        int version = VERSIONS[random.nextInt(VERSIONS.length)];
        begins &= version >= 7;
        data.setSessionId(0).setSessionEpoch(begins ? 0 : -1);
        FetchResponse response = sent(data, named, named, version, as);
        Map<Integer, Expected> expected = expected(data, named, response);
        check(response, List.copyOf(named.sequencedKeySet()), expected, named, data, as);
        if (begins) {
          session.begin(response.sessionId(), version, named, expected);
        }
      }
    }

    private void incremental(FetchRequestData data, SequencedMap<Integer, Part> named, String as)
        throws InterruptedException {
      data.setSessionId(session.id()).setSessionEpoch(session.nextEpoch());
      List<Integer> forgotten =
          session.parts().sequencedKeySet().stream()
              .filter(number -> !named.containsKey(number) && random.nextInt(8) == 0)
              .toList();
      session.update(named, forgotten);
      for (int number : forgotten) {
        data.forgottenTopicsData()
            .add(
                new ForgottenTopic()
                    .setTopic("t")
                    .setTopicId(logs.topicId())
                    .setPartitions(List.of(number)));
      }
      SequencedMap<Integer, Part> served = session.parts();
      FetchResponse response = sent(data, named, served, session.version(), as);
      if (served.isEmpty()) {
        assertThat(response.sessionId()).as(as).isZero();
        session.end();
        return;
      }
      Map<Integer, Expected> expected = expected(data, served, response);
      check(response, session.news(expected), expected, served, data, as);
    }

    private Map<Integer, Expected> expected(
        FetchRequestData data, Map<Integer, Part> served, FetchResponse response) {
      Map<Integer, PartitionData> answered = byNumber(response);
      Map<Integer, Expected> expected = new LinkedHashMap<>();
      long left = data.maxBytes();
      boolean oneAtLeast = true;
      for (Map.Entry<Integer, Part> each : served.entrySet()) {
        int number = each.getKey();
        LogModel log = logs.log(number);
        Part part = each.getValue();
        if (!log.hasOffset(part.offset())) {
          expected.put(number, new Expected(Errors.OFFSET_OUT_OF_RANGE, -1, -1, -1, List.of()));
          continue;
        }
        List<Batch> fitting =
            LogModel.limited(
                log.readable(part.offset(), isolation(data)),
                Math.min(part.bytesMax(), left),
                oneAtLeast);
        List<Batch> actual =
            answered.containsKey(number) ? batches(answered.get(number)) : List.of();
        boolean isEnough = isEnough(number, part, data, actual);
        List<Batch> taken =
            isEnough && actual.size() < fitting.size()
                ? fitting.subList(0, actual.size())
                : fitting;
        oneAtLeast &= taken.isEmpty();
        left = Math.max(0, left - LogModel.bytes(taken));
        expected.put(
            number, new Expected(Errors.NONE, log.end(), log.lastStable(), log.start(), taken));
      }
      return expected;
    }

    /// What is looked up of a partition are extents that together have as many bytes as its limit:
    /// where the offset lies inside the first of them, an answer may end with the last of them,
    /// though more would fit. It has something of them all.
    private boolean isEnough(int number, Part part, FetchRequestData data, List<Batch> actual) {
      if (actual.isEmpty()) {
        return false;
      }
      long next = actual.getLast().next();
      List<Span> touched =
          logs.cluster().spans(logs.id(number)).stream()
              .filter(span -> span.lastOffset() >= part.offset() && span.baseOffset() < next)
              .toList();
      return touched.getLast().lastOffset() + 1 == next
          && touched.stream().mapToLong(Span::length).sum()
              >= Math.min(part.bytesMax(), data.maxBytes());
    }

    private static Map<Integer, PartitionData> byNumber(FetchResponse response) {
      Map<Integer, PartitionData> partitions = new LinkedHashMap<>();
      response
          .data()
          .responses()
          .forEach(each -> each.partitions().forEach(p -> partitions.put(p.partitionIndex(), p)));
      return partitions;
    }

    private void check(
        FetchResponse response,
        List<Integer> answered,
        Map<Integer, Expected> expected,
        Map<Integer, Part> served,
        FetchRequestData data,
        String as) {
      assertThat(response.error()).as(as).isEqualTo(Errors.NONE);
      Map<Integer, PartitionData> partitions = byNumber(response);
      assertThat(List.copyOf(partitions.keySet())).as(as).isEqualTo(answered);
      for (int number : answered) {
        PartitionData actual = partitions.get(number);
        Expected one = expected.get(number);
        String of = as + ", partition " + number + " of " + data + " at " + served;
        assertThat(Errors.forCode(actual.errorCode())).as(of).isEqualTo(one.error());
        assertThat(actual.highWatermark()).as(of).isEqualTo(one.highWatermark());
        assertThat(actual.lastStableOffset()).as(of).isEqualTo(one.lastStable());
        assertThat(actual.logStartOffset()).as(of).isEqualTo(one.logStart());
        assertThat(batches(actual)).as(of).isEqualTo(one.batches());
        if (one.error() == Errors.NONE) {
          assertThat(actual.abortedTransactions())
              .as(of)
              .isEqualTo(
                  logs.log(number)
                      .abortedAmong(served.get(number).offset(), one.batches(), isolation(data)));
        }
      }
    }

    private static List<Batch> batches(PartitionData data) {
      List<Batch> batches = new ArrayList<>();
      if (data.records() instanceof StampedRecords records) {
        for (RecordBatch batch : MemoryRecords.readableRecords(records.copied()).batches()) {
          batch.ensureValid();
          batches.add(new Batch(batch.baseOffset(), batch.nextOffset(), batch.sizeInBytes()));
        }
      }
      return batches;
    }

    private static Isolation isolation(FetchRequestData data) {
      return data.isolationLevel() == 0 ? Isolation.READ_UNCOMMITTED : Isolation.READ_COMMITTED;
    }

    /// Sends it, and sees to it that the answer waits exactly where it should.
    private FetchResponse sent(
        FetchRequestData data,
        Map<Integer, Part> named,
        Map<Integer, Part> served,
        int version,
        String as)
        throws InterruptedException {
      named.forEach(
          (number, part) ->
              data.topics()
                  .add(
                      new FetchTopic()
                          .setTopic("t")
                          .setTopicId(logs.topicId())
                          .setPartitions(
                              List.of(
                                  new FetchPartition()
                                      .setPartition(number)
                                      .setFetchOffset(part.offset())
                                      .setPartitionMaxBytes(part.bytesMax())))));
      Pending<FetchResponse> answer = new Pending<>();
      time.start("fetch", () -> answer(new FetchRequest(data, (short) version), answer));
      while (!answer.isDone() && !time.isAnyoneOverdueWithin(WAIT_MS)) {
        Thread.onSpinWait();
      }
      boolean waits = !answer.isDone();
      mustWait(data, served)
          .ifPresent(
              must -> assertThat(waits).as("%s waits: %s at %s", as, data, served).isEqualTo(must));
      if (waits) {
        time.advanceMs(WAIT_MS);
      }
      return answer.await();
    }

    private void answer(FetchRequest request, Pending<FetchResponse> answer) {
      try {
        answer.complete(
            Asked.response(
                handler.handle(Asked.request(ApiKeys.FETCH, request)), FetchResponse.class));
      } catch (InterruptedException | RuntimeException failure) {
        answer.fail(new IllegalStateException(failure));
      }
    }

    /// Where the offset asked for, or the end of what may be read, lies inside an extent, the whole
    /// extent may count: there it is open.
    private Optional<Boolean> mustWait(FetchRequestData data, Map<Integer, Part> served) {
      boolean failed =
          served.entrySet().stream()
              .anyMatch(each -> !logs.log(each.getKey()).hasOffset(each.getValue().offset()));
      if (data.maxWaitMs() <= 0 || served.isEmpty() || failed) {
        return Optional.of(false);
      }
      long least = 0;
      long most = 0;
      long limits = 0;
      for (Map.Entry<Integer, Part> each : served.entrySet()) {
        LogModel log = logs.log(each.getKey());
        long offset = each.getValue().offset();
        long limit = Math.max(1, Math.min(each.getValue().bytesMax(), data.maxBytes()));
        long readableEnd = log.readableEnd(isolation(data));
        long bytes = LogModel.bytes(log.readable(offset, isolation(data)));
        long spanBytes =
            logs.cluster().spans(logs.id(each.getKey())).stream()
                .filter(span -> span.lastOffset() >= offset && span.baseOffset() < readableEnd)
                .mapToLong(Span::length)
                .sum();
        limits += limit;
        least += Math.min(limit, bytes);
        most += offset >= readableEnd ? 0 : Math.min(limit, spanBytes);
      }
      long needed = Math.min(data.minBytes(), Math.max(1, Math.min(data.maxBytes(), limits)));
      if (least >= needed) {
        return Optional.of(false);
      }
      return most < needed ? Optional.of(true) : Optional.empty();
    }

    @Override
    public void close() {
      agent.close();
    }
  }
}
