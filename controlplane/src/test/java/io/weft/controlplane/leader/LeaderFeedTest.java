package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.simulated.SimulatedWorld;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeaderFeedTest {
  private static final long SEED = 31;
  private static final PartitionId P0 = new PartitionId(Seats.topic("t", 2).id(), 0);
  private static final PartitionId P1 = new PartitionId(Seats.topic("t", 2).id(), 1);

  @Test
  void tellsTheBaselineThenEveryCommit() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = seatWithTopic(world);
          Committing agent = Committing.register(seat.port(), 1);
          agent.commit(P0, 3);
          Heard heard = new Heard();
          var subscription = seat.port().feed().open(agent.id(), heard);
          subscription.watch(List.of(P0));
          world.sleepMs(10);
          agent.commit(P0, 2);
          agent.commit(P1, 7);
          agent.commit(P0, 1);
          world.sleepMs(10);
          assertThat(heard.of(Event.Baseline.class))
              .singleElement()
              .satisfies(baseline -> assertThat(baseline.bounds().highWatermark()).isEqualTo(3));
          assertThat(heard.of(Event.Advanced.class))
              .extracting(advanced -> advanced.bounds().highWatermark())
              .containsExactly(5L, 6L);
        });
  }

  /// Whatever the interleaving of commits and watching: from the baseline on, each event begins
  /// where the one before it ended.
  @Test
  void hasNoGapWhileOthersCommit() {
    for (long seed = 1; seed <= 20; seed++) {
      SimulatedWorld.run(
          seed,
          world -> {
            Seats.Seat seat = seatWithTopic(world);
            seat.link().latencyMaxMs(20);
            List<Thread> committers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
              Committing agent = Committing.register(seat.port(), i);
              committers.add(
                  world.start(
                      "committer-" + i,
                      () -> {
                        for (int n = 0; n < 15; n++) {
                          agent.commit(P0, 1 + n % 3);
                        }
                      }));
            }
            List<Heard> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
              world.sleepMs(world.environment().randomness().nextInt(30));
              Heard heard = new Heard();
              all.add(heard);
              seat.port().feed().open(new AgentId(i), heard).watch(List.of(P0, P1));
            }
            for (Thread committer : committers) {
              committer.join();
            }
            world.sleepMs(1_000);
            all.forEach(heard -> assertGapless(heard, 4 * 30));
          });
    }
  }

  private static void assertGapless(Heard heard, long total) {
    assertThat(heard.broken).isEmpty();
    long next = -1;
    for (Event event : heard.events) {
      switch (event) {
        case Event.Baseline(PartitionId partition, var bounds) when partition.equals(P0) -> {
          assertThat(next).as("a second baseline").isEqualTo(-1);
          next = bounds.highWatermark();
        }
        case Event.Advanced advanced -> {
          for (Span extent : advanced.appended()) {
            assertThat(extent.baseOffset()).isEqualTo(next);
            next = extent.lastOffset() + 1;
          }
          assertThat(advanced.bounds().highWatermark()).isEqualTo(next);
        }
        default -> {}
      }
    }
    assertThat(next).isEqualTo(total);
  }

  @Test
  void saysGoneForAPartitionThatIsNotThere() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = seatWithTopic(world);
          PartitionId unknown = new PartitionId(P0.topic(), 99);
          Heard heard = new Heard();
          seat.port().feed().open(new AgentId(1), heard).watch(List.of(unknown));
          world.sleepMs(10);
          assertThat(heard.of(Event.Gone.class)).containsExactly(new Event.Gone(unknown));
        });
  }

  @Test
  void watchingTwiceTellsOneBaseline() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = seatWithTopic(world);
          Heard heard = new Heard();
          var subscription = seat.port().feed().open(new AgentId(1), heard);
          subscription.watch(List.of(P0, P0));
          subscription.watch(List.of(P0));
          world.sleepMs(10);
          assertThat(heard.of(Event.Baseline.class)).hasSize(1);
        });
  }

  @Test
  void tellsNothingOfWhatIsNoLongerWatched() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = seatWithTopic(world);
          Committing agent = Committing.register(seat.port(), 1);
          Heard heard = new Heard();
          var subscription = seat.port().feed().open(agent.id(), heard);
          subscription.watch(List.of(P0, P1));
          subscription.unwatch(List.of(P0));
          agent.commit(P0, 1);
          agent.commit(P1, 1);
          world.sleepMs(10);
          assertThat(heard.of(Event.Advanced.class))
              .extracting(Event.Advanced::partition)
              .containsExactly(P1);
        });
  }

  @Test
  void tellsTheCatalogsVersionAtOnceAndAtEveryChange() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = seatWithTopic(world);
          long version = Seats.catalogVersion(seat.port());
          Heard heard = new Heard();
          seat.port().feed().open(new AgentId(1), heard);
          world.sleepMs(10);
          Seats.create(seat.port(), "another");
          world.sleepMs(10);
          assertThat(heard.of(Event.CatalogChanged.class))
              .extracting(Event.CatalogChanged::version)
              .containsExactly(version, Seats.catalogVersion(seat.port()));
        });
  }

  @Test
  void breaksOffOneThatIsTooSlowAndNobodyElse() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat =
              seats
                  .limits(new LeaderSettings.Limits(1_000, 100, 1 << 16, 50, 1_000, 1 << 20))
                  .leading("one");
          Seats.create(seat.port(), "t");
          Committing agent = Committing.register(seat.port(), 1);
          Heard quick = new Heard();
          seat.port().feed().open(agent.id(), quick).watch(List.of(P0));
          Heard slow = new Heard();
          CommitFeed.Listener sleepy =
              new CommitFeed.Listener() {
                @Override
                public void onEvents(List<Event> events) {
                  Seats.sleep(world, 60_000);
                  slow.onEvents(events);
                }

                @Override
                public void onBroken(String reason) {
                  slow.onBroken(reason);
                }
              };
          seat.port().feed().open(agent.id(), sleepy).watch(List.of(P0));
          for (int i = 0; i < 100; i++) {
            agent.commit(P0, 1);
            world.sleepMs(1);
          }
          world.sleepMs(200_000);
          assertThat(slow.broken).singleElement().asString().contains("too slow");
          assertThat(quick.broken).isEmpty();
          assertThat(quick.of(Event.Advanced.class)).hasSize(100);
        });
  }

  @Test
  void breaksEveryStreamWhenTheLeaderResigns() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = seatWithTopic(world);
          Heard heard = new Heard();
          seat.port().feed().open(new AgentId(1), heard).watch(List.of(P0));
          world.sleepMs(10);
          seat.port().close();
          world.sleepMs(10);
          assertThat(heard.broken).singleElement().asString().contains("resigned");
        });
  }

  /// Its agents reach it, and would wait for what only the next one tells.
  @Test
  void aLeaderCutFromTheStoreAloneHasNoStreamsLeftWhenAnotherOneLeads() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Seats.create(first.port(), "t");
          Seats.Seat second = seats.open("two");
          world.sleepMs(1_000);
          Heard heard = new Heard();
          first.port().feed().open(new AgentId(1), heard).watch(List.of(P0));
          world.sleepMs(60_000);
          assertThat(heard.broken).isEmpty();
          first.link().shutGate();
          second.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(heard.broken).singleElement().asString().contains("lease");
          Heard late = new Heard();
          first.port().feed().open(new AgentId(1), late).watch(List.of(P0));
          world.sleepMs(10);
          assertThat(late.broken).hasSize(1);
          Heard next = new Heard();
          second.port().feed().open(new AgentId(1), next).watch(List.of(P0));
          Committing.register(second.port(), 1).commit(P0, 3);
          world.sleepMs(10);
          assertThat(next.of(Event.Advanced.class)).hasSize(1);
        });
  }

  /// It writes nothing while nobody asks, and nobody waits for its place.
  @Test
  void theStreamsOfASoleLeaderLiveOnWhileItIsIdleAndNotWhileItCannotWrite() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).sole().leading("one");
          Seats.create(seat.port(), "t");
          Heard heard = new Heard();
          seat.port().feed().open(new AgentId(1), heard).watch(List.of(P0));
          world.sleepMs(3_600_000);
          assertThat(heard.broken).isEmpty();
          seat.link().shutGate();
          world.start("writer", () -> Seats.write(seat.port()));
          world.sleepMs(2 * Seats.TIMING.leaderLeaseMs());
          assertThat(heard.broken).hasSize(1);
          seat.link().openGate();
        });
  }

  @Test
  void breaksAStreamOpenedWhereNobodyLeads() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          seats.leading("one");
          Seats.Seat standby = seats.open("two");
          world.sleepMs(1_000);
          Heard heard = new Heard();
          standby.port().feed().open(new AgentId(1), heard).watch(List.of(P0));
          world.sleepMs(10);
          assertThat(heard.broken).singleElement().asString().contains("one");
          assertThat(heard.events).isEmpty();
        });
  }

  @Test
  void saysNothingMoreOnceClosed() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = seatWithTopic(world);
          Committing agent = Committing.register(seat.port(), 1);
          Heard heard = new Heard();
          var subscription = seat.port().feed().open(agent.id(), heard);
          subscription.watch(List.of(P0));
          world.sleepMs(10);
          int before = heard.events.size();
          subscription.close();
          agent.commit(P0, 1);
          seat.port().close();
          world.sleepMs(10);
          assertThat(heard.events).hasSize(before);
          assertThat(heard.broken).isEmpty();
        });
  }

  @Test
  void aListenerThatThrowsEndsItsOwnStreamOnly() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = seatWithTopic(world);
          List<String> broken = new ArrayList<>();
          CommitFeed.Listener faulty =
              new CommitFeed.Listener() {
                @Override
                public void onEvents(List<Event> events) {
                  throw new IllegalStateException("a bug of the listener's");
                }

                @Override
                public void onBroken(String reason) {
                  broken.add(reason);
                }
              };
          seat.port().feed().open(new AgentId(1), faulty);
          world.sleepMs(10);
          assertThat(broken).hasSize(1);
          assertThat(seat.port().leads()).isTrue();
        });
  }

  @Test
  void refusesToWatchTooManyAtOnce() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = seatWithTopic(world);
          var subscription = seat.port().feed().open(new AgentId(1), new Heard());
          List<PartitionId> many = Collections.nCopies(CommitFeed.PARTITIONS_WATCHED_MAX + 1, P0);
          assertThatThrownBy(() -> subscription.watch(many))
              .isInstanceOf(ControlPlaneException.Rejected.class);
        });
  }

  private static Seats.Seat seatWithTopic(SimulatedWorld world) {
    Seats.Seat seat = new Seats(world).leading("one");
    Seats.create(seat.port(), "t");
    return seat;
  }
}
