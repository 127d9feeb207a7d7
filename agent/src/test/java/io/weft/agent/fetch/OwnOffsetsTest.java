package io.weft.agent.fetch;

import static io.weft.agent.fetch.TestAgent.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.Fetched.Gap;
import io.weft.agent.fetch.OffsetSearch.Found;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.model.AbortedRange;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.protocol.record.BatchHeader;
import io.weft.protocol.record.BatchView;
import io.weft.protocol.record.TimedOffset;
import io.weft.storage.file.FilePlace;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Extents whose batches carry their offsets: what is missing among them was removed, and a reader
/// gets to the end all the same.
class OwnOffsetsTest {
  private static final int MIB = 1 << 20;

  private final ManualTime time = new ManualTime(5);
  private final TestCluster cluster = new TestCluster();
  private final TopicId topic = cluster.addTopic("t", 2);
  private final PartitionId zero = new PartitionId(topic, 0);
  private final PartitionId one = new PartitionId(topic, 1);
  private final TestAgent agent = new TestAgent(cluster, time.environment());

  @AfterEach
  void close() {
    agent.close();
  }

  private void commit(int count) {
    for (int i = 0; i < count; i++) {
      cluster.commit(Run.of(zero, TestBatch.of(1_000 + i, "dense")));
    }
  }

  private static SequencedMap<Long, TestBatch> batches(Object... offsetsAndBatches) {
    SequencedMap<Long, TestBatch> batches = new LinkedHashMap<>();
    for (int i = 0; i < offsetsAndBatches.length; i += 2) {
      batches.put(
          ((Integer) offsetsAndBatches[i]).longValue(), (TestBatch) offsetsAndBatches[i + 1]);
    }
    return batches;
  }

  /// Offsets 2, 3 and 7 of 0 to 9, and a dense record at 10.
  private Extent gappy() {
    commit(11);
    return Compaction.own(
        cluster,
        zero,
        0,
        9,
        batches(2, TestBatch.of(102, "two", "three"), 7, TestBatch.of(107, "seven")));
  }

  private static List<Gap> gaps(Fetched fetched) {
    return ((Fetched.Records) fetched).gaps();
  }

  @Test
  void gapsAreNoDamage() {
    gappy();

    assertThat(TestAgent.values(agent.fetch(zero, 0)).toString())
        .isEqualTo("{2=two, 3=three, 7=seven, 10=dense}");
    assertThat(gaps(agent.fetch(zero, 0)))
        .containsExactly(new Gap(0, 1), new Gap(4, 6), new Gap(8, 9));
    assertThat(TestAgent.values(agent.fetch(zero, 3)).keySet()).containsExactly(2L, 3L, 7L, 10L);
    assertThat(TestAgent.values(agent.fetch(zero, 4)).keySet()).containsExactly(7L, 10L);
    assertThat(gaps(agent.fetch(zero, 5))).containsExactly(new Gap(5, 6), new Gap(8, 9));
    assertThat(TestAgent.values(agent.fetch(zero, 8)).keySet()).containsExactly(10L);
  }

  @Test
  void inADenseExtentAMissingOffsetIsDamageStill() {
    Extent own = gappy();
    cluster.replace(
        zero,
        List.of(new Extent(own.fileId(), own.position(), own.length(), 0, 9, 5, -1, Offsets.DENSE)),
        true);

    // Whatever offsets are stored: these are 0, 1 and 2, and then the extent is over.
    assertThat(TestAgent.values(agent.fetch(zero, 0)).keySet()).containsExactly(0L, 1L, 2L);
    assertThat(agent.fetch(zero, 3)).isInstanceOf(Fetched.Damaged.class);
  }

  @Test
  void aReaderIsLedOverTheGapAtTheEnd() {
    commit(10);
    Compaction.own(cluster, zero, 0, 9, batches(2, TestBatch.of(102, "two")));

    Fetched fetched = agent.fetch(zero, 5);

    assertThat(TestAgent.values(fetched)).isEmpty();
    assertThat(nextOffset(fetched)).isEqualTo(10);
    assertThat(gaps(fetched)).containsExactly(new Gap(5, 9));
    Fetched cut = agent.fetch(order(0, 0, new Want(zero, 5, MIB, 8))).getFirst();
    assertThat(nextOffset(cut)).isEqualTo(8);
    assertThat(gaps(cut)).containsExactly(new Gap(5, 7));
  }

  /// A file more is not brought for it, and there is progress all the same.
  @Test
  void aReaderIsLedToTheNextFile() {
    TestAgent frugal =
        new TestAgent(
            cluster,
            time.environment(),
            new CacheSettings(MIB, 64 << 20, 4),
            new TailSettings(100, 8, 64, 50, 5_000),
            new FetchSettings(MIB, 300_000, 1, 4, 100));
    gappy();

    Fetched first = frugal.fetch(zero, 8);

    assertThat(TestAgent.values(first)).isEmpty();
    assertThat(nextOffset(first)).isEqualTo(10);
    assertThat(TestAgent.values(frugal.fetch(zero, 10)).keySet()).containsExactly(10L);
    frugal.close();
  }

