package io.weft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.history.HistoryBuilder;
import io.weft.history.Recorder;
import io.weft.history.check.Checker;
import io.weft.history.check.Expectations;
import io.weft.simulated.SimulatedStore;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulation.client.FinalReader;
import io.weft.simulation.client.Notes;
import io.weft.simulation.client.Producer;
import io.weft.simulation.client.Topics;
import io.weft.simulation.cluster.AgentNode;
import io.weft.simulation.cluster.Build;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.cluster.ControlPlaneNode;
import io.weft.simulation.cluster.Knobs;
import io.weft.simulation.fault.FaultCounts;
import io.weft.simulation.fault.Weather;
import io.weft.storage.bucket.BucketOwnership;
import io.weft.storage.bucket.BucketOwnership.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A bucket that two clusters write to, and a journal that has forgotten what was written: noticed
/// at once, and before any harm.
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BucketOwnersTest {
  private static final String FILES = "files/";
  private static final int STEP_MS = 200;
  private static final int WAIT_MS_MAX = 300_000;

  /// A world with one cluster that is used; of another one, what the test makes.
  private static final class Story {
    final SimulatedWorld world;
    final Knobs knobs;
    final SimulatedStore files = new SimulatedStore();
    final HistoryBuilder history = new HistoryBuilder();
    final Cluster first;
    final Notes notes;
    final List<Producer> producers = new ArrayList<>();
    private Topics topics;

    Story(SimulatedWorld world, Knobs knobs) {
      this.world = world;
      this.knobs = knobs;
      this.first = cluster();
      this.notes = new Notes(world, new Recorder(world.environment().clock()::nanos, history));
    }

    /// A cluster with a journal of its own, on the one bucket.
    Cluster cluster() {
      Weather weather = new Weather(world.environment(), new FaultCounts());
      return new Cluster(world, knobs, weather, Build.HONEST, new SimulatedStore(), files);
    }

    void useFirst() throws InterruptedException {
      topics = Topics.create(first, 2, false, 2);
      producers.add(Producer.start(first, notes, topics.partitions(), true, 50));
      producers.add(Producer.start(first, notes, topics.partitions(), true, 50));
    }

    /// For clients whose history nobody judges.
    Notes otherNotes() {
      return new Notes(
          world, new Recorder(world.environment().clock()::nanos, new HistoryBuilder()));
    }

    interface Seen {
      boolean isSeen();
    }

    void await(Seen seen) throws InterruptedException {
      long deadlineMs = world.nowMs() + WAIT_MS_MAX;
      while (!seen.isSeen()) {
        assertThat(world.nowMs()).as("time of the world").isLessThan(deadlineMs);
        world.sleepMs(STEP_MS);
      }
    }

    Map<String, byte[]> filesNow() {
      Map<String, byte[]> now = new TreeMap<>();
      files.keys(FILES).forEach(key -> now.put(key, files.bytes(key)));
      return now;
    }

    void checkUntouched(Map<String, byte[]> before) {
      before.forEach((key, bytes) -> assertThat(files.bytes(key)).as(key).isEqualTo(bytes));
    }

    /// Everything comes to its end, is read through each agent, and is what was acknowledged.
    void checkFirst() throws InterruptedException {
      producers.forEach(Producer::stop);
      for (Producer producer : producers) {
        assertThat(producer.awaitEnd(WAIT_MS_MAX)).isTrue();
      }
      world.sleepMs(10_000);
      FinalReader.Log log = new FinalReader(first, notes, topics).read();
      new Audit(first, notes).check(log);
      assertThat(notes.complaints()).isEmpty();
      assertThat(alarms(first)).isEmpty();
      assertThat(notes.acks()).isPositive();
      assertThat(Checker.check(history.history(), Expectations.idempotentProducers()).isClean())
          .isTrue();
    }
  }

  private interface Play {
    void play(Story story) throws InterruptedException;
  }

  private static void play(long seed, Play play) {
    Knobs knobs = Knobs.of(seed);
    SimulatedWorld.run(seed, world -> play.play(new Story(world, knobs)));
  }

  /// The alarms of agents that had been let in.
  private static List<String> stops(Cluster cluster) {
    return alarms(cluster).stream().filter(why -> !why.contains("Cluster[clusterId=")).toList();
  }

  private static List<String> alarms(Cluster cluster) {
    return cluster.agents().stream().flatMap(agent -> agent.alarms().stream()).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theSecondClusterOnABucketIsRefused(long seed) {
    play(
        seed,
        story -> {
          story.useFirst();
          story.await(() -> !story.files.keys(FILES).isEmpty());
          Cluster second = story.cluster();
          story.await(() -> second.agents().stream().allMatch(one -> !one.alarms().isEmpty()));
          story.checkFirst();

          assertThat(second.agents()).noneMatch(AgentNode::isReady);
          assertThat(alarms(second)).allMatch(why -> why.contains("Cluster[clusterId="));
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aSecondClusterThatAdoptedTheBucketStopsAtItsFirstFile(long seed) {
    play(
        seed,
        story -> {
          story.useFirst();
          story.await(() -> story.files.keys(FILES).size() > 3);
          Owner.Cluster owner = (Owner.Cluster) new BucketOwnership(story.files).owner();
          Map<String, byte[]> before = story.filesNow();
          Cluster second = story.cluster();
          story.await(() -> second.leader().isPresent());
          String adopting =
              second
                  .leader()
                  .get()
                  .seat()
                  .as(TopicCatalog.class)
                  .page(Position.NOWHERE)
                  .clusterId();
          new BucketOwnership(story.files).adopt(adopting);
          story.await(() -> second.agents().stream().allMatch(AgentNode::isReady));
          Topics topics = Topics.create(second, 1, false, 1);
          Notes notes = story.otherNotes();
          Producer producer = Producer.start(second, notes, topics.partitions(), false, 50);
          story.await(() -> !stops(second).isEmpty());
          producer.stop();

          assertThat(stops(second))
              .first(InstanceOfAssertFactories.STRING)
              .contains("there is already file")
              .contains("of cluster " + owner.clusterId())
              .contains("another cluster has written into this bucket");
          story.checkUntouched(before);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aJournalThatWasRestoredFromAnOlderCopyIsNoticedAtTheFirstIdGivenTwice(long seed) {
    play(
        seed,
        story -> {
          Map<String, byte[]> copy = new TreeMap<>();
          SimulatedStore journal = story.first.journal();
          story.await(() -> story.first.leader().isPresent());
          story.useFirst();
          journal.keys("").forEach(key -> copy.put(key, journal.bytes(key)));
          int known = story.files.keys(FILES).size();
          story.await(() -> story.files.keys(FILES).size() > known + 60);
          story.first.agents().forEach(AgentNode::kill);
          story.first.controlPlane().forEach(node -> node.process().kill());
          story.producers.forEach(Producer::stop);
          story.world.sleepMs(60_000);
          Map<String, byte[]> before = story.filesNow();
          journal.keys("").forEach(journal::remove);
          copy.forEach(journal::replace);
          story.first.controlPlane().forEach(ControlPlaneNode::start);
          story.first.agents().forEach(AgentNode::start);
          Notes notes = story.otherNotes();
          Producer producer =
              Producer.start(story.first, notes, story.topics.partitions(), false, 50);
          story.await(() -> !alarms(story.first).isEmpty());
          producer.stop();

          assertThat(alarms(story.first).getFirst())
              .contains("there is already file")
              .contains("has given this id a second time")
              .contains("its journal has probably lost its end");
          story.checkUntouched(before);
        });
  }
}
