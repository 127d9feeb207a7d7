package io.weft.agent.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cache.HeldLeases;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.environment.Environment;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever batches, files, chunks, offsets and limits: an answer holds exactly the records from
/// the batch with the offset on, in order and without holes, within its limits.
class FetchProperties {
  private static final int PARTITIONS = 4;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void answersAreExact(long seed) {
    Random random = new Random(seed);
    try (World world = new World(random)) {
      for (int round = 0; round < 60; round++) {
        if (random.nextInt(3) == 0) {
          world.commit();
        }
        world.fetchAndCheck();
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {101, 102, 103, 104, 105, 106, 107, 108, 109, 110})
  void aConsumerReadsEverythingOnce(long seed) {
    Random random = new Random(seed);
    try (World world = new World(random)) {
      for (PartitionId partition : world.partitions) {
        int bytesMax = 1 + random.nextInt(2_000);
        SequencedMap<Long, String> consumed = new LinkedHashMap<>();
        long offset = 0;
        while (offset < world.model.get(partition).size()) {
          Want want = new Want(partition, offset, bytesMax);
          Fetched fetched = world.agent.fetch(TestAgent.order(1, 0, want)).getFirst();
          SequencedMap<Long, String> values = TestAgent.values(fetched);
          assertThat(values.lastEntry().getKey()).isGreaterThanOrEqualTo(offset);
          consumed.putAll(values);
          offset = values.lastEntry().getKey() + 1;
        }
        assertThat(List.copyOf(consumed.sequencedValues())).isEqualTo(world.model.get(partition));
      }
    }
  }

  /// A cluster with a past, an agent with cramped settings, and what each partition should hold.
  private static final class World implements AutoCloseable {
    private final Random random;
    private final TestCluster cluster = new TestCluster();
    private final List<PartitionId> partitions = new ArrayList<>();
    private final Map<PartitionId, List<String>> model = new LinkedHashMap<>();
    private final Map<PartitionId, List<Integer>> batchStarts = new LinkedHashMap<>();
    private final Map<PartitionId, List<Integer>> batchSizes = new LinkedHashMap<>();
    private final TestAgent agent;

    World(Random random) {
      this.random = random;
      TopicId topic = cluster.addTopic("t", PARTITIONS);
      for (int i = 0; i < PARTITIONS; i++) {
        PartitionId partition = new PartitionId(topic, i);
        partitions.add(partition);
        model.put(partition, new ArrayList<>());
        batchStarts.put(partition, new ArrayList<>());
        batchSizes.put(partition, new ArrayList<>());
      }
      int chunkBytes = 1 + random.nextInt(4_000);
      agent =
          new TestAgent(
              cluster,
              Environment.system(),
              new CacheSettings(chunkBytes, random.nextInt(20_000), 2),
              new TailSettings(1 + random.nextInt(PARTITIONS), 1 + random.nextInt(6), 1, 1, 1),
              new FetchSettings(1 << 20, 1_000, 1 + random.nextInt(4), 2, random.nextInt(20)));
      if (random.nextBoolean()) {
        agent.streaming();
      }
      for (int i = 0; i < 10; i++) {
        commit();
      }
    }

    void commit() {
      List<Run> runs = new ArrayList<>();
      for (PartitionId partition : partitions) {
        if (random.nextInt(4) == 0) {
          continue;
        }
        List<TestBatch> batches = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(5); i++) {
          TestBatch batch =
              TestBatch.random(random, partition.partition() + "@" + model.get(partition).size());
          batches.add(batch);
          batchStarts.get(partition).add(model.get(partition).size());
          batchSizes.get(partition).add(batch.size());
          model.get(partition).addAll(batch.values());
        }
        runs.add(new Run(partition, random.nextInt(4) == 0 ? 77_000 : -1, batches));
      }
      if (!runs.isEmpty()) {
        cluster.commit(runs.toArray(Run[]::new));
      }
    }

    void fetchAndCheck() {
      List<Want> wants = new ArrayList<>();
      for (PartitionId partition : partitions) {
        if (random.nextInt(3) > 0) {
          int offset = random.nextInt(model.get(partition).size() + 1);
          wants.add(new Want(partition, offset, random.nextInt(3_000)));
        }
      }
      int bytesMax = random.nextInt(8_000);
      List<Fetched> answers =
          agent.fetch(new FetchOrder(wants, bytesMax, 1, 0, Isolation.READ_UNCOMMITTED));
      long total = 0;
      for (int i = 0; i < wants.size(); i++) {
        int bytes = TestAgent.bytes(answers.get(i));
        check(wants.get(i), answers.get(i), bytes, total == 0, bytesMax - total);
        total += bytes;
      }
    }

    private void check(
        Want want, Fetched fetched, int bytes, boolean nothingBefore, long bytesLeft) {
      List<String> log = model.get(want.partition());
      List<Integer> starts = batchStarts.get(want.partition());
      Fetched.Records records = (Fetched.Records) fetched;
      assertThat(records.bounds().highWatermark()).isEqualTo(log.size());
      int batch = 0;
      while (batch + 1 < starts.size() && starts.get(batch + 1) <= want.offset()) {
        batch++;
      }
      boolean atEnd = want.offset() == log.size();
      SequencedMap<Long, String> values = TestAgent.values(fetched);
      if (atEnd || values.isEmpty()) {
        assertThat(values).isEmpty();
        boolean mustHave = !atEnd && nothingBefore;
        assertThat(mustHave).as("%s has a batch to give", want).isFalse();
        return;
      }
      long expected = starts.get(batch);
      for (Map.Entry<Long, String> value : values.entrySet()) {
        assertThat(value.getKey()).isEqualTo(expected);
        assertThat(value.getValue()).isEqualTo(log.get((int) expected));
        expected++;
      }
      assertThat(starts.contains((int) expected) || expected == log.size())
          .as("whole batches")
          .isTrue();
      boolean single = bytes == batchSizes.get(want.partition()).get(batch);
      assertThat(bytes <= Math.min(want.bytesMax(), bytesLeft) || (single && nothingBefore))
          .as("%d bytes for %s with %d left", bytes, want, bytesLeft)
          .isTrue();
    }

    @Override
    public void close() {
      HeldLeases.awaitNone(agent.chunks());
      agent.close();
    }
  }
}