  @Test
  void limitsHoldAsEver() {
    commit(10);
    SequencedMap<Long, TestBatch> batches = new LinkedHashMap<>();
    for (long offset = 1; offset < 10; offset += 2) {
      batches.put(offset, TestBatch.of(100, "x".repeat(100)));
    }
    Compaction.own(cluster, zero, 0, 9, batches);
    int size = batches.get(1L).size();

    Fetched two = agent.fetch(order(0, 0, new Want(zero, 0, 2 * size + 5))).getFirst();
    assertThat(TestAgent.values(two).keySet()).containsExactly(1L, 3L);
    Fetched next = agent.fetch(order(0, 0, new Want(zero, 4, 1))).getFirst();
    assertThat(TestAgent.values(next).keySet()).containsExactly(5L);
    assertThat(TestAgent.bytes(agent.fetch(order(0, 0, new Want(one, 0, MIB))).getFirst()))
        .isZero();
  }

  @Test
  void batchesOutOfOrderAreDamage() {
    commit(10);
    Compaction.own(
        cluster, zero, 0, 9, -1, run(3, TestBatch.of(1, "a", "b"), 4, TestBatch.of(1, "c")));

    assertThat(TestAgent.values(agent.fetch(zero, 0)).keySet()).containsExactly(3L, 4L);
    assertThat(agent.fetch(zero, 5)).isInstanceOf(Fetched.Damaged.class);
  }

  @Test
  void batchesOutsideOfTheExtentAreDamage() {
    commit(20);
    Compaction.own(cluster, zero, 5, 9, -1, run(4, TestBatch.of(1, "a")));
    Compaction.own(cluster, zero, 10, 14, -1, run(14, TestBatch.of(1, "a", "b")));
    Compaction.own(cluster, zero, 15, 19, -1, run(Long.MAX_VALUE, TestBatch.of(1, "a")));

    for (long offset : new long[] {5, 9, 10, 14, 15, 19}) {
      assertThat(agent.fetch(zero, offset)).isInstanceOf(Fetched.Damaged.class);
    }
  }

  /// A flipped bit that leaves it rising and inside.
  @Test
  void aDamagedOffsetIsNeverServed() {
    Extent own = gappy();
    byte[] file = cluster.store().readAll(FilePlace.of(own).key(), MIB);
    int second = (int) own.position() + TestBatch.of(102, "two", "three").size();
    assertThat(file[second + BatchHeader.BASE_OFFSET + 7]).isEqualTo((byte) 7);
    file[second + BatchHeader.BASE_OFFSET + 7] ^= 3;
    cluster.store().putFile(own.fileId(), file);

    assertThat(TestAgent.values(agent.fetch(zero, 0)).keySet()).containsExactly(2L, 3L);
    assertThat(agent.fetch(zero, 4)).isInstanceOf(Fetched.Damaged.class);
  }

  @Test
  void abortedTransactionsAndMarkersStayWhereTheyAre() {
    cluster.commit(Run.of(zero, TestBatch.transactional(7, 0, 100, "a", "b", "c", "d")));
    cluster.end(7, false, 200, zero);
    cluster.commit(Run.of(zero, TestBatch.of(300, "e", "f")));
    Compaction.own(cluster, zero, 0, 3, batches(2, TestBatch.transactional(7, 2, 102, "c")));
    Compaction.own(cluster, zero, 5, 6, batches(6, TestBatch.of(301, "f")));
    FetchOrder order =
        new FetchOrder(List.of(new Want(zero, 3, MIB)), MIB, 0, 0, Isolation.READ_COMMITTED);

    Fetched.Records fetched = (Fetched.Records) agent.fetch(order).getFirst();

    assertThat(fetched.aborted()).containsExactly(new AbortedRange(7, 0, 4));
    assertThat(fetched.gaps()).containsExactly(new Gap(3, 3), new Gap(5, 5));
    assertThat(offsetsOfBatches(fetched)).containsExactly(4L, 6L);
  }

  @Test
  void recordsAreFoundByTheirTimes() throws InterruptedException {
    gappy();

    assertThat(byTime(103)).isEqualTo(new TimedOffset(3, 103));
    assertThat(byTime(104)).isEqualTo(new TimedOffset(7, 107));
  }

