package io.weft.agent.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.environment.Pending;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many consumers wait while commits come and streams break. No wait ends by itself (time hardly
/// passes), so a wake-up that is lost shows as a test that does not end.
class WakeUpTest {
  private static final int PARTITIONS = 3;
  private static final int COMMITS = 300;
  private static final int CONSUMERS = 12;

  private final ManualTime time = new ManualTime(11);
  private final TestCluster cluster = new TestCluster();
  private final TopicId topic = cluster.addTopic("t", PARTITIONS);
  private final TestAgent agent =
      new TestAgent(
          cluster,
          time.environment(),
          new CacheSettings(500, 5_000, 2),
          new TailSettings(10, 4, 4, 50, 1_000),
          TestAgent.FETCH);

  private List<String> consume(int consumer) {
    PartitionId partition = new PartitionId(topic, consumer % PARTITIONS);
    List<String> consumed = new ArrayList<>();
    while (consumed.size() < COMMITS) {
      long bytesMin = 1L + (consumer / PARTITIONS % 2) * 150L;
      bytesMin = COMMITS - consumed.size() < 5 ? 1 : bytesMin;
      Want want = new Want(partition, consumed.size(), 1 + consumer * 100);
      Fetched fetched = agent.fetch(TestAgent.order(bytesMin, 300_000, want)).getFirst();
      consumed.addAll(TestAgent.valueList(fetched));
    }
    return consumed;
  }

  @Test
  @Timeout(300)
  void everyConsumerReadsEverythingThoughStreamsBreak() throws InterruptedException {
    agent.streaming();
    List<Pending<List<String>>> consumers = new ArrayList<>();
    for (int i = 0; i < CONSUMERS; i++) {
      int consumer = i;
      Pending<List<String>> done = new Pending<>();
      consumers.add(done);
      time.environment().tasks().start("consumer", () -> done.complete(consume(consumer)));
    }
    for (int commit = 0; commit < COMMITS; commit++) {
      Run[] runs = new Run[PARTITIONS];
      for (int i = 0; i < PARTITIONS; i++) {
        runs[i] = Run.of(new PartitionId(topic, i), TestBatch.of(1, "v" + commit));
      }
      cluster.commit(runs);
      if (commit % 20 == 19) {
        cluster.breakStreams();
      }
      if (commit % 20 == 9) {
        time.advanceMs(1_000);
      }
    }
    while (!consumers.stream().allMatch(Pending::isDone)) {
      if (cluster.streams() == 0 && time.isAnyoneOverdueWithin(1_000)) {
        time.advanceMs(1_000);
      }
      Thread.onSpinWait();
    }
    List<String> all = IntStream.range(0, COMMITS).mapToObj(i -> "v" + i).toList();
    for (Pending<List<String>> consumer : consumers) {
      assertThat(consumer.await()).isEqualTo(all);
    }
    agent.close();
  }
}
