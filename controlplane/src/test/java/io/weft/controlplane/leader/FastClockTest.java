package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.command.CommandPort;
import io.weft.controlplane.groups.GroupAsks;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.Zone;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulated.SimulatedWorld;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Leaders whose wall clock is far ahead: that clock must not decide what is forgotten, or when.
final class FastClockTest {
  private static final long SEED = 47;
  private static final long DAY_MS = 86_400_000;
  private static final PartitionId P0 = new PartitionId(Seats.topic("t", 2).id(), 0);
  private static final Map<String, String> GROUPS =
      Map.of("offsets.retention.minutes", "60", "offsets.retention.check.interval.ms", "10000");

  /// The answer to its first attempt was lost, and another leader is asked again.
  @Test
  void aBatchThatIsSentAgainIsADuplicateUnderALeaderADayAhead() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Seats.create(first.port(), "t");
          long producerId = Seats.write(first.port()).first();
          assertThat(send(first.port(), producerId)).isEqualTo(Verdict.PLACED);
          Seats.Seat second = succeed(world, seats, first, 2 * DAY_MS);
          world.sleepMs(5 * Housekeeping.PRODUCERS_EVERY_MS);
          assertThat(send(second.port(), producerId)).isEqualTo(Verdict.DUPLICATE);
        });
  }

  @Test
  void aClockThatJumpsWhileItsLeaderLeadsChangesNothingEither() {
    SimulatedWorld.run(
        SEED,
        world -> {
          SimulatedProcess process = world.process("one");
          Seats.Seat seat = new Seats(world).sole().leading(process);
          Seats.create(seat.port(), "t");
          long producerId = Seats.write(seat.port()).first();
          assertThat(send(seat.port(), producerId)).isEqualTo(Verdict.PLACED);
          world.sleepMs(2 * Housekeeping.PRODUCERS_EVERY_MS);
          process.skewWallClock(2 * DAY_MS);
          world.sleepMs(5 * Housekeeping.PRODUCERS_EVERY_MS);
          assertThat(send(seat.port(), producerId)).isEqualTo(Verdict.DUPLICATE);
        });
  }

  @Test
  void aProducerIsForgottenOnceTheLeaderHasSeenItIdleForLong() {
    SimulatedWorld.run(
        SEED,
        world -> {
          SimulatedProcess process = world.process("one");
          process.skewWallClock(-30 * DAY_MS);
          Seats.Seat seat = new Seats(world).sole().leading(process);
          Seats.create(seat.port(), "t");
          long producerId = Seats.write(seat.port()).first();
          assertThat(send(seat.port(), producerId)).isEqualTo(Verdict.PLACED);
          world.sleepMs(Seats.TIMING.producerIdleMs() + 5 * Housekeeping.PRODUCERS_EVERY_MS);
          assertThat(send(seat.port(), producerId)).isEqualTo(Verdict.PLACED);
        });
  }

  @Test
  void aTransactionalIdIsRememberedByALeaderAMonthAhead() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          first
              .port()
              .as(Transactions.class)
              .take(
                  new TransactionStep.Initialize(
                      new TransactionStep.Caller("pay", new AgentId(1), 1),
                      30_000,
                      Optional.empty()));
          Seats.Seat second = succeed(world, seats, first, 30 * DAY_MS);
          world.sleepMs(3 * TransactionTimers.IDS_EVERY_MS);
          assertThat(second.port().as(Transactions.class).describe(List.of("pay")).getFirst())
              .isPresent();
        });
  }

  @Test
  void theOffsetsOfAGroupAreKeptByALeaderADayAhead() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).groups(GROUPS);
          Seats.Seat first = seats.leading("one");
          Seats.create(first.port(), "t");
          assertThat(new GroupAsks(first.port(), "c").commit("g", "t", 0, 5)).isZero();
          Seats.Seat second = succeed(world, seats, first, DAY_MS);
          GroupAsks client = new GroupAsks(second.port(), "c");
          world.sleepMs(3_540_000);
          assertThat(client.committed("g", "t", 0, true)).isEqualTo(5);
          world.sleepMs(120_000);
          assertThat(client.committed("g", "t", 0, true)).isEqualTo(-1);
        });
  }

  private static Seats.Seat succeed(
      SimulatedWorld world, Seats seats, Seats.Seat first, long aheadMs) {
    SimulatedProcess process = world.process("two");
    process.skewWallClock(aheadMs);
    first.port().close();
    return seats.leading(process);
  }

  /// The producer's first batch, in a file of its own.
  private static Verdict send(CommandPort port, long producerId) {
    AgentId agent =
        port.as(Membership.class).register(new UUID(7, 7), Zone.NONE, "host", 9_000).id();
    LeaseOutcome leased = port.as(FileLedger.class).lease(agent, 1);
    UploadedBatches batches =
        new UploadedBatches(
            P0,
            new int[] {100},
            new int[] {3},
            new long[] {-1},
            new long[] {producerId},
            new short[] {0},
            new int[] {0},
            new byte[] {0});
    UploadedFile file =
        new UploadedFile(((LeaseOutcome.Leased) leased).first(), 1_000, 32, List.of(batches));
    FileOutcome outcome = port.as(Sequencer.class).commit(agent, 0, List.of(file)).getFirst();
    BatchOutcomes run = ((FileOutcome.Committed) outcome).partitions().getFirst();
    return run.verdict(0);
  }
}
