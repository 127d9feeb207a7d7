package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.api.topic.DeletedTopics.UndeleteOutcome;
import io.weft.controlplane.command.CommandPort;
import io.weft.model.PartitionId;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulated.SimulatedWorld;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// For how long a deleted topic can come back: by clocks that agree, whichever process leads.
final class UndeletePeriodTest {
  private static final long SEED = 54;
  private static final long DAY_MS = 86_400_000;
  private static final PartitionId P0 = new PartitionId(Seats.topic("t", 1).id(), 0);

  private static Seats seats(SimulatedWorld world) {
    return new Seats(world).topicUndeleteMs(DAY_MS);
  }

  private static void deleteTopicWithRecords(CommandPort port) {
    port.as(TopicCatalog.class).create(Seats.topic("t", 1));
    assertThat(Committing.register(port, 1).commit(P0, 3)).isZero();
    assertThat(port.as(TopicCatalog.class).delete(P0.topic())).isTrue();
  }

  private static int kept(CommandPort port) {
    return port.as(DeletedTopics.class).list(Optional.empty()).size();
  }

  private static void tellTime(SimulatedWorld world, Seats.Seat seat, long aheadMs)
      throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      DataCollectionTest.take(seat, world.environment().clock().wallMs() + aheadMs);
      world.sleepMs(5_000);
    }
  }

  @Test
  void itIsKeptForThePeriod() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = seats(world).sole().leading("one");
          deleteTopicWithRecords(seat.port());
          world.sleepMs(DAY_MS - 200_000);
          tellTime(world, seat, 0);
          assertThat(kept(seat.port())).isEqualTo(1);
          world.sleepMs(200_000);
          // As long as no agent has said what time it is, it is not known.
          assertThat(kept(seat.port())).isEqualTo(1);
          tellTime(world, seat, 0);
          assertThat(kept(seat.port())).isZero();
        });
  }

  @Test
  void anAgentWhoseClockIsTwoDaysAheadEndsNothing() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = seats(world).sole().leading("one");
          deleteTopicWithRecords(seat.port());
          tellTime(world, seat, 2 * DAY_MS);
          assertThat(kept(seat.port())).isEqualTo(1);
        });
  }

  /// A leader is gone without a word, and the clock of the next one is ahead.
  @Test
  void itComesBackFromTheNextLeader() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = seats(world).snapshotEvery(20);
          Seats.Seat first = seats.leading("one");
          deleteTopicWithRecords(first.port());
          for (int i = 0; i < 50; i++) {
            Seats.write(first.port());
          }
          first.link().cut();
          SimulatedProcess process = world.process("two");
          process.skewWallClock(2 * DAY_MS);
          Seats.Seat second = seats.leading(process);
          tellTime(world, second, 0);
          assertThat(kept(second.port())).isEqualTo(1);
          assertThat(second.port().as(DeletedTopics.class).undelete(P0.topic(), "t"))
              .isEqualTo(UndeleteOutcome.UNDELETED);
          ExtentsFound found =
              second
                  .port()
                  .as(ExtentIndex.class)
                  .find(List.of(new ExtentQuery(P0, 0, 1)))
                  .getFirst();
          assertThat(((ExtentsFound.Found) found).bounds().highWatermark()).isEqualTo(3);
          assertThat(Seats.hasTopic(second.port(), "t")).isTrue();
        });
  }

  /// Else the period would have passed before it began.
  @Test
  void aLeaderWhoseClockIsADayBehindKeepsItAsLong() {
    SimulatedWorld.run(
        SEED,
        world -> {
          SimulatedProcess process = world.process("one");
          process.skewWallClock(-2 * DAY_MS);
          Seats.Seat seat = seats(world).sole().leading(process);
          seat.port().as(TopicCatalog.class).create(Seats.topic("t", 1));
          Committing.register(seat.port(), 1).commit(P0, 3);
          // Three clocks, of which two are right.
          DataCollectionTest.take(seat, world.environment().clock().wallMs());
          Committing other = Committing.register(seat.port(), 3);
          seat.port().as(DeadFiles.class).take(other.id(), 1, world.environment().clock().wallMs());
          assertThat(seat.port().as(TopicCatalog.class).delete(P0.topic())).isTrue();
          long untilMs =
              seat.port().as(DeletedTopics.class).list(Optional.empty()).getFirst().untilMs();
          assertThat(untilMs).isGreaterThan(world.environment().clock().wallMs() + DAY_MS - 60_000);
        });
  }
}
