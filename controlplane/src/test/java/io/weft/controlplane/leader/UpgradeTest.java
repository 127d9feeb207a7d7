package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.Releases.AgentLevel;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.journal.JournalException;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import io.weft.simulated.SimulatedWorld;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A cluster that is upgraded from the release before, taken back, and finished.
final class UpgradeTest {
  private static final long SEED = 5;

  @Test
  void anUnfinishedUpgradeCanBeTakenBack() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).level(Levels.FIRST).snapshotEvery(10);
          Seats.Seat old = seats.leading("old");
          turns(old, "old");
          old.port().close();
          Seats.Seat upgraded = seats.level(Levels.KNOWN).leading("new");
          turns(upgraded, "new");
          assertThat(upgraded.port().as(Releases.class).describe().cluster()).isEqualTo(1);
          upgraded.port().close();

          Seats.Seat back = seats.level(Levels.FIRST).leading("back");
          assertThat(Seats.hasTopic(back.port(), "old-29")).isTrue();
          assertThat(Seats.hasTopic(back.port(), "new-29")).isTrue();
          assertThatThrownBy(() -> back.port().as(Releases.class).finish(2))
              .isInstanceOf(Rejected.class);
          back.port().close();
        });
  }

  @Test
  void aNewClusterHasTheLevelOfItsFounder() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat founder = seats.leading("founder");
          assertThat(founder.port().as(Releases.class).describe().cluster())
              .isEqualTo(Levels.KNOWN);
          founder.port().close();
          Seats.Seat next = seats.leading("next");
          assertThat(next.port().as(Releases.class).describe().cluster()).isEqualTo(Levels.KNOWN);
          next.port().close();
        });
  }

  @Test
  void theReleaseBeforeRefusesAFinishedClusterWithOneSentence() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).foundedBefore();
          Seats.Seat leader = seats.leading("new");
          leader.port().as(Releases.class).finish(2);
          leader.port().close();

          assertRefused(
              seats,
              "a record of kind 100 is not known to this release of Weft: a newer release wrote"
                  + " it");
          Seats.Seat again = seats.level(Levels.KNOWN).leading("again");
          assertThat(again.port().as(Releases.class).describe().cluster()).isEqualTo(2);
          again.port().close();
        });
  }

  @Test
  void soItDoesWhenTheEntryIsInASnapshot() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).foundedBefore().snapshotEvery(10);
          Seats.Seat leader = seats.leading("new");
          leader.port().as(Releases.class).finish(2);
          turns(leader, "more");
          leader.port().close();
          assertThat(seats.store.keys("snapshots/")).isNotEmpty();

          assertRefused(
              seats,
              "the state in a snapshot has format 4, and this release of Weft reads up to 3: a"
                  + " newer release wrote it");
          Seats.Seat again = seats.level(Levels.KNOWN).leading("again");
          assertThat(Seats.hasTopic(again.port(), "more-29")).isTrue();
          assertThat(again.port().as(Releases.class).describe().cluster()).isEqualTo(2);
          again.port().close();
        });
  }

  @Test
  void itIsNotFinishedBeforeEveryAgentIsUpgraded() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).foundedBefore();
          Seats.Seat seat = seats.leading("one");
          register(seat, Levels.FIRST);
          Releases releases = seat.port().as(Releases.class);
          assertThat(releases.describe().agents())
              .isEqualTo(List.of(new AgentLevel(new AgentId(0), 1)));
          assertThatThrownBy(() -> releases.finish(2))
              .isInstanceOf(Rejected.class)
              .hasMessageContaining("agent 0 knows levels up to 1");
          seat.port().close();

          Seats.Seat next = seats.leading("two");
          Releases asked = next.port().as(Releases.class);
          assertThatThrownBy(() -> asked.finish(2))
              .isInstanceOf(Rejected.class)
              .hasMessageContaining("agent 0 has not said yet which levels it knows");
          register(next, 2);
          asked.finish(2);
          assertThat(asked.describe())
              .isEqualTo(new Releases.Status(2, 2, List.of(new AgentLevel(new AgentId(0), 2))));
          next.port().close();
        });
  }

  @Test
  void anAgentOfTheReleaseBeforeIsNotLetIntoAFinishedCluster() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).leading("one");
          seat.port().as(Releases.class).finish(2);

          assertThatThrownBy(() -> register(seat, Levels.FIRST))
              .isInstanceOf(Rejected.class)
              .hasMessage(
                  "level 2 is final, and this agent knows levels up to 1: it has to be upgraded");
          assertThat(seat.port().as(Releases.class).describe().agents()).isEmpty();
          register(seat, 2);
          assertThatThrownBy(() -> renew(seat, Levels.FIRST))
              .isInstanceOf(Rejected.class)
              .hasMessageContaining("this agent knows levels up to 1");
          assertThat(renew(seat, 2)).isTrue();
          seat.port().close();
        });
  }

  private static boolean renew(Seats.Seat seat, int level) {
    return seat.port()
        .ask(Command.of(Membership.class, it -> it.renew(new AgentId(0))).askedAt(level));
  }

  private static void register(Seats.Seat seat, int level) {
    var _ =
        seat.port()
            .ask(
                Command.of(
                        Membership.class,
                        it -> it.register(new UUID(1, 1), Zone.NONE, "host", 9092))
                    .askedAt(level));
  }

  private static void turns(Seats.Seat seat, String name) {
    for (int i = 0; i < 30; i++) {
      Seats.create(seat.port(), name + "-" + i);
    }
  }

  private static void assertRefused(Seats seats, String sentence) {
    Seats.Seat old = seats.level(Levels.FIRST).open("old");
    assertThatThrownBy(() -> old.port().awaitLeading(Seats.TAKE_OVER_MS))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("the journal is of a newer release: " + sentence);
    assertThat(seats.world.takeFailures())
        .singleElement()
        .isInstanceOf(JournalException.Newer.class);
  }
}
