package io.weft.agent.fetch;

import static io.weft.agent.fetch.TestAgent.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cache.HeldLeases;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.model.PartitionId;
import io.weft.storage.file.FilePlace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Answers whose clients have not taken them yet, over a cache that lets their chunks go.
class HeldAnswersTest {
  private static final int RECORD_BYTES = 5_000;
  private static final long CACHE_BYTES = 40_000;

  private final ManualTime time = new ManualTime(7);
  private final TestCluster cluster = new TestCluster();
  private final PartitionId partition = new PartitionId(cluster.addTopic("t", 1), 0);
  private final TestAgent agent =
      new TestAgent(
          cluster,
          time.environment(),
          new CacheSettings(6_000, CACHE_BYTES, 2),
          TailSettings.STANDARD,
          TestAgent.FETCH);

  @AfterEach
  void close() {
    HeldLeases.awaitNone(agent.chunks());
    agent.close();
  }

  private void commit(int files) {
    for (int i = 0; i < files; i++) {
      cluster.commit(Run.of(partition, TestBatch.of(1, value(i))));
    }
  }

  private static String value(int number) {
    return (number + " ").repeat(RECORD_BYTES).substring(0, RECORD_BYTES);
  }

  private Fetched fetch(long offset, FetchClient client) throws InterruptedException {
    return agent
        .fetcher()
        .fetch(order(0, 0, new Want(partition, offset, RECORD_BYTES + 200)), client)
        .getFirst();
  }

  private long bytesUsed() {
    return agent.chunks().figures().memory().bytesUsed();
  }

  @Test
  void anAnswerKeepsItsBytesAndTheyCountUntilItIsTaken() throws InterruptedException {
    commit(100);
    FetchClient.Patient slow = new FetchClient.Patient();
    Fetched first = fetch(0, slow);
    assertThat(agent.chunks().figures().memory().bytesMax()).isLessThanOrEqualTo(CACHE_BYTES);
    for (int offset = 1; offset < 100; offset++) {
      try (FetchClient.Patient quick = new FetchClient.Patient()) {
        assertThat(TestAgent.values(fetch(offset, quick)))
            .containsEntry((long) offset, value(offset));
      }
      assertThat(bytesUsed()).isLessThanOrEqualTo(CACHE_BYTES);
    }
    assertThat(TestAgent.values(first)).containsEntry(0L, value(0));
    long held = agent.chunks().figures().bytesHeld();
    assertThat(bytesUsed()).as("with the answer's").isGreaterThan(held);

    slow.close();

    assertThat(bytesUsed()).isEqualTo(held);
  }

  @Test
  void whereAnswersHoldAllOfItRecordsAreServedWithoutBeingKept() throws InterruptedException {
    commit(40);
    List<Fetched> answers = new ArrayList<>();
    try (FetchClient.Patient slow = new FetchClient.Patient()) {
      for (int offset = 0; offset < 40; offset++) {
        answers.add(fetch(offset, slow));
        assertThat(bytesUsed()).isLessThanOrEqualTo(CACHE_BYTES);
      }
      for (int offset = 0; offset < 40; offset++) {
        assertThat(TestAgent.values(answers.get(offset)))
            .containsEntry((long) offset, value(offset));
      }
      assertThat(agent.chunks().figures().notKept()).isPositive();
    }
    assertThat(bytesUsed()).isEqualTo(agent.chunks().figures().bytesHeld());
    try (FetchClient.Patient quick = new FetchClient.Patient()) {
      assertThat(TestAgent.values(fetch(39, quick))).containsEntry(39L, value(39));
    }
    assertThat(agent.chunks().holds(FilePlace.of(39), 0, 10)).isTrue();
  }

  @Test
  void aFetchThatFailsHoldsNothing() throws InterruptedException {
    commit(10);
    try (FetchClient.Patient client = new FetchClient.Patient()) {
      assertThat(fetch(0, client)).isInstanceOf(Fetched.Records.class);
    }
    cluster.store().lie(9, Integer.MAX_VALUE);
    try (FetchClient.Patient client = new FetchClient.Patient()) {
      assertThat(fetch(9, client)).isInstanceOf(Fetched.Damaged.class);
    }
    assertThat(bytesUsed()).isEqualTo(agent.chunks().figures().bytesHeld());
  }
}
