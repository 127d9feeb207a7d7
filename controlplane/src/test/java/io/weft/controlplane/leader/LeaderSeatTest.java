package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.model.AgentId;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulated.StoreLink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeaderSeatTest {
  private static final long SEED = 1;

  @Test
  void leadsAtOnceWhereNothingEverWas() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat = seats.leading("one");
          assertThat(world.nowMs()).isLessThan(Seats.TIMING.leaderLeaseMs());
          assertThat(Seats.read(seat.port())).hasSize(22);
        });
  }

  @Test
  void answersAndRemembersAcrossARestart() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          String cluster = Seats.read(first.port());
          assertThat(Seats.create(first.port(), "orders")).isEqualTo(CreateOutcome.CREATED);
          first.port().close();

          Seats.Seat second = seats.leading("two");
          assertThat(Seats.read(second.port())).isEqualTo(cluster);
          assertThat(Seats.hasTopic(second.port(), "orders")).isTrue();
        });
  }

  @Test
  void resigningHandsOverAtOnce() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Seats.Seat standby = seats.open("two");
          world.sleepMs(10_000);
          assertThat(standby.port().leads()).isFalse();

          long before = world.nowMs();
          first.port().close();
          standby.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(world.nowMs() - before).isLessThanOrEqualTo(Seats.TIMING.pollIntervalMs());
          assertThat(first.port().leads()).isFalse();
        });
  }

  @Test
  void aSilentLeaderIsReplacedAfterItsLease() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Seats.Seat standby = seats.open("two");
          world.sleepMs(10_000);
          long before = world.nowMs();
          first.link().cut();
          standby.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(world.nowMs() - before)
              .isBetween(
                  Seats.TIMING.leaderLeaseMs() - Seats.TIMING.lease(false).heartbeatMs() - 100,
                  Seats.TIMING.leaderLeaseMs() + 2 * Seats.TIMING.pollIntervalMs());
        });
  }

  @Test
  void aLeaderWhoseHeartbeatHangsCanBeClosed() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).leading("one");
          seat.link().shutGate();
          world.sleepMs(Seats.TIMING.leaderLeaseMs());
          long before = world.nowMs();
          seat.port().close();
          assertThat(world.nowMs() - before).isLessThan(15_000);
          world.sleepMs(1_000);
          assertThat(seat.port().leads()).isFalse();
        });
  }

  @Test
  void anIdleLeaderKeepsItsStandbysQuiet() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Seats.Seat standby = seats.open("two");
          world.sleepMs(3_600_000);
          assertThat(first.port().leads()).isTrue();
          assertThat(standby.port().leads()).isFalse();
        });
  }

  @Test
  void aSoleLeaderWritesNothingWhileNobodyAsks() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).sole();
          Seats.Seat seat = seats.leading("one");
          int before = seats.entries();
          world.sleepMs(3_600_000);
          assertThat(seats.entries()).isEqualTo(before);
          Seats.read(seat.port());
          assertThat(seats.entries()).isEqualTo(before + 1);
          assertThat(seat.port().leads()).isTrue();
        });
  }

  @Test
  void aStandbyRefusesAndNamesTheLeader() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          seats.leading("one");
          Seats.Seat standby = seats.open("two");
          world.sleepMs(1_000);
          assertThatThrownBy(() -> Seats.read(standby.port()))
              .isInstanceOf(ControlPlaneException.Unavailable.class)
              .hasMessageContaining("one");
          assertThat(standby.port().leader()).contains("one");
        });
  }

  @Test
  void aRejectedCommandConcernsItsCallerAlone() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat = seats.leading("one");
          assertThatThrownBy(() -> seat.port().as(Producers.class).leaseIds(new AgentId(0), -1))
              .isInstanceOf(ControlPlaneException.Rejected.class);
          assertThat(Seats.write(seat.port()).count()).isEqualTo(1);
          assertThat(seat.port().leads()).isTrue();
        });
  }

  @Test
  void manyCommandsShareAnEntry() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat = seats.leading("one");
          seat.link().latencyMaxMs(200);
          int before = seats.entries();
          List<Long> given = new ArrayList<>();
          List<Thread> askers = new ArrayList<>();
          for (int i = 0; i < 500; i++) {
            askers.add(
                world.start("asker-" + i, () -> given.add(Seats.write(seat.port()).first())));
          }
          for (Thread asker : askers) {
            asker.join();
          }
          assertThat(given).doesNotHaveDuplicates().hasSize(500);
          assertThat(seats.entries() - before).isLessThan(20);
        });
  }

  @Test
  void aFullQueueRefusesAtOnce() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats =
              new Seats(world)
                  .limits(new LeaderSettings.Limits(5, 100, 1 << 16, 100, 1_000, 1 << 20));
          Seats.Seat seat = seats.leading("one");
          seat.link().shutGate();
          List<String> refusals = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            world.start(
                "asker-" + i,
                () -> {
                  try {
                    Seats.write(seat.port());
                  } catch (ControlPlaneException.Unavailable e) {
                    refusals.add(e.getMessage());
                  }
                });
          }
          world.sleepMs(10);
          assertThat(refusals).hasSizeGreaterThan(20).allMatch(why -> why.contains("overloaded"));
        });
  }

  @Test
  void aCommandThatIsNotAnsweredInTimeSaysSo() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).sole();
          Seats.Seat seat = seats.leading("one");
          seat.link().shutGate();
          long before = world.nowMs();
          assertThatThrownBy(() -> Seats.write(seat.port()))
              .isInstanceOf(ControlPlaneException.Unavailable.class)
              .hasMessageContaining("no answer");
          assertThat(world.nowMs() - before).isEqualTo(Seats.TIMING.commandDeadlineMs());
        });
  }

  @Test
  void anInterruptedCallerIsToldAndStaysInterrupted() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).sole();
          Seats.Seat seat = seats.leading("one");
          seat.link().shutGate();
          List<Boolean> interrupted = new ArrayList<>();
          Thread asker =
              world.start(
                  "asker",
                  () -> {
                    try {
                      Seats.write(seat.port());
                    } catch (ControlPlaneException.Unavailable e) {
                      interrupted.add(Thread.currentThread().isInterrupted());
                    }
                  });
          world.sleepMs(100);
          asker.interrupt();
          asker.join();
          assertThat(interrupted).containsExactly(true);
        });
  }

  @Test
  void closingEndsEvenWhileTheStoreHangs() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat = seats.leading("one");
          seat.link().shutGate();
          seat.port().close();
          assertThat(seat.port().leads()).isFalse();
          assertThatThrownBy(() -> Seats.read(seat.port()))
              .isInstanceOf(ControlPlaneException.Unavailable.class)
              .hasMessageContaining("closed");
        });
  }

  @Test
  void waitsForAStoreThatIsDownAtTheStart() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          var link = seats.link();
          link.refuse(true);
          Seats.Seat seat = seats.open("one", link);
          assertThatThrownBy(() -> seat.port().awaitLeading(5_000))
              .isInstanceOf(ControlPlaneException.Unavailable.class);
          link.refuse(false);
          seat.port().awaitLeading(5_000);
          assertThat(Seats.read(seat.port())).isNotEmpty();
        });
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    SimulatedWorld.Scenario scenario =
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          first.link().latencyMaxMs(50);
          seats.open("two");
          for (int i = 0; i < 20; i++) {
            Seats.write(first.port());
          }
        };
    assertThat(SimulatedWorld.run(7, scenario)).isEqualTo(SimulatedWorld.run(7, scenario));
    assertThat(SimulatedWorld.run(7, scenario)).isNotEqualTo(SimulatedWorld.run(8, scenario));
  }

  /// The journal names a leader that is dead: it is led again only when its lease has ended.
  @Test
  void aSeatOnTheJournalOfADeadLeaderIsNotLedUntilItLeads() {
    SimulatedWorld.run(
        3,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat dead = seats.leading("dead");
          dead.link().cut();
          Seats.Seat next = seats.open("next");
          assertThat(next.port().whyUnled()).isPresent();
          next.port().awaitLed();
          assertThat(next.port().leads()).isTrue();
        });
  }

  @Test
  void aStandbyIsLedOnceItHasHeardOfTheLeaderAndNotWhileItCannotReadTheJournal() {
    SimulatedWorld.run(
        4,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat leader = seats.leading("leader");
          Seats.Seat standby = seats.open("standby");
          standby.port().awaitLed();
          assertThat(standby.port().leads()).isFalse();
          assertThat(leader.port().leads()).isTrue();

          standby.link().refuse(true);
          world.sleepMs(2 * Seats.TAKE_OVER_MS);
          assertThat(standby.port().whyUnled().orElseThrow()).contains("cannot be read");
          standby.port().close();
          assertThat(standby.port().whyUnled()).isPresent();
        });
  }

  /// The entry that the leader began with lies before the snapshot that the standby begins with.
  @Test
  void aStandbyIsLedByALeaderWhoseNameItHasNotRead() {
    SimulatedWorld.run(
        5,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(5);
          Seats.Seat leader = seats.leading("leader");
          for (int i = 0; i < 40; i++) {
            leader.port().as(TopicCatalog.class).create(Seats.topic("topic-" + i, 1));
          }
          world.sleepMs(2 * Seats.TAKE_OVER_MS);
          Seats.Seat standby = seats.open("standby");
          world.sleepMs(2 * Seats.TAKE_OVER_MS);

          assertThat(standby.port().leader()).isEmpty();
          assertThat(standby.port().whyUnled()).isEmpty();
          assertThat(leader.port().leads()).isTrue();
        });
  }

  /// Entries come faster than the standby reads them: it never finds the journal at rest.
  @Test
  void aStandbyIsLedByALeaderThatNeverPauses() {
    SimulatedWorld.run(
        6,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat leader = seats.leading("leader");
          boolean[] over = {false};
          Thread asker =
              world.start(
                  "asker",
                  () -> {
                    while (!over[0]) {
                      Seats.write(leader.port());
                      Seats.sleep(world, 1);
                    }
                  });
          world.sleepMs(1_000);
          StoreLink slow = seats.link().latencyMaxMs(100);
          Seats.Seat standby = seats.open("standby", slow);
          world.sleepMs(Seats.TAKE_OVER_MS);

          assertThat(standby.port().whyUnled()).isEmpty();
          assertThat(standby.port().leads()).isFalse();
          over[0] = true;
          asker.join();
        });
  }
}
