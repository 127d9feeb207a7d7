package io.weft.controlplane.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.groups.work.ShardExecutor;
import io.weft.controlplane.state.StateRecord;
import io.weft.model.TopicId;
import io.weft.simulated.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.coordinator.common.runtime.CoordinatorExecutor.TaskRunnable;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.junit.jupiter.api.Test;

/// What the coordinator has done beside the leader's thread.
class ShardExecutorTest {
  private static final long SEED = 11;

  private final CatalogImage catalog = new CatalogImage(1, List.of());
  private final List<Object> results = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  ShardExecutorTest() {
    add("a", 2);
    add("b", 3);
  }

  private void add(String topic, long version) {
    catalog.heed(
        new StateRecord.TopicCreated(
            new NewTopic(new TopicId(1, version), topic, 1, (short) 1, Map.of())));
    catalog.takeChange(version);
  }

  private void schedule(ShardExecutor executor, String key, TaskRunnable<?> task) {
    executor.schedule(
        key,
        task,
        (result, failure) -> {
          results.add(result);
          failures.add(failure == null ? "" : failure.getMessage());
          return new CoordinatorResult<>(List.of());
        });
  }

  private static String overflow() {
    throw new StackOverflowError();
  }

  private void run(SimulatedWorld world, ShardExecutor executor) throws InterruptedException {
    executor.runNext(catalog);
    finish(world, executor);
  }

  private static void finish(SimulatedWorld world, ShardExecutor executor)
      throws InterruptedException {
    while (!executor.hasDone()) {
      world.sleepMs(1);
    }
    executor.takeDone().ifPresent(result -> assertThat(result.get()).isNotNull());
  }

  @Test
  void aTaskSeesTheTopicsOfWhenItBegan() {
    SimulatedWorld.run(
        SEED,
        world -> {
          List<String> ended = new ArrayList<>();
          ShardExecutor executor =
              new ShardExecutor(world.environment(), () -> ended.add("one more"));
          schedule(
              executor,
              "k",
              () -> {
                List<String> seen = new ArrayList<>();
                for (String name : catalog.topicNames()) {
                  world.sleepMs(10);
                  seen.add(name);
                }
                return seen + " of " + catalog.version();
              });
          executor.runNext(catalog);
          assertThat(executor.isScheduled("k")).isTrue();
          world.sleepMs(15);
          add("c", 4);
          assertThat(catalog.topicNames()).containsExactly("a", "b", "c");
          finish(world, executor);
          assertThat(ended).hasSize(1);
          assertThat(results).containsExactly("[a, b] of 3");
          assertThat(executor.isScheduled("k")).isFalse();
        });
  }

  @Test
  void oneRunsAtATimeAndACancelledOneIsNotFinished() {
    SimulatedWorld.run(
        SEED,
        world -> {
          ShardExecutor executor = new ShardExecutor(world.environment(), () -> {});
          schedule(executor, "first", () -> "first");
          schedule(executor, "second", () -> "second");
          schedule(executor, "second", () -> "not again");
          schedule(executor, "third", () -> "third");
          executor.runNext(catalog);
          executor.runNext(catalog);
          executor.cancel("first");
          finish(world, executor);
          assertThat(results).isEmpty();
          executor.watch();
          executor.cancel("second");
          executor.restore();
          run(world, executor);
          run(world, executor);
          assertThat(results).containsExactly("second", "third");
        });
  }

  @Test
  void whatTakesTooLongOrTooMuchIsToldToWhoBroughtIt() {
    SimulatedWorld.run(
        SEED,
        world -> {
          ShardExecutor executor = new ShardExecutor(world.environment(), () -> {});
          assertThat(executor.members().hear("g", "slow", ".*")).isEmpty();
          schedule(
              executor,
              "k",
              () -> {
                goThrough(6, () -> world.sleepMs(20_000));
                return "never";
              });
          executor.members().heard();
          executor.runNext(catalog);
          assertThat(executor.members().hear("g", "later", "b")).isEmpty();
          executor.members().heard();
          finish(world, executor);
          assertThat(failures.getFirst()).contains("takes more than 10000 ms");
          assertThat(executor.members().hear("g", "slow", null)).isPresent();
          assertThat(executor.members().hear("g", "slow", ".*")).isPresent();
          assertThat(executor.members().hear("g", "later", null)).isEmpty();
          assertThat(executor.members().hear("h", "slow", null)).isEmpty();
          assertThat(executor.members().hear("g", "slow", "a")).isEmpty();
          schedule(executor, "k", ShardExecutorTest::overflow);
          run(world, executor);
          assertThat(failures.get(1)).contains("too much memory");
          Optional<String> told = executor.members().hear("g", "slow", null);
          assertThat(told).hasValueSatisfying(why -> assertThat(why).contains("too much memory"));
          executor.members().forget("g", "slow");
          assertThat(executor.members().hear("g", "slow", null)).isEmpty();
        });
  }

