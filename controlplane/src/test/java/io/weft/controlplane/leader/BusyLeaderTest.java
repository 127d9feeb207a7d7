package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.command.Command;
import io.weft.simulated.SimulatedWorld;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Leaders whose thread is at work for longer than a lease, before they come to their first turn.
final class BusyLeaderTest {
  private static final long SEED = 53;

  /// Settings that take long to be read, as many groups take long to be loaded.
  private static final class SlowSettings extends AbstractMap<String, String> {
    private final SimulatedWorld world;
    private final long slowMs;
    private int readsLeft;

    SlowSettings(SimulatedWorld world, long slowMs, int reads) {
      this.world = world;
      this.slowMs = slowMs;
      this.readsLeft = reads;
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
      if (readsLeft > 0) {
        readsLeft--;
        Seats.sleep(world, slowMs);
      }
      return Set.of();
    }
  }

  @Test
  void whatTakesLongerThanALeaseCostsNobodyItsPlace() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          SlowSettings slow =
              new SlowSettings(world, 5 * Seats.TIMING.leaderLeaseMs(), Integer.MAX_VALUE);
          Seats.Seat first = seats.groups(slow).open("one");
          world.sleepMs(1_000);
          Seats.Seat second = seats.open("two");
          world.sleepMs(30 * Seats.TIMING.leaderLeaseMs());
          assertThat(first.port().leads()).isTrue();
          assertThat(second.port().leads()).isFalse();
          assertThat(first.port().as(Quorum.class).describe().epoch()).isEqualTo(1);
        });
  }

  /// Nobody is served by a leader that never comes to its next turn.
  @Test
  void aLeaderThatHangsIsReplaced() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          SlowSettings hangs = new SlowSettings(world, 10 * LeaderSettings.TURN_MS_MAX, 1);
          Seats.Seat first = seats.groups(hangs).open("one");
          world.sleepMs(1_000);
          Seats.Seat second = seats.open("two");
          world.sleepMs(LeaderSettings.TURN_MS_MAX - 2_000);
          assertThat(second.port().leads()).isFalse();
          world.sleepMs(3 * Seats.TIMING.leaderLeaseMs());
          assertThat(second.port().leads()).isTrue();
          assertThat(second.port().as(Quorum.class).describe().epoch()).isEqualTo(2);
          world.sleepMs(10 * LeaderSettings.TURN_MS_MAX);
          assertThat(first.port().leads()).isFalse();
          assertThat(second.port().leads()).isTrue();
        });
  }

  /// Nobody keeps its lease any more: it must not go on as if nothing had been.
  @Test
  void aLeaderThatHungAndComesBackBeginsAnew() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          SlowSettings hangs = new SlowSettings(world, LeaderSettings.TURN_MS_MAX + 10_000, 1);
          Seats.Seat seat = seats.groups(hangs).open("one");
          world.sleepMs(LeaderSettings.TURN_MS_MAX + 60_000);
          assertThat(seat.port().leads()).isTrue();
          Command<Quorum.Status> ask = Command.of(Quorum.class, it -> it.describe());
          assertThat(seat.port().ask(ask).epoch()).isEqualTo(2);
          long index = seat.port().ask(ask).index();
          world.sleepMs(2 * Seats.TIMING.leaderLeaseMs());
          assertThat(seat.port().ask(ask).index()).isGreaterThan(index + 2);
        });
  }
}
