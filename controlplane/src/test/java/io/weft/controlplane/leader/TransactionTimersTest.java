package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.TransactionStep.Caller;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.Description;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.api.transaction.Transactions.Refusal;
import io.weft.controlplane.api.transaction.Transactions.State;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandPort;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.simulated.SimulatedWorld;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Transactions whose producers are gone, and leaders that are.
final class TransactionTimersTest {
  private static final long SEED = 43;
  private static final int TIMEOUT_MS = 30_000;
  private static final PartitionId P0 = new PartitionId(Seats.topic("t", 2).id(), 0);
  private static final Caller CALLER = new Caller("pay", new AgentId(1), 1);

  @Test
  void aTransactionIsAbortedAfterItsTimeAndItsProducerFenced() {
    SimulatedWorld.run(
        SEED,
        world -> {
          CommandPort port = new Seats(world).leading("one").port();
          ProducerEpoch producer = begin(port);
          world.sleepMs(TIMEOUT_MS - 2_000);
          assertThat(described(port).state()).isEqualTo(State.ONGOING);
          world.sleepMs(5_000);
          assertThat(described(port).state()).isEqualTo(State.COMPLETE_ABORT);
          assertThat(port.ask(end(producer, true))).isEqualTo(new Outcome.Refused(Refusal.FENCED));
        });
  }

  /// What counts is how long a transaction is open, not how long its producer works.
  @Test
  void transactionsInTimeAreLeftAlone() {
    SimulatedWorld.run(
        SEED,
        world -> {
          CommandPort port = new Seats(world).leading("one").port();
          ProducerEpoch producer = begin(port);
          for (int i = 0; i < 5; i++) {
            world.sleepMs(TIMEOUT_MS - 5_000);
            assertThat(port.ask(end(producer, true))).isEqualTo(new Outcome.Done(producer));
            assertThat(port.ask(add(producer))).isEqualTo(new Outcome.Done(producer));
          }
        });
  }

  @Test
  void aNewLeaderGivesATransactionItsFullTime() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          begin(first.port());
          Seats.Seat second = seats.open("two");
          world.sleepMs(TIMEOUT_MS - 5_000);
          first.port().close();
          second.port().awaitLeading(Seats.TAKE_OVER_MS);
          world.sleepMs(TIMEOUT_MS - 5_000);
          assertThat(described(second.port()).state()).isEqualTo(State.ONGOING);
          world.sleepMs(10_000);
          assertThat(described(second.port()).state()).isEqualTo(State.COMPLETE_ABORT);
        });
  }

  /// What one leader has begun, the next one ends, whole.
  @Test
  void aTransactionGoesOnUnderTheNextLeader() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          ProducerEpoch producer = begin(first.port());
          Seats.Seat second = seats.open("two");
          first.port().close();
          second.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(described(second.port()).partitions()).containsExactly(P0);
          assertThat(second.port().ask(end(producer, true))).isEqualTo(new Outcome.Done(producer));
          assertThat(second.port().ask(end(producer, true))).isEqualTo(new Outcome.Done(producer));
          assertThat(described(second.port()).state()).isEqualTo(State.COMPLETE_COMMIT);
        });
  }

  private static ProducerEpoch begin(CommandPort port) {
    Seats.create(port, "t");
    Outcome made =
        port.as(Transactions.class)
            .take(new TransactionStep.Initialize(CALLER, TIMEOUT_MS, Optional.empty()));
    ProducerEpoch producer = ((Outcome.Done) made).producer();
    assertThat(port.ask(add(producer))).isEqualTo(new Outcome.Done(producer));
    return producer;
  }

  private static Command<Outcome> add(ProducerEpoch producer) {
    return Command.of(
        Transactions.class,
        it -> it.take(new TransactionStep.AddPartitions(CALLER, producer, List.of(P0))));
  }

  private static Command<Outcome> end(ProducerEpoch producer, boolean commit) {
    return Command.of(
        Transactions.class,
        it -> it.take(new TransactionStep.End(CALLER, producer, commit, false)));
  }

  private static Description described(CommandPort port) {
    return port.as(Transactions.class).describe(List.of("pay")).getFirst().orElseThrow();
  }
}