  private interface Step {
    void take() throws InterruptedException;
  }

  /// A step at each of the two topics, so many times.
  private void goThrough(int times, Step step) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      for (String _ : catalog.topicNames()) {
        step.take();
      }
    }
  }

  @Test
  void aMachineThatStandsStillDoesNotUseUpTheTime() {
    SimulatedWorld.run(
        SEED,
        world -> {
          ShardExecutor executor = new ShardExecutor(world.environment(), () -> {});
          schedule(
              executor,
              "k",
              () -> {
                goThrough(4, () -> world.sleepMs(60_000));
                return "done";
              });
          run(world, executor);
          assertThat(results).containsExactly("done");
        });
  }

  @Test
  void theTimeBetweenSlicesDoesNotCount() {
    SimulatedWorld.run(
        SEED,
        world -> {
          ShardExecutor executor = new ShardExecutor(world.environment(), () -> {});
          int[] begun = new int[1];
          schedule(
              executor,
              "k",
              () -> {
                begun[0]++;
                // 9,990 ms of work by the last topic, and a rest after each 10 ms.
                goThrough(500, () -> world.sleepMs(10));
                return "done";
              });
          run(world, executor);
          assertThat(results).containsExactly("done");
          assertThat(begun[0]).isEqualTo(1);
          assertThat(world.nowMs()).isGreaterThan(10_500);
        });
  }

  @Test
  void whatTakesTooLongIsTriedOnceMore() {
    SimulatedWorld.run(
        SEED,
        world -> {
          ShardExecutor executor = new ShardExecutor(world.environment(), () -> {});
          int[] begun = new int[1];
          assertThat(executor.members().hear("g", "m", ".*")).isEmpty();
          schedule(
              executor,
              "k",
              () -> {
                begun[0]++;
                goThrough(8, () -> world.sleepMs(begun[0] == 1 ? 1_000 : 100));
                return "done";
              });
          executor.members().heard();
          run(world, executor);
          assertThat(begun[0]).isEqualTo(2);
          assertThat(results).containsExactly("done");
          assertThat(executor.members().hear("g", "m", null)).isEmpty();
        });
  }

  private void fail(SimulatedWorld world, ShardExecutor executor) throws InterruptedException {
    schedule(executor, "k", ShardExecutorTest::overflow);
    executor.members().heard();
    run(world, executor);
  }

  @Test
  void whatWasMatchedBeforeIsNotToBlame() {
    SimulatedWorld.run(
        SEED,
        world -> {
          ShardExecutor executor = new ShardExecutor(world.environment(), () -> {});
          assertThat(executor.members().hear("g", "old", "a.*")).isEmpty();
          schedule(executor, "k", () -> "done");
          executor.members().heard();
          run(world, executor);

          assertThat(executor.members().hear("g", "old", "a.*")).isEmpty();
          assertThat(executor.members().hear("g", "same", "a.*")).isEmpty();
          assertThat(executor.members().hear("g", "new", "b.*")).isEmpty();
          fail(world, executor);
          assertThat(executor.members().hear("g", "old", null)).isEmpty();
          assertThat(executor.members().hear("g", "same", null)).isEmpty();
          assertThat(executor.members().hear("g", "new", null)).isPresent();

          assertThat(executor.members().hear("g", "old", "c.*")).isEmpty();
          fail(world, executor);
          assertThat(executor.members().hear("g", "old", null)).isPresent();
          assertThat(executor.members().hear("g", "same", null)).isEmpty();
        });
  }

  @Test
  void whatWasBroughtAfterATaskWasScheduledIsNotToBlame() {
    SimulatedWorld.run(
        SEED,
        world -> {
          ShardExecutor executor = new ShardExecutor(world.environment(), () -> {});
          assertThat(executor.members().hear("g", "one", "a.*")).isEmpty();
          assertThat(executor.members().hear("g", "two", "b.*")).isEmpty();
          schedule(executor, "k", ShardExecutorTest::overflow);
          assertThat(executor.members().hear("g", "two", "c.*")).isEmpty();
          assertThat(executor.members().hear("g", "three", "d.*")).isEmpty();
          executor.members().heard();
          run(world, executor);
          assertThat(executor.members().hear("g", "one", null)).isPresent();
          assertThat(executor.members().hear("g", "two", null)).isEmpty();
          assertThat(executor.members().hear("g", "three", null)).isEmpty();
        });
  }

  @Test
  void whatNobodyWaitsForEnds() {
    SimulatedWorld.run(
        SEED,
        world -> {
          ShardExecutor executor = new ShardExecutor(world.environment(), () -> {});
          schedule(
              executor,
              "k",
              () -> {
                for (String _ : catalog.topicNames()) {
                  world.sleepMs(10);
                }
                return "all";
              });
          executor.runNext(catalog);
          world.sleepMs(5);
          executor.close();
          finish(world, executor);
          assertThat(failures).containsExactly("Nobody waits for it any more.");
        });
  }
}
