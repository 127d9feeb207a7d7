package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandPort;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulated.StoreLink;
import io.weft.simulated.StoreLink.Fate;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Leaders that die, pause, or fight over one journal.
final class LeaderFailoverTest {
  private static final int TOPICS = 6;
  private static final int AGENTS = 4;

  @Test
  void exactlyOneOfManyLeads() {
    for (long seed = 1; seed <= 30; seed++) {
      SimulatedWorld.run(
          seed,
          world -> {
            Seats seats = new Seats(world);
            List<Seats.Seat> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
              StoreLink link = new StoreLink(seats.store, world.environment()).latencyMaxMs(80);
              all.add(seats.open("seat-" + i, link));
            }
            world.sleepMs(Seats.TAKE_OVER_MS);
            assertThat(all.stream().filter(seat -> seat.port().leads())).hasSize(1);
          });
    }
  }

  /// A leader is cut from the store in mid-flight while a standby waits; it must never answer from
  /// what it alone believes, and its callers must be told, those too that still wait for a turn.
  @Test
  void aPausedLeaderStepsDownAndItsCallersAreTold() {
    SimulatedWorld.run(
        5,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Seats.Seat standby = seats.open("two");
          world.sleepMs(5_000);
          first.link().shutGate();
          List<Object> answers = new ArrayList<>();
          Thread taken = asking(world, first, "taken", answers);
          world.sleepMs(10);
          Thread waiting = asking(world, first, "waiting", answers);
          standby.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(answers).isEmpty();
          long openedMs = world.nowMs();
          first.link().openGate();
          taken.join();
          waiting.join();
          assertThat(world.nowMs() - openedMs).isLessThan(100);
          assertThat(answers)
              .hasSize(2)
              .allMatch(ControlPlaneException.Unavailable.class::isInstance);
          world.sleepMs(5_000);
          assertThat(first.port().leads()).isFalse();
          assertThat(standby.port().leads()).isTrue();
          assertThat(Seats.hasTopic(standby.port(), "taken")).isFalse();
        });
  }

  private static Thread asking(
      SimulatedWorld world, Seats.Seat seat, String topic, List<Object> answers) {
    return world.start(
        "asking-for-" + topic,
        () -> {
          try {
            answers.add(Seats.create(seat.port(), topic));
          } catch (ControlPlaneException.Unavailable e) {
            answers.add(e);
          }
        });
  }

  /// What nobody waits for any more is not done late.
  @Test
  void aCommandItsCallerGaveUpOnIsPassedOver() {
    SimulatedWorld.run(
        5,
        world -> {
          Seats.Seat seat = new Seats(world).sole().leading("one");
          seat.link().shutGate();
          List<Object> answers = new ArrayList<>();
          asking(world, seat, "taken", answers);
          world.sleepMs(10);
          asking(world, seat, "waiting", answers);
          world.sleepMs(Seats.TIMING.commandDeadlineMs() + 1_000);
          assertThat(answers).hasSize(2);
          seat.link().openGate();
          world.sleepMs(1_000);
          assertThat(Seats.hasTopic(seat.port(), "taken")).isTrue();
          assertThat(Seats.hasTopic(seat.port(), "waiting")).isFalse();
        });
  }

  /// What a leader cannot do is a bug: it stops, and does not spin.
  @Test
  void aBugEndsTheTermAndTheNextBeginsLater() {
    SimulatedWorld.run(
        5,
        world -> {
          Seats seats = new Seats(world).sole();
          Seats.Seat first = seats.leading("one");
          Seats.create(first.port(), "before");
          first.port().close();
          int[] bugs = {0};
          Map<String, String> settings =
              new AbstractMap<>() {
                @Override
                public Set<Map.Entry<String, String>> entrySet() {
                  if (bugs[0]++ == 0) {
                    throw new IllegalStateException("a bug of the test's");
                  }
                  return Set.of();
                }
              };
          Seats.Seat seat = seats.groups(settings).open("two");
          world.sleepMs(1_000);
          int entries = seats.entries();
          assertThat(bugs[0]).isEqualTo(1);
          world.sleepMs(5_000);
          assertThat(seat.port().leads()).isFalse();
          assertThat(seats.entries()).isEqualTo(entries);
          seat.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(Seats.hasTopic(seat.port(), "before")).isTrue();
          assertThat(seats.entries()).isLessThanOrEqualTo(entries + 2);
        });
  }

  /// Its memory is stale as soon as another may lead: reads need the journal then.
  @Test
  void aLeaderCutFromTheStoreAnswersNoReadOnceAnotherMayLead() {
    SimulatedWorld.run(
        6,
        world -> {
          Seats seats = new Seats(world);
          // A sole one, by its settings: it may rest on its lease alone, not on heartbeats.
          Seats.Seat first = seats.sole().leading("one");
          Seats.Seat standby = seats.sole(false).open("two");
          world.sleepMs(100);
          first.link().shutGate();
          boolean[] moved = new boolean[1];
          List<Boolean> staleReads = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            int beginMs = i * 100;
            world.start(
                "reader-" + i,
                () -> {
                  Seats.sleep(world, beginMs);
                  boolean movedBefore = moved[0];
                  try {
                    boolean sees = Seats.hasTopic(first.port(), "news");
                    staleReads.add(movedBefore && !sees);
                  } catch (ControlPlaneException.Unavailable e) {
                    // Fine: no answer is not a wrong one.
                  }
                });
          }
          standby.port().awaitLeading(Seats.TAKE_OVER_MS);
          Seats.create(standby.port(), "news");
          moved[0] = true;
          world.sleepMs(40_000);
          assertThat(staleReads).isNotEmpty().doesNotContain(true);
        });
  }

  @Test
  void anAnswerLostByTheStoreIsNotALostLeadership() {
    SimulatedWorld.run(
        7,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat = seats.open("one", seats.link().onPut((_, _) -> Fate.ANSWER_LOST));
          seat.port().awaitLeading(Seats.TAKE_OVER_MS);
          for (int i = 0; i < 10; i++) {
            assertThat(Seats.create(seat.port(), "topic-" + i)).isEqualTo(CreateOutcome.CREATED);
          }
          assertThat(seat.port().leads()).isTrue();
        });
  }

  @Test
  void aTakeOverWhoseAnswerWasLostIsNoticed() {
    SimulatedWorld.run(
        8,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          first.link().cut();
          Seats.Seat second =
              seats.open(
                  "two",
                  seats.link().onPut((number, _) -> number == 0 ? Fate.ANSWER_LOST : Fate.FINE));
          second.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(Seats.write(second.port()).count()).isEqualTo(1);
        });
  }

  /// The heart of it: the leader dies at every one of its appends, before or after the store has
  /// the entry; the workload repeats what was not answered, as agents do.
  @Test
  void diesAtEveryAppendAndNothingIsLostOrDoubled() {
    for (Fate fate : List.of(Fate.DEAD_BEFORE, Fate.DEAD_AFTER)) {
      int deaths = 0;
      boolean died = true;
      for (int append = 1; died; append++) {
        boolean[] reached = new boolean[1];
        int at = append;
        SimulatedWorld.run(
            append * 10L + (fate == Fate.DEAD_AFTER ? 1 : 0),
            world -> dieAt(world, at, fate, reached));
        died = reached[0];
        deaths += died ? 1 : 0;
      }
      assertThat(deaths).isGreaterThan(TOPICS + AGENTS);
    }
  }

  private static void dieAt(SimulatedWorld world, int append, Fate fate, boolean[] reached)
      throws InterruptedException {
    Seats seats = new Seats(world);
    StoreLink doomed =
        seats
            .link()
            .latencyMaxMs(20)
            .onPut(
                (number, _) -> {
                  boolean now = number == append;
                  reached[0] |= now;
                  return now ? fate : Fate.FINE;
                });
    Seats.Seat first = seats.open("doomed", doomed);
    world.sleepMs(1_000);
    Seats.Seat second = seats.open("second", seats.link().latencyMaxMs(20));
    Repeating asker = new Repeating(world, List.of(first.port(), second.port()));

    List<Registered> agents = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      agents.add(asker.as(Membership.class).register(new UUID(1, i), Zone.NONE, "host", i + 1));
    }
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < TOPICS; i++) {
      assertThat(asker.as(TopicCatalog.class).create(Seats.topic("t" + i, 1)))
          .isEqualTo(CreateOutcome.CREATED);
      assertThat(ids.add(asker.as(Producers.class).leaseIds(agents.get(0).id(), 1).first()))
          .as("a producer id given twice")
          .isTrue();
    }

    // A third reads what is durable, whichever of them led.
    var catalog = asker.as(TopicCatalog.class).page(Position.NOWHERE);
    assertThat(catalog.topics()).hasSize(TOPICS);
    assertThat(agents.stream().map(Registered::id)).doesNotHaveDuplicates();
    assertThat(agents.stream().map(Registered::clusterId).distinct()).hasSize(1);
  }

  /// Under latency, lost answers and refused puts on every side, with leaders that come and go.
  @Test
  void survivesBadWeather() {
    for (long seed = 100; seed < 115; seed++) {
      SimulatedWorld.run(seed, LeaderFailoverTest::playBadWeather);
    }
  }

  private static void playBadWeather(SimulatedWorld world) throws InterruptedException {
    Seats seats = new Seats(world).snapshotEvery(20);
    List<LeaderSeat> ports = new ArrayList<>();
    List<StoreLink> links = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      links.add(stormy(world, seats));
      ports.add(seats.open("seat-" + i, links.get(i)).port());
    }
    Repeating asker = new Repeating(world, ports);
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      asker.as(TopicCatalog.class).create(Seats.topic("t" + i, 1));
      var agent = asker.as(Membership.class).register(new UUID(1, i), Zone.NONE, "host", i + 1);
      assertThat(ids.add(asker.as(Producers.class).leaseIds(agent.id(), 1).first())).isTrue();
      assertThat(asker.as(TopicCatalog.class).page(Position.NOWHERE).topics()).hasSize(i + 1);
      if (i % 8 == 7) {
        int dying = world.environment().randomness().nextInt(3);
        links.get(dying).cut();
        links.set(dying, stormy(world, seats));
        ports.set(dying, seats.open("heir-" + i, links.get(dying)).port());
      }
    }
  }

  /// Pauses longer than truncation waits: what a seat finds when it wakes is not what it left.
  @Test
  void survivesPausesLongerThanTheGrace() {
    for (long seed = 200; seed < 205; seed++) {
      SimulatedWorld.run(seed, LeaderFailoverTest::playLongPauses);
    }
  }

  private static void playLongPauses(SimulatedWorld world) throws InterruptedException {
    Seats seats = new Seats(world).snapshotEvery(20);
    List<LeaderSeat> ports = new ArrayList<>();
    List<StoreLink> links = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      links.add(seats.link().latencyMaxMs(50));
      ports.add(seats.open("seat-" + i, links.get(i)).port());
    }
    Repeating asker = new Repeating(world, ports);
    Set<Long> ids = new HashSet<>();
    int topics = 0;
    for (int pause = 0; pause < 12; pause++) {
      StoreLink paused = links.get(world.environment().randomness().nextInt(3));
      paused.shutGate();
      int wakesAfter = world.environment().randomness().nextInt(6);
      for (int i = 0; i < 6; i++) {
        if (i == wakesAfter) {
          world.sleepMs(world.environment().randomness().nextInt(40 * 60_000));
          paused.openGate();
        }
        asker.as(TopicCatalog.class).create(Seats.topic("t" + topics++, 1));
        long id = asker.as(Producers.class).leaseIds(new AgentId(1), 1).first();
        assertThat(ids.add(id)).isTrue();
        assertThat(asker.as(TopicCatalog.class).page(Position.NOWHERE).topics()).hasSize(topics);
      }
    }
    assertThat(seats.store.keys("journal/").getFirst()).isGreaterThan("journal/%020d".formatted(1));
  }

  private static StoreLink stormy(SimulatedWorld world, Seats seats) {
    return seats.link().latencyMaxMs(300).onPut((_, _) -> weather(world));
  }

  private static Fate weather(SimulatedWorld world) {
    return switch (world.environment().randomness().nextInt(12)) {
      case 0 -> Fate.ANSWER_LOST;
      case 1 -> Fate.NOT_DONE;
      default -> Fate.FINE;
    };
  }

  @Test
  void closedSeatsNeverLeadAgain() {
    SimulatedWorld.run(
        9,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat = seats.leading("one");
          seat.port().close();
          seat.port().close();
          assertThatThrownBy(() -> seat.port().awaitLeading(60_000))
              .isInstanceOf(ControlPlaneException.Unavailable.class)
              .hasMessageContaining("closed");
        });
  }

  /// Asks the present leader, again and again, until there is an answer.
  private static final class Repeating implements CommandPort {
    private static final int ATTEMPTS_MAX = 5_000;

    private final SimulatedWorld world;
    private final List<LeaderSeat> ports;
    private int current;

    Repeating(SimulatedWorld world, List<LeaderSeat> ports) {
      this.world = world;
      this.ports = ports;
    }

    @Override
    public <R> R ask(Command<R> command) {
      for (int i = 0; i < ATTEMPTS_MAX; i++) {
        try {
          return ports.get(current).ask(command);
        } catch (ControlPlaneException.Unavailable e) {
          current = (current + 1) % ports.size();
          pause();
        }
      }
      throw new AssertionError("no answer after %d attempts".formatted(ATTEMPTS_MAX));
    }

    private void pause() {
      try {
        world.sleepMs(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ControlPlaneException.Unavailable("interrupted", e);
      }
    }

    @Override
    public CommitFeed feed() {
      return ports.get(current).feed();
    }

    @Override
    public void close() {}
  }
}
