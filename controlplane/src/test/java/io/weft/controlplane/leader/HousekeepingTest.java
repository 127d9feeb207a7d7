package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.CatalogCopy;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.NeighbourKey;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.command.CommandPort;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.Zone;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulated.SimulatedWorld;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class HousekeepingTest {
  private static final long SEED = 41;
  private static final long LEASE_MS = Seats.TIMING.agentLeaseMs();
  private static final PartitionId P0 = new PartitionId(Seats.topic("t", 2).id(), 0);

  @Test
  void anAgentThatDoesNotRenewLapses() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).leading("one");
          AgentId agent = register(seat.port(), 1);
          world.sleepMs(LEASE_MS - 1_000);
          assertThat(agents(seat.port())).containsExactly(agent);
          world.sleepMs(4_000);
          assertThat(agents(seat.port())).isEmpty();
          assertThat(seat.port().as(Membership.class).renew(agent)).isFalse();
        });
  }

  @Test
  void timeGoesOnThoughTheClockIsSetBack() {
    SimulatedWorld.run(
        SEED,
        world -> {
          SimulatedProcess process = world.process("one");
          Seats.Seat seat = new Seats(world).leading(process);
          process.skewWallClock(3_600_000);
          long ahead = timeMs(seat);
          process.skewWallClock(0);
          world.sleepMs(60_000);
          assertThat(timeMs(seat)).isBetween(ahead + 25_000, ahead + 35_000);
          world.sleepMs(2 * 3_600_000);
          assertThat(timeMs(seat)).isEqualTo(process.environment().clock().wallMs());
        });
  }

  private static long timeMs(Seats.Seat seat) {
    return seat.port().as(Quorum.class).describe().timeMs();
  }

  @Test
  void anAgentThatRenewsStays() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).leading("one");
          AgentId agent = register(seat.port(), 1);
          for (int i = 0; i < 20; i++) {
            world.sleepMs(LEASE_MS / 3);
            assertThat(seat.port().as(Membership.class).renew(agent)).isTrue();
          }
        });
  }

  @Test
  void anAgentThatRegistersAgainStays() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).leading("one");
          AgentId agent = register(seat.port(), 1);
          for (int i = 0; i < 20; i++) {
            world.sleepMs(LEASE_MS / 3);
            assertThat(register(seat.port(), 1)).isEqualTo(agent);
          }
        });
  }

  /// Neighbours go on with the same keys when the leader changes.
  @Test
  void keysOfNeighboursOutliveTheLeaderAndRotate() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          assertThat(keys(first)).isEmpty();
          world.sleepMs(2_000);
          List<NeighbourKey> made = keys(first);
          assertThat(made).hasSize(1);
          assertThat(made.getFirst().secret().size()).isEqualTo(32);
          Seats.Seat second = seats.open("two");
          first.port().close();
          second.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(keys(second)).isEqualTo(made);
          for (int i = 0; i < 310; i++) {
            world.sleepMs(12_000);
            keys(second);
          }
          List<NeighbourKey> rotated = keys(second);
          assertThat(rotated).hasSize(2).startsWith(made.getFirst());
          assertThat(rotated.getLast().secret()).isNotEqualTo(made.getFirst().secret());
        });
  }

  private static List<NeighbourKey> keys(Seats.Seat seat) {
    return seat.port()
        .as(Membership.class)
        .register(
            new UUID(1, 1),
            Zone.NONE,
            "h",
            9_092,
            Optional.of(new Address("h", 9_093)),
            Optional.empty())
        .neighbourKeys();
  }

  @Test
  void aNewLeaderGivesEverybodyAFullPeriod() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          AgentId agent = register(first.port(), 1);
          Seats.Seat second = seats.open("two");
          world.sleepMs(LEASE_MS - 2_000);
          first.port().close();
          second.port().awaitLeading(Seats.TAKE_OVER_MS);
          world.sleepMs(LEASE_MS - 2_000);
          assertThat(agents(second.port())).containsExactly(agent);
          world.sleepMs(5_000);
          assertThat(agents(second.port())).isEmpty();
        });
  }

  /// A slow store holds up the leader and with it all renewals: nobody is to blame for that.
  @Test
  void timeTheLeaderWasHeldUpIsNotCounted() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).sole().leading("one");
          AgentId agent = register(seat.port(), 1);
          seat.link().shutGate();
          world.start("writer", () -> Seats.write(seat.port()));
          world.sleepMs(25_000);
          seat.link().openGate();
          world.sleepMs(2_000);
          assertThat(agents(seat.port())).containsExactly(agent);
          world.sleepMs(LEASE_MS);
          assertThat(agents(seat.port())).isEmpty();
        });
  }

  @Test
  void fileIdsExpireLongAfterTheirIssue() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).leading("one");
          Seats.create(seat.port(), "t");
          Committing agent = Committing.register(seat.port(), 1);
          agent.commit(P0, 1);
          keepAlive(world, seat.port(), agent.id());
          world.sleepMs(Seats.TIMING.fileIdLeaseMs() - 5_000);
          agent.commit(P0, 1);
          world.sleepMs(30_000);
          List<FileOutcome> outcomes =
              seat.port()
                  .as(Sequencer.class)
                  .commit(agent.id(), 0, List.of(Committing.file(900, P0, 1)));
          assertThat(outcomes).singleElement().isInstanceOf(FileOutcome.Expired.class);
        });
  }

  private static void keepAlive(SimulatedWorld world, CommandPort port, AgentId agent) {
    world.start(
        "keep-alive",
        () -> {
          while (port.as(Membership.class).renew(agent)) {
            Seats.sleep(world, LEASE_MS / 3);
          }
        });
  }

  private static AgentId register(CommandPort port, int number) {
    return port.as(Membership.class).register(new UUID(number, 1), Zone.NONE, "host", 9_000).id();
  }

  private static List<AgentId> agents(CommandPort port) {
    return CatalogCopy.whole(at -> port.as(TopicCatalog.class).page(at)).agents().stream()
        .map(Agent::id)
        .toList();
  }
}
