package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.simulated.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Nothing leaves before what it saw is durable.
final class LeaderDurabilityTest {
  private static final long SEED = 11;

  @Test
  void aWriteIsNotAnsweredBeforeItsEntryIsDurable() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat = seats.leading("one");
          seat.link().shutGate();
          List<Object> answers = new ArrayList<>();
          Thread asker = world.start("asker", () -> answers.add(Seats.create(seat.port(), "t")));
          world.sleepMs(20_000);
          assertThat(answers).isEmpty();
          seat.link().openGate();
          asker.join();
          assertThat(answers).hasSize(1);
        });
  }

  @Test
  void aReadIsNotAnsweredBeforeTheWriteItSawIsDurable() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat = seats.leading("one");
          seat.link().shutGate();
          List<Object> answers = new ArrayList<>();
          world.start("writer", () -> answers.add(Seats.create(seat.port(), "t")));
          Thread reader =
              world.start("reader", () -> answers.add(Seats.hasTopic(seat.port(), "t")));
          world.sleepMs(20_000);
          assertThat(answers).isEmpty();
          seat.link().openGate();
          reader.join();
          assertThat(answers).isNotEmpty();
        });
  }

  @Test
  void noEventIsDeliveredBeforeItIsDurable() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat = seats.leading("one");
          Seats.create(seat.port(), "t");
          Heard heard = new Heard();
          var subscription = seat.port().feed().open(new AgentId(1), heard);
          world.sleepMs(10);
          int before = heard.events.size();
          seat.link().shutGate();
          world.start("creator", () -> Seats.create(seat.port(), "u"));
          world.sleepMs(500);
          subscription.watch(List.of(new PartitionId(Seats.topic("t", 2).id(), 0)));
          world.sleepMs(500);
          assertThat(heard.events).hasSize(before);
          seat.link().openGate();
          world.sleepMs(500);
          assertThat(heard.events).hasSize(before + 2);
        });
  }

  @Test
  void readsWithinTheLeaseCostNoEntry() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).sole();
          Seats.Seat seat = seats.leading("one");
          Seats.write(seat.port());
          int before = seats.entries();
          for (int i = 0; i < 100; i++) {
            Seats.read(seat.port());
          }
          assertThat(seats.entries()).isEqualTo(before);
          world.sleepMs(Seats.TIMING.leaderLeaseMs());
          Seats.read(seat.port());
          assertThat(seats.entries()).isEqualTo(before + 1);
        });
  }

  @Test
  void theLeaseCountsFromTheBeginningOfTheAppend() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).sole();
          Seats.Seat seat = seats.leading("one");
          seat.link().shutGate();
          Thread writer = world.start("writer", () -> Seats.write(seat.port()));
          world.sleepMs(Seats.TIMING.readLeaseMs());
          seat.link().openGate();
          writer.join();
          int before = seats.entries();
          Seats.read(seat.port());
          assertThat(seats.entries()).isEqualTo(before + 1);
        });
  }

  @Test
  void aStoreThatIsAwayForAWhileCostsNoLeadershipWhereNobodyElseStands() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).sole();
          Seats.Seat seat = seats.leading("one");
          seat.link().refuse(true);
          List<Object> answers = new ArrayList<>();
          Thread asker = world.start("asker", () -> answers.add(Seats.create(seat.port(), "t")));
          world.sleepMs(25_000);
          seat.link().refuse(false);
          asker.join();
          assertThat(answers).hasSize(1);
          assertThat(seat.port().leads()).isTrue();
        });
  }

  @Test
  void aStoreThatStaysAwayEndsTheTermAndATermBeginsWhenItIsBack() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).sole();
          Seats.Seat seat = seats.leading("one");
          Seats.create(seat.port(), "before");
          seat.link().refuse(true);
          List<Object> answers = new ArrayList<>();
          Thread asker =
              world.start(
                  "asker",
                  () -> {
                    try {
                      answers.add(Seats.create(seat.port(), "t"));
                    } catch (ControlPlaneException.Unavailable e) {
                      answers.add(e);
                    }
                  });
          world.sleepMs(200_000);
          asker.join();
          assertThat(answers).singleElement().isInstanceOf(ControlPlaneException.Unavailable.class);
          assertThat(seat.port().leads()).isFalse();
          seat.link().refuse(false);
          seat.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(Seats.hasTopic(seat.port(), "before")).isTrue();
          assertThat(Seats.hasTopic(seat.port(), "t")).isFalse();
        });
  }
}
