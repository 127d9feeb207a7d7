package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.journal.JournalException;
import io.weft.controlplane.journal.JournalSettings;
import io.weft.controlplane.journal.Sealed;
import io.weft.environment.Environment;
import io.weft.environment.Tasks;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulated.StoreLink;
import io.weft.simulated.StoreLink.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Snapshots, truncation, and what a new leader makes of a journal that is not as it should be.
final class LeaderRecoveryTest {
  private static final long SEED = 21;
  private static final int EVERY = 20;

  /// Some 15 KB for a topic.
  private static final Map<String, String> LONG_SETTINGS =
      IntStream.range(0, 4)
          .boxed()
          .collect(Collectors.toUnmodifiableMap(i -> "long-" + i, i -> "x".repeat(3_800)));

  private static final long GRACE_MS = JournalSettings.DEFAULT.truncationGraceMs();

  @Test
  void takesSnapshotsAndKeepsTwo() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          Seats.Seat seat = seats.leading("one");
          fill(seat, 0, 100);
          world.sleepMs(1_000);
          assertThat(snapshots(seats)).hasSize(2);
          assertThat(snapshots(seats).getLast()).isGreaterThan("snapshots/%020d".formatted(90));
        });
  }

  /// Its heartbeats are entries, too.
  @Test
  void anIdleLeaderKeepsItsJournalShort() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(1_000);
          Seats.Seat seat = seats.leading("one");
          world.sleepMs(24 * 3_600_000L);
          assertThat(seat.port().leads()).isTrue();
          assertThat(snapshots(seats)).hasSize(2);
          assertThat(seats.entries()).isLessThan(4_000);
          long entries = seat.port().as(Quorum.class).describe().index();
          assertThat(entries).isGreaterThan(20_000);
        });
  }

  @Test
  void truncatesBehindThemAndStillRecoversEverything() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          Seats.Seat first = seats.leading("one");
          fill(first, 0, 100);
          world.sleepMs(GRACE_MS);
          fill(first, 100, 150);
          world.sleepMs(1_000);
          String older = seats.store.keys("snapshots/").getFirst().substring("snapshots/".length());
          assertThat(seats.store.keys("journal/").getFirst())
              .isGreaterThan("journal/%020d".formatted(100))
              .isLessThanOrEqualTo("journal/" + older);
          first.link().cut();
          Seats.Seat second = seats.leading("two");
          assertHas(second, 150);
        });
  }

  @Test
  void aTurnThatWasNotWrittenIsInNoSnapshot() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          fill(first, 0, 10);
          first.link().cut();
          Seats.Seat second = seats.snapshotEvery(5).leading("two");
          second.link().shutGate();
          List<String> answers = new ArrayList<>();
          Thread asker = world.start("asker", () -> answers.add(creating(second, "unwritten")));
          world.sleepMs(1);
          Seats.Seat third = seats.snapshotEvery(1_000).leading("three");
          second.link().openGate();
          asker.join();
          world.sleepMs(1_000);
          second.link().cut();
          third.link().cut();
          Seats.Seat last = seats.leading("four");
          assertThat(answers).containsExactly("failed");
          assertThat(Seats.hasTopic(last.port(), "unwritten")).isFalse();
          assertHas(last, 10);
        });
  }

  private static String creating(Seats.Seat seat, String topic) {
    try {
      return Seats.create(seat.port(), topic).toString();
    } catch (ControlPlaneException e) {
      return "failed";
    }
  }

  @Test
  void recoversWhileALeaderMovesOnUnderIt() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          Seats.Seat first = seats.leading("one");
          fill(first, 0, 60);
          StoreLink link = seats.link();
          Seats.Seat second = seats.open("two", link);
          world.sleepMs(1_000);
          // Two cannot see the store for so long that all it has read is truncated meanwhile.
          link.shutGate();
          fill(first, 60, 120);
          world.sleepMs(2 * GRACE_MS);
          fill(first, 120, 180);
          link.openGate();
          world.sleepMs(60_000);
          assertThat(first.port().leads()).isTrue();
          assertThat(second.port().leads()).isFalse();
          first.port().close();
          second.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertHas(second, 180);
        });
  }

  @Test
  void aDamagedNewestSnapshotFallsBackToTheOneBefore() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          truncatedAndClosed(world, seats);
          seats.store.damage(seats.store.keys("snapshots/").getLast());
          assertHas(seats.leading("two"), 150);
        });
  }

  @Test
  void withBothSnapshotsDamagedNobodyLeads() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          truncatedAndClosed(world, seats);
          seats.store.keys("snapshots/").forEach(seats.store::damage);
          assertStops(world, seats, "missing");
        });
  }

  @Test
  void aDamagedEntryStopsRatherThanIsSkipped() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          filledAndClosed(seats);
          seats.store.damage("journal/%020d".formatted(10));
          assertStops(world, seats, "entry 10 is damaged");
        });
  }

  @Test
  void aMissingEntryStopsRatherThanIsSkipped() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          filledAndClosed(seats);
          seats.store.remove("journal/%020d".formatted(10));
          assertStops(world, seats, "entry 10 is missing");
        });
  }

  @Test
  void anEntryOfAnotherHistoryStops() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          filledAndClosed(seats);
          Seats other = new Seats(world);
          filledAndClosed(other);
          String key = "journal/%020d".formatted(10);
          seats.store.replace(key, other.store.bytes(key));
          assertStops(world, seats, "does not follow");
        });
  }

  @Test
  void aJournalThatWasEmptiedIsNotBegunAnew() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          filledAndClosed(seats);
          world.sleepMs(1_000);
          seats.store.keys("journal/").forEach(seats.store::remove);
          assertStops(world, seats, "the journal ends");
        });
  }

  @Test
  void aFailedSnapshotIsTriedAgainAndDisturbsNobody() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          boolean[] failing = {true};
          StoreLink link =
              seats
                  .link()
                  .onPut(
                      (_, key) ->
                          failing[0] && key.name().startsWith("snapshots/")
                              ? Fate.NOT_DONE
                              : Fate.FINE);
          Seats.Seat seat = seats.open("one", link);
          seat.port().awaitLeading(Seats.TAKE_OVER_MS);
          fill(seat, 0, 60);
          assertThat(snapshots(seats)).isEmpty();
          failing[0] = false;
          world.sleepMs(60_000);
          assertThat(snapshots(seats)).isNotEmpty();
          assertThat(seat.port().leads()).isTrue();
        });
  }

  /// Tasks that start no thread for a snapshot, so many times.
  private static final class NoThreads implements Tasks {
    private final Tasks tasks;
    private int refusalsLeft;

    NoThreads(Tasks tasks, int refusals) {
      this.tasks = tasks;
      this.refusalsLeft = refusals;
    }

    @Override
    public Thread start(String name, Runnable body) {
      if (name.startsWith("snapshot-") && refusalsLeft > 0) {
        refusalsLeft--;
        throw new OutOfMemoryError("unable to create a thread, says a test");
      }
      return tasks.start(name, body);
    }

    @Override
    public void sleepMs(long durationMs) throws InterruptedException {
      tasks.sleepMs(durationMs);
    }

    @Override
    public boolean awaitMs(ReentrantLock lock, Condition condition, long timeoutMs)
        throws InterruptedException {
      return tasks.awaitMs(lock, condition, timeoutMs);
    }
  }

  @Test
  void aSnapshotThatCannotBeBegunIsTriedAgainAndDisturbsNobody() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          Environment whole = world.environment();
          NoThreads tasks = new NoThreads(whole.tasks(), 2);
          Environment without = new Environment(whole.clock(), tasks, whole.randomness());
          Seats.Seat seat = seats.open("one", seats.link(), without);
          seat.port().awaitLeading(Seats.TAKE_OVER_MS);
          fill(seat, 0, 60);
          assertThat(tasks.refusalsLeft).isEqualTo(1);
          assertThat(snapshots(seats)).isEmpty();
          world.sleepMs(90_000);
          assertThat(tasks.refusalsLeft).isZero();
          assertThat(snapshots(seats)).isNotEmpty();
          assertThat(seat.port().as(Quorum.class).describe().epoch()).isEqualTo(1);
        });
  }

  @Test
  void aSnapshotThatCannotBeReadBackIsNotReliedOn() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          Seats.Seat first = seats.leading("one");
          fill(first, 0, 100);
          world.sleepMs(1_000);
          List<String> sound = snapshots(seats);
          assertThat(sound).hasSize(2);
          seats.store.rot("snapshots/");
          world.sleepMs(GRACE_MS);
          fill(first, 100, 200);
          world.sleepMs(GRACE_MS);
          fill(first, 200, 250);
          world.sleepMs(1_000);
          assertThat(snapshots(seats)).isEqualTo(sound);
          String older = sound.getFirst().substring("snapshots/".length());
          assertThat(seats.store.keys("journal/").getFirst())
              .isLessThanOrEqualTo("journal/" + older);
          seats.store.rot("/");
          world.sleepMs(60_000);
          fill(first, 250, 260);
          world.sleepMs(1_000);
          assertThat(snapshots(seats).getLast()).isGreaterThan(sound.getLast());
          first.port().close();
          assertHas(seats.leading("two"), 260);
        });
  }

  @Test
  void aLargeStateIsRecoveredFromASnapshotInParts() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          Seats.Seat first = seats.leading("one");
          for (int i = 0; i < 600; i++) {
            NewTopic topic = Seats.topic("topic-" + i, 1);
            first
                .port()
                .as(TopicCatalog.class)
                .create(new NewTopic(topic.id(), topic.name(), 1, (short) 1, LONG_SETTINGS));
          }
          world.sleepMs(1_000);
          assertThat(seats.store.keys("snapshot-parts/").size()).isGreaterThan(1);
          first.port().close();
          Seats.Seat second = seats.leading("two");
          assertHas(second, 600);
          second.port().close();
          // One part of the newest is damaged: the one before it and the journal still have all.
          seats.store.damage(seats.store.keys("snapshot-parts/").getLast());
          assertHas(seats.leading("three"), 600);
        });
  }

  @Test
  void aJournalOfANewerReleaseIsNotCalledDamaged() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          filledAndClosed(seats);
          String key = "journal/%020d".formatted(10);
          seats.store.replace(key, Sealed.withVersion(seats.store.bytes(key), 2));
          assertStops(
              world,
              seats,
              "of a newer release: journal entry 10 has format 2",
              JournalException.Newer.class);
        });
  }

  @Test
  void aSlowSnapshotDoesNotHoldUpTheLeader() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          StoreLink link =
              seats
                  .link()
                  .onPut((_, key) -> key.name().startsWith("snapshots/") ? Fate.HANGS : Fate.FINE);
          Seats.Seat seat = seats.open("one", link);
          seat.port().awaitLeading(Seats.TAKE_OVER_MS);
          long before = world.nowMs();
          fill(seat, 0, 60);
          assertThat(world.nowMs()).isEqualTo(before);
          assertThat(snapshots(seats)).isEmpty();
        });
  }

  /// A put of the old leader's that lands after all is over: below the truncation nobody believes
  /// it, and it goes with the next one.
  @Test
  void anEntryThatLandsLongAfterItsTimeIsNeverRead() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          Seats.Seat first = seats.leading("one");
          fill(first, 0, 100);
          String key = "journal/%020d".formatted(50);
          byte[] late = seats.store.bytes(key);
          world.sleepMs(GRACE_MS);
          fill(first, 100, 150);
          world.sleepMs(1_000);
          assertThat(seats.store.keys("journal/")).doesNotContain(key);
          seats.store.replace(key, late);
          first.port().close();
          Seats.Seat second = seats.leading("two");
          assertHas(second, 150);
          world.sleepMs(2 * GRACE_MS);
          fill(second, 150, 200);
          world.sleepMs(1_000);
          assertThat(seats.store.keys("journal/")).doesNotContain(key);
        });
  }

  private static void truncatedAndClosed(SimulatedWorld world, Seats seats)
      throws InterruptedException {
    Seats.Seat first = seats.leading("one");
    fill(first, 0, 100);
    world.sleepMs(GRACE_MS);
    fill(first, 100, 150);
    world.sleepMs(1_000);
    first.port().close();
  }

  private static void filledAndClosed(Seats seats) {
    Seats.Seat first = seats.leading("one");
    fill(first, 0, 30);
    first.port().close();
  }

  private static void assertStops(SimulatedWorld world, Seats seats, String why)
      throws InterruptedException {
    assertStops(world, seats, why, JournalException.Damaged.class);
  }

  private static void assertStops(
      SimulatedWorld world, Seats seats, String why, Class<? extends Throwable> failure)
      throws InterruptedException {
    Seats.Seat seat = seats.open("two");
    assertThatThrownBy(() -> seat.port().awaitLeading(Seats.TAKE_OVER_MS))
        .isInstanceOf(ControlPlaneException.Unavailable.class)
        .hasMessageContaining(why);
    assertThatThrownBy(() -> Seats.read(seat.port()))
        .isInstanceOf(ControlPlaneException.Unavailable.class)
        .hasMessageContaining(why);
    List<Throwable> escaped = world.takeFailures();
    assertThat(escaped).singleElement().isInstanceOf(failure);
  }

  private static void fill(Seats.Seat seat, int from, int to) {
    for (int i = from; i < to; i++) {
      Seats.create(seat.port(), "topic-" + i);
    }
  }

  private static void assertHas(Seats.Seat seat, int topics) {
    var port = seat.port();
    for (int i = 0; i < topics; i++) {
      assertThat(Seats.hasTopic(port, "topic-" + i)).as("topic %d", i).isTrue();
    }
  }

  private static List<String> snapshots(Seats seats) {
    return seats.store.keys("snapshots/");
  }
}
