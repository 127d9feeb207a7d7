package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.command.Command;
import io.weft.environment.Pending;
import io.weft.simulated.SimulatedWorld;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
  private static final long SEED = 3;

  private static Work work(long bytes) {
    return new Work.Asked<>(
        Command.of(TopicCatalog.class, it -> it.page(Position.NOWHERE)), new Pending<>(), bytes);
  }

  @Test
  void whatWaitsHasALimitInBytes() {
    SimulatedWorld.run(
        SEED,
        world -> {
          WorkQueue queue = new WorkQueue(world.environment(), 100, 1_000, () -> Long.MAX_VALUE);
          queue.put(work(5_000));
          assertThatThrownBy(() -> queue.put(work(1)))
              .isInstanceOf(ControlPlaneException.Unavailable.class)
              .hasMessageContaining("5000 bytes");
          assertThat(queue.take(10, 0)).hasSize(1);
          queue.put(work(600));
          queue.put(work(400));
          assertThatThrownBy(() -> queue.put(work(1)))
              .isInstanceOf(ControlPlaneException.Unavailable.class);
          // Heartbeats and the like take nothing.
          queue.put(work(0));
          assertThat(queue.take(10, 0)).extracting(Work::bytes).containsExactly(600L);
          assertThat(queue.take(10, 0)).extracting(Work::bytes).containsExactly(400L);
          assertThat(queue.take(10, 0)).extracting(Work::bytes).containsExactly(0L);
          queue.put(work(1_000));
        });
  }

  @Test
  void whoIsWokenComesBackAtOnce() {
    SimulatedWorld.run(
        SEED,
        world -> {
          WorkQueue queue = new WorkQueue(world.environment(), 100, 1_000, () -> Long.MAX_VALUE);
          queue.wake();
          assertThat(queue.take(10, 60_000)).isEmpty();
          assertThat(world.nowMs()).isZero();
          world.start(
              "waker",
              () -> {
                try {
                  world.sleepMs(10);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                queue.wake();
              });
          assertThat(queue.take(10, 60_000)).isEmpty();
          assertThat(world.nowMs()).isEqualTo(10);
          assertThat(queue.take(10, 100)).isEmpty();
          assertThat(world.nowMs()).isBetween(110L, 121L);
        });
  }
}