  @Test
  void underLogAppendTimeTheFirstThatIsLeftIsFound() throws InterruptedException {
    commit(10);
    Compaction.own(
        cluster,
        zero,
        0,
        9,
        5_000,
        Compaction.stamped(batches(2, TestBatch.of(1, "two"), 7, TestBatch.of(1, "seven"))));

    assertThat(byTime(4_000)).isEqualTo(new TimedOffset(2, 5_000));
    assertThat(byTime(TimeQuery.MAX_TIMESTAMP)).isEqualTo(new TimedOffset(2, 5_000));
    cluster.setLogStart(zero, 3);
    assertThat(byTime(4_000)).isEqualTo(new TimedOffset(7, 5_000));
    cluster.setLogStart(zero, 8);
    assertThat(agent.search().byTime(List.of(new TimeQuery(zero, 4_000))).getFirst())
        .isInstanceOf(Found.NoRecord.class);
  }

  /// As a consumer reads: from where the last batch ends.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aConsumerReadsWhatIsLeftAndGetsToTheEnd(long seed) {
    Random random = new Random(seed);
    if (seed % 2 == 0) {
      agent.streaming();
      agent.fetch(zero, 0);
    }
    TreeMap<Long, String> left = new TreeMap<>();
    long end = 0;
    for (int extents = 1 + random.nextInt(6); extents > 0; extents--) {
      int offsets = 2 + random.nextInt(20);
      commit(offsets);
      if (random.nextInt(3) == 0) {
        for (int i = 0; i < offsets; i++) {
          left.put(end + i, "dense");
        }
      } else {
        SequencedMap<Long, TestBatch> batches = survivors(random, end, offsets);
        Compaction.own(cluster, zero, end, end + offsets - 1, batches);
        batches.forEach(
            (offset, batch) -> {
              for (int i = 0; i < batch.values().size(); i++) {
                left.put(offset + i, batch.values().get(i));
              }
            });
      }
      end += offsets;
    }

    for (int readers = 0; readers < 5; readers++) {
      long from = random.nextLong(end);
      int bytesMax = 1 + random.nextInt(2_000);
      TreeMap<Long, String> seen = new TreeMap<>();
      long position = from;
      int fetches = 0;
      while (position < end) {
        Fetched fetched = agent.fetch(order(1, 0, new Want(zero, position, bytesMax))).getFirst();
        TestAgent.values(fetched).forEach((offset, value) -> seen.put(offset, value));
        assertThat(nextOffset(fetched))
            .as("seed %d, at %d", seed, position)
            .isGreaterThan(position);
        position = nextOffset(fetched);
        assertThat(++fetches).isLessThan(1_000);
      }
      assertThat(position).isEqualTo(end);
      assertThat(seen.tailMap(from)).isEqualTo(left.tailMap(from));
    }
  }

  private static SequencedMap<Long, TestBatch> survivors(Random random, long first, int offsets) {
    SequencedMap<Long, TestBatch> batches = new LinkedHashMap<>();
    long end = first + offsets;
    while (batches.isEmpty()) {
      long offset = first + random.nextInt(4);
      while (offset < end) {
        List<String> values = new ArrayList<>();
        int count = (int) Math.min(1 + random.nextInt(3), end - offset);
        for (int i = 0; i < count; i++) {
          values.add("own" + (offset + i) + "x".repeat(random.nextInt(100)));
        }
        batches.put(offset, TestBatch.of(1_000, values.toArray(new String[0])));
        offset += count + random.nextInt(6);
      }
    }
    return batches;
  }

  private TimedOffset byTime(long timestampMs) throws InterruptedException {
    Found found = agent.search().byTime(List.of(new TimeQuery(zero, timestampMs))).getFirst();
    return ((Found.Located) found).record();
  }

  private static byte[] run(Object... offsetsAndBatches) {
    ByteArrayOutputStream run = new ByteArrayOutputStream();
    for (int i = 0; i < offsetsAndBatches.length; i += 2) {
      byte[] bytes = ((TestBatch) offsetsAndBatches[i + 1]).bytes().clone();
      BatchView.stampOwnOffset(
          ByteBuffer.wrap(bytes), 0, ((Number) offsetsAndBatches[i]).longValue());
      run.writeBytes(bytes);
    }
    return run.toByteArray();
  }

  private static List<Long> offsetsOfBatches(Fetched fetched) {
    List<Long> offsets = new ArrayList<>();
    for (MutableRecordBatch batch : parsed(fetched)) {
      batch.ensureValid();
      offsets.add(batch.baseOffset());
    }
    return offsets;
  }

  /// Where a consumer goes on.
  private static long nextOffset(Fetched fetched) {
    long next = -1;
    for (MutableRecordBatch batch : parsed(fetched)) {
      batch.ensureValid();
      next = batch.nextOffset();
    }
    return next;
  }

  private static Iterable<MutableRecordBatch> parsed(Fetched fetched) {
    return MemoryRecords.readableRecords(((Fetched.Records) fetched).records().copied()).batches();
  }
}
