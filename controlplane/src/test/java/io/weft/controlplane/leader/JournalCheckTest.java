package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.journal.JournalSettings;
import io.weft.controlplane.journal.Sealed;
import io.weft.controlplane.leader.inspect.JournalCheck;
import io.weft.controlplane.leader.inspect.JournalReport;
import io.weft.controlplane.leader.inspect.JournalReport.Verdict;
import io.weft.simulated.SimulatedWorld;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JournalCheckTest {
  private static final long SEED = 31;
  private static final int EVERY = 20;
  private static final long GRACE_MS = JournalSettings.DEFAULT.truncationGraceMs();

  @Test
  void aSoundJournalIsSaidToBeAndLeftAsItIs() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          truncatedAndClosed(world, seats);
          Map<String, byte[]> before = contents(seats);

          JournalReport report = check(seats);

          assertThat(report.verdict()).isEqualTo(Verdict.SOUND);
          assertThat(report.notes()).isEmpty();
          assertThat(report.snapshots()).hasSize(2).allMatch(line -> line.contains(": sound"));
          assertThat(report.lastEntry()).isEqualTo(index(seats.store.keys("journal/").getLast()));
          assertThat(report.entries()).isEqualTo(seats.entries());
          assertThat(report.start()).hasValueSatisfying(from -> assertThat(from).contains("up to"));
          assertThat(report.lines()).contains("The journal is sound.");
          assertThat(contents(seats)).usingRecursiveComparison().isEqualTo(before);
        });
  }

  @Test
  void nothingIsNoJournal() {
    SimulatedWorld.run(
        SEED,
        world ->
            assertThat(check(new Seats(world)).lines())
                .containsExactly("There is no journal here: no entry, no snapshot."));
  }

  /// While the leader writes, takes snapshots and truncates.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aJournalAtWorkIsSound(long seed) {
    SimulatedWorld.run(
        seed,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          Seats.Seat seat = seats.leading("one");
          seat.link().latencyMaxMs(20);
          Thread filler =
              world.start(
                  "filler",
                  () -> {
                    for (int i = 0; i < 8; i++) {
                      fill(seat, 60 * i, 60 * (i + 1));
                      Seats.sleep(world, GRACE_MS / 3);
                    }
                  });
          List<String> wrong = new ArrayList<>();
          while (filler.isAlive()) {
            JournalReport report =
                JournalCheck.run(seats.link().latencyMaxMs(200), world.environment());
            if (report.verdict() != Verdict.SOUND) {
              wrong.addAll(report.lines());
            }
            world.sleepMs(5_000);
          }
          assertThat(wrong).isEmpty();
          assertThat(index(seats.store.keys("journal/").getFirst())).isGreaterThan(60);
        });
  }

  @Test
  void theFirstDamageIsNamedAndWhatIsKnownBeforeIt() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          fillAndClose(seats, 30);
          seats.store.damage("journal/%020d".formatted(10));
          seats.store.damage("journal/%020d".formatted(20));

          JournalReport report = check(seats);

          assertThat(report.verdict()).isEqualTo(Verdict.DAMAGED);
          assertThat(report.lastEntry()).isEqualTo(9);
          assertThat(report.lines())
              .contains(
                  "FIRST FAULT: journal entry 10 is damaged: checksum does not match",
                  "The journal is DAMAGED; see docs/recovery.md.",
                  "No control plane of this release can start from it.");
        });
  }

  @Test
  void damageBeforeTheNewestSnapshotDoesNotKeepAnybodyFromStarting() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          truncatedAndClosed(world, seats);
          List<Long> snapshots = snapshots(seats);
          long between = snapshots.getFirst() + 1;
          seats.store.remove("journal/%020d".formatted(between));

          JournalReport report = check(seats);

          assertThat(report.verdict()).isEqualTo(Verdict.DAMAGED);
          assertThat(report.faults().getFirst().what())
              .isEqualTo(
                  "journal entry %d is missing, entry %d is there".formatted(between, between + 1));
          assertThat(report.start())
              .hasValueSatisfying(
                  from ->
                      assertThat(from)
                          .startsWith("from the snapshot after entry " + snapshots.getLast()));
        });
  }

  @Test
  void aJournalThatLostItsEndIsNoticedWhereASnapshotKnowsIt() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          truncatedAndClosed(world, seats);
          long newest = snapshots(seats).getLast();
          seats.store.keys("journal/").stream()
              .filter(key -> index(key) >= newest)
              .forEach(seats.store::remove);

          JournalReport report = check(seats);

          assertThat(report.faults().getFirst().what())
              .isEqualTo(
                  "the journal ends with entry %d, before the newest snapshot (after entry %d): its end is lost"
                      .formatted(newest - 1, newest));
          assertThat(report.start()).isEmpty();
        });
  }

  @Test
  void aSnapshotOfAnotherStateIsNoticed() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          truncatedAndClosed(world, seats);
          String newest = seats.store.keys("snapshots/").getLast();
          byte[] bytes = seats.store.bytes(newest);
          // A letter of the last topic's name.
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          bytes[text.lastIndexOf("topic-")] = 'T';
          seats.store.replace(newest, Sealed.resealed(bytes));

          assertThat(check(seats).faults().getFirst().what())
              .contains("holds another state than the journal gives");
        });
  }

  @Test
  void whatANewerReleaseWroteIsNotCalledDamaged() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          fillAndClose(seats, 30);
          String key = "journal/%020d".formatted(10);
          seats.store.replace(key, Sealed.withVersion(seats.store.bytes(key), 2));

          JournalReport report = check(seats);

          assertThat(report.verdict()).isEqualTo(Verdict.NEWER);
          assertThat(report.faults().getFirst().what())
              .isEqualTo(
                  "journal entry 10 has format 2, and this release of Weft reads up to 1: a newer"
                      + " release wrote it");
          assertThat(report.lines().toString()).doesNotContain("DAMAGED");
        });
  }

  /// Whatever is done to one or two objects: the check says that a control plane can start if and
  /// only if one does, and calls nothing sound that one stumbles over.
  @ParameterizedTest
  @ValueSource(
      longs = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24
      })
  void itSaysWhetherAControlPlaneStarts(long seed) {
    SimulatedWorld.run(
        seed,
        world -> {
          Random random = new Random(seed);
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          truncatedAndClosed(world, seats);
          List<String> done = new ArrayList<>();
          for (int i = 0; i <= seed % 3; i++) {
            List<String> keys =
                seats.store.keys(random.nextInt(3) == 0 ? "snapshots/" : "journal/");
            String key = keys.get(random.nextInt(keys.size()));
            done.add(key);
            if (random.nextBoolean()) {
              seats.store.damage(key);
            } else {
              seats.store.remove(key);
            }
          }

          JournalReport report = check(seats);

          boolean leads = leads(world, seats);
          assertThat(report.start().isPresent())
              .as("seed %d, %s: %s", seed, done, report.lines())
              .isEqualTo(leads);
          if (!leads) {
            assertThat(report.verdict()).isEqualTo(Verdict.DAMAGED);
          }
        });
  }

  private static boolean leads(SimulatedWorld world, Seats seats) throws InterruptedException {
    Seats.Seat seat = seats.open("two");
    try {
      seat.port().awaitLeading(Seats.TAKE_OVER_MS);
      return true;
    } catch (ControlPlaneException.Unavailable e) {
      return false;
    } finally {
      world.takeFailures();
    }
  }

  private static JournalReport check(Seats seats) {
    return JournalCheck.run(seats.store, seats.world.environment());
  }

  private static Map<String, byte[]> contents(Seats seats) {
    Map<String, byte[]> contents = new TreeMap<>();
    seats.store.keys("").forEach(key -> contents.put(key, seats.store.bytes(key)));
    return contents;
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

  private static void fillAndClose(Seats seats, int topics) {
    Seats.Seat first = seats.leading("one");
    fill(first, 0, topics);
    first.port().close();
  }

  private static void fill(Seats.Seat seat, int from, int to) {
    for (int i = from; i < to; i++) {
      Seats.create(seat.port(), "topic-" + i);
    }
  }

  private static List<Long> snapshots(Seats seats) {
    return seats.store.keys("snapshots/").stream().map(JournalCheckTest::index).toList();
  }

  private static long index(String key) {
    return Long.parseLong(key.substring(key.indexOf('/') + 1));
  }
}
