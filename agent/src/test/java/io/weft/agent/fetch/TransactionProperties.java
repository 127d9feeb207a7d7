package io.weft.agent.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.environment.Environment;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever producers write, commit and abort, and wherever a read begins and ends: a reader of
/// committed records sees exactly those, up to the last stable offset, and nothing twice; from the
/// tail, from the control plane, and from both in turns.
class TransactionProperties {
  private static final int PRODUCERS = 5;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void oneAnswerShowsCommittedRecordsOnly(long seed) {
    Random random = new Random(seed);
    try (World world = new World(random)) {
      for (int round = 0; round < 150; round++) {
        world.step();
        long from = random.nextLong(world.end + 1);
        world.check(from, 1 + random.nextInt(3_000), Isolation.READ_COMMITTED);
        world.check(from, 1 + random.nextInt(3_000), Isolation.READ_UNCOMMITTED);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215})
  void aConsumerThatFollowsSeesEachCommittedRecordOnce(long seed) {
    Random random = new Random(seed);
    try (World world = new World(random)) {
      SequencedMap<Long, String> seen = new LinkedHashMap<>();
      long next = 0;
      for (int round = 0; round < 200; round++) {
        world.step();
        next = world.consume(next, 1 + random.nextInt(2_000), seen);
      }
      for (long producer = 0; producer < PRODUCERS; producer++) {
        world.endIfOpen(producer);
      }
      while (next < world.end) {
        next = world.consume(next, 1 + random.nextInt(2_000), seen);
      }
      assertThat(seen).isEqualTo(world.readable(0, world.end, Isolation.READ_COMMITTED));
      assertThat(List.copyOf(seen.sequencedKeySet())).isSorted();
    }
  }

  private enum Fate {
    OPEN,
    COMMITTED,
    ABORTED
  }

  private static final class Transaction {
    private final long firstOffset;
    private Fate fate = Fate.OPEN;

    Transaction(long firstOffset) {
      this.firstOffset = firstOffset;
    }
  }

  /// @param offsets of the batch; a marker has one and no values
  private record Written(long base, int offsets, List<String> values, Transaction transaction) {
    boolean isReadable(Isolation isolation) {
      return isolation == Isolation.READ_UNCOMMITTED
          || transaction == null
          || transaction.fate == Fate.COMMITTED;
    }
  }

  private static final class World implements AutoCloseable {
    private final Random random;
    private final TestCluster cluster = new TestCluster();
    private final PartitionId partition = new PartitionId(cluster.addTopic("t", 1), 0);
    private final List<Written> log = new ArrayList<>();
    private final Map<Long, Transaction> open = new TreeMap<>();
    private final int[] sequences = new int[PRODUCERS];
    private final TestAgent agent;
    private long end;

    World(Random random) {
      this.random = random;
      this.agent =
          new TestAgent(
              cluster,
              Environment.system(),
              new CacheSettings(1 + random.nextInt(4_000), random.nextInt(20_000), 2),
              new TailSettings(1, 1 + random.nextInt(8), 1 + random.nextInt(8), 1, 1),
              new FetchSettings(1 << 20, 1_000, 1 + random.nextInt(4), 2, random.nextInt(20)));
      if (random.nextInt(3) > 0) {
        agent.streaming();
      }
    }

    void step() {
      if (random.nextInt(3) == 0) {
        endIfOpen(random.nextInt(PRODUCERS));
      } else {
        commit();
      }
      if (random.nextInt(30) == 0) {
        cluster.breakStreams();
      }
    }

    void endIfOpen(long producer) {
      Transaction transaction = open.remove(producer);
      if (transaction != null) {
        boolean committed = random.nextBoolean();
        transaction.fate = committed ? Fate.COMMITTED : Fate.ABORTED;
        cluster.end(producer, committed, 5_000, partition);
        log.add(new Written(end++, 1, List.of(), null));
      }
    }

    private void commit() {
      List<TestBatch> batches = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(4); i++) {
        int producer = random.nextInt(PRODUCERS + 1);
        if (producer == PRODUCERS) {
          TestBatch plain = TestBatch.random(random, "plain@" + end);
          batches.add(plain);
          write(plain.values(), null);
        } else {
          String value = producer + "@" + end + "x".repeat(random.nextInt(100));
          batches.add(TestBatch.transactional(producer, sequences[producer]++, 1_000, value));
          write(List.of(value), open.computeIfAbsent((long) producer, _ -> new Transaction(end)));
        }
      }
      cluster.commit(new Run(partition, random.nextInt(4) == 0 ? 77_000 : -1, batches));
    }

    private void write(List<String> values, Transaction transaction) {
      log.add(new Written(end, values.size(), values, transaction));
      end += values.size();
    }

    private long stableEnd() {
      return open.values().stream().mapToLong(each -> each.firstOffset).min().orElse(end);
    }

    SequencedMap<Long, String> readable(long from, long upTo, Isolation isolation) {
      SequencedMap<Long, String> readable = new LinkedHashMap<>();
      for (Written batch : log) {
        for (int i = 0; i < batch.values.size() && batch.isReadable(isolation); i++) {
          if (batch.base + i >= from && batch.base + i < upTo) {
            readable.put(batch.base + i, batch.values.get(i));
          }
        }
      }
      return readable;
    }

    private Fetched fetch(long from, int bytesMax, Isolation isolation) {
      Want want = new Want(partition, from, bytesMax);
      return agent.fetch(new FetchOrder(List.of(want), 1 << 20, 1, 0, isolation)).getFirst();
    }

    void check(long from, int bytesMax, Isolation isolation) {
      Fetched fetched = fetch(from, bytesMax, isolation);
      CommittedReader read = CommittedReader.of(fetched, from, isolation);
      long limit = isolation == Isolation.READ_COMMITTED ? stableEnd() : end;
      assertThat(((Fetched.Records) fetched).bounds().lastStableOffset()).isEqualTo(stableEnd());
      assertThat(read.next()).as("progress from %d", from).isGreaterThan(Math.min(from, limit - 1));
      assertThat(read.next()).isLessThanOrEqualTo(Math.max(from, limit));
      assertThat(read.values()).isEqualTo(readable(from, read.next(), isolation));
      assertThat(read.batches().sequencedKeySet())
          .as("every batch and marker has its place")
          .containsExactlyElementsOf(
              log.stream()
                  .filter(batch -> batch.base + batch.offsets > from && batch.base < read.next())
                  .filter(batch -> from < limit)
                  .map(Written::base)
                  .toList());
      int bytes = TestAgent.bytes(fetched);
      assertThat(bytes <= bytesMax || read.batches().size() == 1).as("%d bytes", bytes).isTrue();
    }

    long consume(long from, int bytesMax, SequencedMap<Long, String> seen) {
      CommittedReader read =
          CommittedReader.of(
              fetch(from, bytesMax, Isolation.READ_COMMITTED), from, Isolation.READ_COMMITTED);
      seen.putAll(read.values());
      return read.next();
    }

    @Override
    public void close() {
      agent.close();
    }
  }
}
