package io.weft.agent.fetch;

import static io.weft.agent.fetch.TestAgent.order;
import static io.weft.agent.fetch.TestAgent.valueList;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.storage.file.FilePlace;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Damage costs nobody a record that is not damaged itself, and a reader that gets to it is told.
class DamagedFilesTest {
  private static final int MIB = 1 << 20;

  private final ManualTime time = new ManualTime(1);
  private final TestCluster cluster = new TestCluster();
  private final TopicId topic = cluster.addTopic("t", 3);
  private final PartitionId zero = new PartitionId(topic, 0);
  private final PartitionId one = new PartitionId(topic, 1);
  private final PartitionId two = new PartitionId(topic, 2);
  private final TestAgent agent = new TestAgent(cluster, time.environment());

  @AfterEach
  void close() {
    agent.close();
  }

  /// Damages the batch in the file with this text in it.
  private void damage(long fileId, String text) {
    byte[] file = cluster.store().readAll(FilePlace.of(fileId).key(), MIB);
    byte[] sought = text.getBytes(StandardCharsets.UTF_8);
    int at = 0;
    while (!Arrays.equals(file, at, at + sought.length, sought, 0, sought.length)) {
      at++;
    }
    file[at]++;
    cluster.store().putFile(fileId, file);
  }

  private List<Fetched> fetchAll(long offsetOfZero) {
    return agent.fetch(
        order(
            1,
            500,
            new Want(zero, offsetOfZero, MIB),
            new Want(one, 0, MIB),
            new Want(two, 0, MIB)));
  }

  @Test
  void batchesBeforeTheDamageInTheSameExtentAreServed() {
    long file =
        cluster.commit(
            Run.of(
                zero,
                TestBatch.of(1, "first"),
                TestBatch.of(2, "second"),
                TestBatch.of(3, "third"),
                TestBatch.of(4, "fourth")),
            Run.of(one, TestBatch.of(1, "other")));
    damage(file, "third");

    List<Fetched> fetched = fetchAll(0);

    assertThat(valueList(fetched.get(0))).containsExactly("first", "second");
    assertThat(valueList(fetched.get(1))).containsExactly("other");
    assertThat(fetchAll(2).get(0)).isInstanceOf(Fetched.Damaged.class);
    assertThat(fetchAll(3).get(0)).isInstanceOf(Fetched.Damaged.class);
    assertThat(valueList(fetchAll(2).get(1))).containsExactly("other");
  }

  @Test
  void extentsBeforeADamagedOneAreServed() {
    cluster.commit(Run.of(zero, TestBatch.of(1, "a", "b")));
    long file = cluster.commit(Run.of(zero, TestBatch.of(2, "damaged")));
    cluster.commit(Run.of(zero, TestBatch.of(3, "after")));
    damage(file, "damaged");

    assertThat(valueList(agent.fetch(zero, 0))).containsExactly("a", "b");
    assertThat(agent.fetch(zero, 2)).isInstanceOf(Fetched.Damaged.class);
    assertThat(valueList(agent.fetch(zero, 3))).containsExactly("after");
  }

  @Test
  void extentsBeforeAMissingFileAreServed() {
    cluster.commit(Run.of(zero, TestBatch.of(1, "a", "b")));
    long file = cluster.commit(Run.of(zero, TestBatch.of(2, "missing")));
    cluster.store().deleteFile(file);

    assertThat(valueList(agent.fetch(zero, 0))).containsExactly("a", "b");
    assertThat(agent.fetch(zero, 2)).isInstanceOf(Fetched.Damaged.class);
  }

  @Test
  void extentsBeforeAStoreThatIsAwayAreServed() {
    cluster.commit(Run.of(zero, TestBatch.of(1, "a", "b")));
    long file = cluster.commit(Run.of(zero, TestBatch.of(2, "away")));
    cluster.store().setAway(file, true);

    assertThat(valueList(agent.fetch(zero, 0))).containsExactly("a", "b");
    assertThat(agent.fetch(zero, 2)).isInstanceOf(Fetched.Unreadable.class);
    cluster.store().setAway(file, false);
    assertThat(valueList(agent.fetch(zero, 2))).containsExactly("away");
  }

  @Test
  void theNextPartitionStillGetsItsLargeBatchWhenTheFirstIsDamaged() {
    long file = cluster.commit(Run.of(zero, TestBatch.of(1, "damaged")));
    cluster.commit(Run.of(one, TestBatch.of(1, "x".repeat(5_000))));
    damage(file, "damaged");
    List<Fetched> fetched = agent.fetch(order(1, 500, new Want(zero, 0, 10), new Want(one, 0, 10)));

    assertThat(fetched.get(0)).isInstanceOf(Fetched.Damaged.class);
    assertThat(valueList(fetched.get(1))).containsExactly("x".repeat(5_000));
  }
}
