package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.DeleteOutcome;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandPort;
import io.weft.model.PartitionId;
import io.weft.simulated.SimulatedWorld;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Commands that the state breaks on, and what becomes of the leaders.
final class DeadlyCommandTest {
  private static final long SEED = 59;
  private static final String STATE = "io.weft.controlplane.state.";

  /// A list that is like any other, until the state looks at its last element.
  private static final class Deadly<E> extends AbstractList<E> {
    private final Supplier<Throwable> death;
    private final List<E> elements;
    private int deaths;

    Deadly(Supplier<Throwable> death, List<E> elements) {
      this.death = death;
      this.elements = elements;
    }

    @Override
    public E get(int index) {
      boolean inState =
          StackWalker.getInstance()
              .walk(frames -> frames.anyMatch(frame -> frame.getClassName().startsWith(STATE)));
      if (inState && index == size() - 1) {
        deaths++;
        switch (death.get()) {
          case Error error -> throw error;
          case RuntimeException exception -> throw exception;
          case Throwable other -> throw new AssertionError(other);
        }
      }
      return elements.get(index);
    }

    @Override
    public int size() {
      return elements.size();
    }
  }

  private static Deadly<String> deadly(Supplier<Throwable> death) {
    return new Deadly<>(death, List.of("deadly"));
  }

  @Test
  void anErrorEndsTheTermAndNotTheSeat() {
    for (Supplier<Throwable> death :
        List.<Supplier<Throwable>>of(
            StackOverflowError::new, () -> new AssertionError("a test's"))) {
      SimulatedWorld.run(
          SEED,
          world -> {
            Seats.Seat seat = new Seats(world).sole().leading("one");
            Seats.create(seat.port(), "before");
            Deadly<String> list = deadly(death);
            assertThatThrownBy(() -> ask(seat.port(), list)).isInstanceOf(Rejected.class);
            seat.port().awaitLeading(Seats.TAKE_OVER_MS);
            assertThat(Seats.hasTopic(seat.port(), "before")).isTrue();
            assertThatThrownBy(() -> ask(seat.port(), list)).isInstanceOf(Rejected.class);
            assertThat(seat.port().leads()).isTrue();
            assertThat(list.deaths).isEqualTo(1);
          });
    }
  }

  /// What it met need not be what has filled the memory.
  @Test
  void whatMeetsAFullMemoryEndsTheTermAndIsNoSuspect() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).sole().leading("one");
          Seats.create(seat.port(), "before");
          Deadly<String> list = deadly(() -> new OutOfMemoryError("a test's"));
          assertThatThrownBy(() -> ask(seat.port(), list)).isInstanceOf(Unavailable.class);
          assertThat(seat.port().leads()).isFalse();
          seat.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(Seats.hasTopic(seat.port(), "before")).isTrue();
          assertThatThrownBy(() -> ask(seat.port(), list)).isInstanceOf(Unavailable.class);
          assertThat(list.deaths).isEqualTo(2);
        });
  }

  /// A refusal means that nothing was done. The state may be half changed.
  @Test
  void whatIsRejectedAfterItHasLeftRecordsIsDeadly() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).sole().leading("one");
          Seats.create(seat.port(), "topic");
          PartitionId partition = new PartitionId(Seats.topic("topic", 2).id(), 0);
          Committing.register(seat.port(), 1).commit(partition, 10);
          RecordsBefore five = new RecordsBefore(partition, 5);
          Command<List<DeleteOutcome>> half =
              Command.of(
                  TopicCatalog.class,
                  it ->
                      it.deleteRecords(
                          new Deadly<>(() -> new Rejected("a test's"), List.of(five, five))));
          assertThatThrownBy(() -> seat.port().ask(half))
              .isInstanceOf(Rejected.class)
              .hasMessageContaining("failed on this very command");
          assertThat(seat.port().leads()).isFalse();
          seat.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThatThrownBy(() -> seat.port().ask(half)).isInstanceOf(Rejected.class);
          assertThat(seat.port().leads()).isTrue();
        });
  }

  /// The same agent, or the same client, asks the next leader.
  @Test
  void whatEndedOneLeaderIsNotTakenByTheNext() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Seats.Seat second = seats.open("two");
          world.sleepMs(2_000);
          Deadly<String> list = deadly(StackOverflowError::new);
          long askedMs = world.nowMs();
          assertThatThrownBy(() -> ask(first.port(), list)).isInstanceOf(Rejected.class);
          second.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(world.nowMs() - askedMs).isLessThan(Seats.TIMING.leaderLeaseMs());
          assertThatThrownBy(() -> ask(second.port(), list)).isInstanceOf(Rejected.class);
          assertThat(second.port().leads()).isTrue();
          // One that comes anew learns it from the journal.
          Seats.Seat third = seats.open("three");
          world.sleepMs(2_000);
          first.port().close();
          second.port().close();
          third.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThatThrownBy(() -> ask(third.port(), list)).isInstanceOf(Rejected.class);
          assertThat(list.deaths).isEqualTo(1);
          assertThat(Seats.create(third.port(), "after")).isNotNull();
        });
  }

  @Test
  void itIsTriedAgainAfterAnHour() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).sole().leading("one");
          Deadly<String> list = deadly(StackOverflowError::new);
          assertThatThrownBy(() -> ask(seat.port(), list)).isInstanceOf(Rejected.class);
          world.sleepMs(3_700_000);
          assertThatThrownBy(() -> ask(seat.port(), list)).isInstanceOf(Rejected.class);
          assertThat(list.deaths).isEqualTo(2);
        });
  }

  /// A seat that begins reads of what ended a leader before, and is not to date it anew. It has a
  /// quiet time behind it, of heartbeats alone.
  @Test
  void itsHourIsNotBegunAgainByThoseWhoReadOfIt() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Deadly<String> list = deadly(StackOverflowError::new);
          assertThatThrownBy(() -> ask(first.port(), list)).isInstanceOf(Rejected.class);
          world.sleepMs(3_700_000);
          first.port().close();
          Seats.Seat second = seats.leading("two");
          assertThatThrownBy(() -> ask(second.port(), list)).isInstanceOf(Rejected.class);
          assertThat(list.deaths).isEqualTo(2);
        });
  }

  /// What was done in the same turn is not: nobody may be told that it is.
  @Test
  void thoseOfTheSameTurnAreToldToAskAgain() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).sole().leading("one");
          seat.link().shutGate();
          world.start("holds the leader", () -> Seats.create(seat.port(), "held"));
          world.sleepMs(10);
          List<Throwable> told = new ArrayList<>();
          world.start("before", () -> create(seat.port(), "before", told));
          world.sleepMs(10);
          Deadly<String> list = deadly(StackOverflowError::new);
          world.start("deadly", () -> askQuietly(seat.port(), list));
          world.sleepMs(10);
          seat.link().openGate();
          world.sleepMs(500);
          assertThat(told).singleElement().isInstanceOf(Unavailable.class);
          seat.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(Seats.hasTopic(seat.port(), "held")).isTrue();
          assertThat(Seats.hasTopic(seat.port(), "before")).isFalse();
        });
  }

  private static void create(CommandPort port, String name, List<Throwable> told) {
    try {
      Seats.create(port, name);
    } catch (Unavailable e) {
      told.add(e);
    }
  }

  private static void askQuietly(CommandPort port, List<String> list) {
    try {
      ask(port, list);
    } catch (Rejected e) {
      // As it is to be.
    }
  }

  private static void ask(CommandPort port, List<String> list) {
    port.as(Transactions.class).describe(list);
  }
}
