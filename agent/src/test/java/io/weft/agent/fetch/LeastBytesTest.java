package io.weft.agent.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.environment.Pending;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// When a fetch waits for more, and that it reads nothing before it answers.
class LeastBytesTest {
  private static final int PARTITIONS = 4;
  private static final int ROUNDS = 60;

  /// As Kafka counts: each partition with what it has, up to its limit; all of them up to theirs.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aFetchWaitsWhileThereIsLessAndNeverLonger(long seed) throws InterruptedException {
    Random random = new Random(seed);
    ManualTime time = new ManualTime(seed);
    TestCluster cluster = new TestCluster();
    TopicId topic = cluster.addTopic("t", PARTITIONS);
    try (TestAgent agent = new TestAgent(cluster, time.environment()).streaming()) {
      for (int round = 0; round < ROUNDS; round++) {
        // Offsets and batches are one to one; each commit is one extent per partition.
        long[] bytes = new long[PARTITIONS];
        List<Want> wants = new ArrayList<>();
        long[] ends = fill(cluster, topic, random, bytes);
        for (int i = 0; i < PARTITIONS; i++) {
          wants.add(new Want(new PartitionId(topic, i), starts[i], 1 + random.nextInt(3_000)));
          starts[i] = ends[i];
        }
        int bytesMax = 1 + random.nextInt(8_000);
        long counted = 0;
        long limits = 0;
        for (int i = 0; i < PARTITIONS; i++) {
          counted += Math.min(bytes[i], wants.get(i).bytesMax());
          limits += wants.get(i).bytesMax();
        }
        long bytesMin = Math.max(1, counted + random.nextInt(200) - 100);
        boolean isEnough = counted >= Math.min(bytesMin, Math.min(bytesMax, limits));
        FetchOrder order =
            new FetchOrder(wants, bytesMax, bytesMin, 10_000, Isolation.READ_UNCOMMITTED);
        CountingClient client = new CountingClient();
        Pending<List<Fetched>> answer = new Pending<>();
        time.environment()
            .tasks()
            .start("fetch", () -> answer.complete(fetched(agent, order, client)));
        if (!isEnough) {
          client.waiting.await();
          assertThat(client.rooms.get()).as("seed %d round %d", seed, round).isZero();
          time.awaitWaiting(1);
          time.advanceMs(10_000);
        }
        answer.await();
        assertThat(client.waits.get() > 0)
            .as("seed %d round %d: waits for %s of %d", seed, round, order, counted)
            .isEqualTo(!isEnough);
        assertThat(client.rooms.get()).isLessThanOrEqualTo(1);
      }
    }
  }

  private final long[] starts = new long[PARTITIONS];

  private long[] fill(TestCluster cluster, TopicId topic, Random random, long[] bytes) {
    long[] ends = starts.clone();
    for (int commits = random.nextInt(4); commits > 0; commits--) {
      List<Run> runs = new ArrayList<>();
      for (int i = 0; i < PARTITIONS; i++) {
        if (random.nextBoolean()) {
          TestBatch batch = TestBatch.of(1, "x".repeat(random.nextInt(1_500)));
          runs.add(Run.of(new PartitionId(topic, i), batch));
          bytes[i] += batch.size();
          ends[i]++;
        }
      }
      if (!runs.isEmpty()) {
        cluster.commit(runs.toArray(Run[]::new));
      }
    }
    return ends;
  }

  private static List<Fetched> fetched(TestAgent agent, FetchOrder order, FetchClient client) {
    try {
      return agent.fetcher().fetch(order, client);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /// Counts how often a fetch waits, and how often it begins to build an answer.
  private static final class CountingClient implements FetchClient {
    final AtomicInteger waits = new AtomicInteger();
    final AtomicInteger rooms = new AtomicInteger();
    final Pending<Boolean> waiting = new Pending<>();

    @Override
    public void makeRoom(long bytes) {
      rooms.incrementAndGet();
    }

    @Override
    public boolean takesRoom(long bytes) {
      return true;
    }

    @Override
    public void leaveRoom() {}

    @Override
    public void pins(long bytes) {}

    @Override
    public void whileWanted(Wait wait) throws InterruptedException {
      waits.incrementAndGet();
      waiting.complete(true);
      wait.await();
    }
  }
}
