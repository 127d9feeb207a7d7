package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulated.SimulatedWorld;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A leader lets stored data go: by clocks that agree, and files after a grace that it has seen
/// pass.
final class DataCollectionTest {
  private static final long SEED = 53;
  private static final long DAY_MS = 86_400_000;
  private static final long HOUR_MS = 3_600_000;
  private static final PartitionId P0 = new PartitionId(new TopicId(1, 1), 0);

  private static Committing placed(SimulatedWorld world, Seats.Seat seat) {
    seat.port()
        .as(TopicCatalog.class)
        .create(
            new NewTopic(
                P0.topic(), "t", 1, (short) 1, Map.of("retention.ms", Long.toString(HOUR_MS))));
    Committing agent = Committing.register(seat.port(), 1);
    agent.commit(file(agent.nextFileId(), world.environment().clock().wallMs()));
    return agent;
  }

  private static UploadedFile file(long fileId, long timeMs) {
    UploadedBatches run = Committing.file(fileId, P0, 3).partitions().getFirst();
    UploadedBatches timed =
        new UploadedBatches(
            P0,
            run.lengths(),
            run.records(),
            new long[] {timeMs},
            run.producerIds(),
            run.producerEpochs(),
            run.baseSequences(),
            run.transactions());
    return new UploadedFile(fileId, 1_000, 32, List.of(timed));
  }

  private static long start(Seats.Seat seat) {
    ExtentsFound found =
        seat.port().as(ExtentIndex.class).find(List.of(new ExtentQuery(P0, 3, 1))).getFirst();
    return ((ExtentsFound.Found) found).bounds().logStartOffset();
  }

  /// Registers again, as agents do, and takes what there is.
  static List<Long> take(Seats.Seat seat, long wallMs) {
    AgentId agent = Committing.register(seat.port(), 2).id();
    return seat.port().as(DeadFiles.class).take(agent, 1_000, wallMs);
  }

  private static void takeForAWhile(SimulatedWorld world, Seats.Seat seat, long aheadMs)
      throws InterruptedException {
    for (int i = 0; i < 6; i++) {
      take(seat, world.environment().clock().wallMs() + aheadMs);
      world.sleepMs(10_000);
    }
  }

  @Test
  void recordsExpireByTheTimeThatTheClocksAgreeOn() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).sole().leading("one");
          placed(world, seat);
          takeForAWhile(world, seat, 0);
          assertThat(start(seat)).isZero();
          world.sleepMs(HOUR_MS);
          assertThat(start(seat)).isZero();
          takeForAWhile(world, seat, 0);
          assertThat(start(seat)).isEqualTo(3);
        });
  }

  @Test
  void aLeaderWhoseClockIsADayAheadExpiresNothingEarly() {
    SimulatedWorld.run(
        SEED,
        world -> {
          SimulatedProcess process = world.process("one");
          process.skewWallClock(DAY_MS);
          Seats.Seat seat = new Seats(world).sole().leading(process);
          placed(world, seat);
          takeForAWhile(world, seat, 0);
          assertThat(start(seat)).isZero();
        });
  }

  @Test
  void anAgentWhoseClockIsADayAheadExpiresNothingEither() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).sole().leading("one");
          placed(world, seat);
          takeForAWhile(world, seat, DAY_MS);
          assertThat(start(seat)).isZero();
        });
  }

  /// Nor does a new leader count the time in which another one led.
  @Test
  void filesAreHandedOutAfterAGraceThatThisLeaderHasSeenPass() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          placed(world, first);
          first.port().as(TopicCatalog.class).deleteRecords(List.of(new RecordsBefore(P0, 3)));
          world.sleepMs(Seats.TIMING.fileDeleteGraceMs() - 60_000);
          assertThat(take(first, 0)).isEmpty();
          SimulatedProcess process = world.process("two");
          process.skewWallClock(DAY_MS);
          first.port().close();
          Seats.Seat second = seats.leading(process);
          world.sleepMs(Seats.TIMING.fileDeleteGraceMs() - 60_000);
          assertThat(take(second, 0)).isEmpty();
          world.sleepMs(90_000);
          List<Long> taken = take(second, 0);
          assertThat(taken).isNotEmpty();
          DeadFiles files = second.port().as(DeadFiles.class);
          files.deleted(new AgentId(1), taken);
          world.sleepMs(DeadFiles.KEPT_MS + 5_000);
          assertThat(take(second, 0)).doesNotContainAnyElementsOf(taken);
        });
  }
}
