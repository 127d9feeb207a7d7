package io.weft.controlplane.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.journal.JournalWriter.Outcome;
import io.weft.simulated.SimulatedStore;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulated.StoreLink;
import io.weft.simulated.StoreLink.Fate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JournalWriterTest {
  private static final long SEED = 3;
  private static final JournalSettings SETTINGS = JournalSettings.DEFAULT;
  private static final byte[] BODY = {1};

  private final SimulatedStore store = new SimulatedStore();

  @Test
  void writesOneEntryAfterTheOther() {
    SimulatedWorld.run(
        SEED,
        world -> {
          JournalWriter writer = writer(world, link(world), JournalTip.START);
          assertThat(writer.begin(10, BODY)).isEqualTo(new Outcome.Written());
          assertThat(writer.append(20, BODY)).isEqualTo(new Outcome.Written());
          assertThat(writer.tip().index()).isEqualTo(2);
          assertThat(writer.tip().epoch()).isEqualTo(1);
        });
  }

  @Test
  void twoThatBeginOneEpochCannotBothHaveWritten() {
    SimulatedWorld.run(
        SEED,
        world -> {
          List<Outcome> outcomes = new ArrayList<>();
          List<Thread> threads = new ArrayList<>();
          for (int i = 0; i < 8; i++) {
            JournalWriter writer = writer(world, link(world).latencyMaxMs(5), JournalTip.START);
            threads.add(world.start("w" + i, () -> outcomes.add(writer.begin(10, BODY))));
          }
          for (Thread thread : threads) {
            thread.join();
          }
          assertThat(outcomes).hasSize(8).containsOnlyOnce(new Outcome.Written());
        });
  }

  @Test
  void believesAnOwnEntryWhoseAnswerWasLost() {
    SimulatedWorld.run(
        SEED,
        world -> {
          StoreLink link =
              link(world).onPut((number, _) -> number == 1 ? Fate.ANSWER_LOST : Fate.FINE);
          JournalWriter writer = writer(world, link, JournalTip.START);
          writer.begin(10, BODY);
          assertThat(writer.append(20, BODY)).isEqualTo(new Outcome.Written());
          assertThat(writer.append(30, BODY)).isEqualTo(new Outcome.Written());
          assertThat(store.keys("journal/")).hasSize(3);
        });
  }

  @Test
  void triesAgainWhatWasNotDone() {
    SimulatedWorld.run(
        SEED,
        world -> {
          StoreLink link = link(world).onPut((number, _) -> number < 5 ? Fate.NOT_DONE : Fate.FINE);
          assertThat(writer(world, link, JournalTip.START).begin(10, BODY))
              .isEqualTo(new Outcome.Written());
        });
  }

  @Test
  void losesToAnotherAtTheSameIndex() {
    SimulatedWorld.run(
        SEED,
        world -> {
          JournalWriter first = writer(world, link(world), JournalTip.START);
          first.begin(10, BODY);
          JournalWriter second = writer(world, link(world), first.tip());
          second.begin(20, BODY);
          assertThat(first.append(30, BODY)).isInstanceOf(Outcome.Lost.class);
          assertThat(first.tip().index()).isEqualTo(1);
        });
  }

  @Test
  void givesUpOnAStoreThatStaysAway() {
    SimulatedWorld.run(
        SEED,
        world -> {
          StoreLink link = link(world);
          JournalWriter writer = writer(world, link, JournalTip.START);
          writer.begin(10, BODY);
          link.onPut((_, _) -> Fate.NOT_DONE);
          long before = world.nowMs();
          assertThat(writer.append(20, BODY)).isInstanceOf(Outcome.Lost.class);
          assertThat(world.nowMs() - before)
              .isBetween(SETTINGS.appendDeadlineMs(), SETTINGS.appendDeadlineMs() + 200);
        });
  }

  /// The trap: while this writer slept, others wrote its next index, went on, and truncated it.
  @Test
  void doesNotBelieveAnIndexThatOthersWroteAndTruncated() {
    SimulatedWorld.run(
        SEED,
        world -> {
          JournalWriter stale = writer(world, link(world), JournalTip.START);
          stale.begin(10, BODY);
          othersGoOnAndTruncate(world, stale.tip());
          assertThat(store.keys("journal/")).doesNotContain(key(2));

          assertThat(stale.append(30, BODY)).isInstanceOf(Outcome.Overtaken.class);
          assertThat(store.keys("journal/")).doesNotContain(key(2));
        });
  }

  /// The trap's last gap: the pause comes after the look, in the midst of the append.
  @Test
  void doesNotBelieveAnAppendThatHungWhileOthersTruncated() {
    SimulatedWorld.run(
        SEED,
        world -> {
          StoreLink link = link(world);
          JournalWriter stale = writer(world, link, JournalTip.START);
          stale.begin(10, BODY);
          JournalTip tip = stale.tip();
          link.shutGate();
          List<Outcome> outcomes = new ArrayList<>();
          Thread hanging = world.start("stale", () -> outcomes.add(stale.append(30, BODY)));
          world.sleepMs(1);
          othersGoOnAndTruncate(world, tip);
          link.openGate();
          hanging.join();
          assertThat(store.keys("journal/")).as("the put was done").contains(key(2));
          assertThat(outcomes).singleElement().isInstanceOf(Outcome.Lost.class);
        });
  }

  @Test
  void looksAgainAfterALongRestAndGoesOn() {
    SimulatedWorld.run(
        SEED,
        world -> {
          JournalWriter writer = writer(world, link(world), JournalTip.START);
          writer.begin(10, BODY);
          world.sleepMs(24 * 3_600_000L);
          assertThat(writer.append(20, BODY)).isEqualTo(new Outcome.Written());
        });
  }

  @Test
  void measuresFromTheBeginningOfTheLastAppend() {
    SimulatedWorld.run(
        SEED,
        world -> {
          StoreLink link = link(world);
          JournalWriter writer = writer(world, link, JournalTip.START);
          assertThat(writer.sinceLastAppendMs()).isEqualTo(Long.MAX_VALUE);
          writer.begin(10, BODY);
          link.shutGate();
          world.start(
              "opener",
              () -> {
                sleep(world, 700);
                link.openGate();
              });
          writer.append(20, BODY);
          assertThat(writer.sinceLastAppendMs()).isEqualTo(700);
        });
  }

  private void othersGoOnAndTruncate(SimulatedWorld world, JournalTip tip)
      throws InterruptedException {
    JournalWriter other = writer(world, link(world), tip);
    assertThat(other.begin(20, BODY)).isEqualTo(new Outcome.Written());
    for (int i = 0; i < 5; i++) {
      assertThat(other.append(30, BODY)).isEqualTo(new Outcome.Written());
    }
    Snapshots snapshots = new Snapshots(store);
    Truncation truncation =
        new Truncation(
            new ObjectJournal(store),
            snapshots,
            StoredStates::check,
            world.environment(),
            SETTINGS.truncationGraceMs());
    truncation.saw(other.tip().index());
    snapshots.write(new JournalTip(6, 2, 1, 30, 1), StoredStates.small());
    snapshots.write(other.tip(), StoredStates.small());
    world.sleepMs(SETTINGS.truncationGraceMs());
    truncation.run();
  }

  private static void sleep(SimulatedWorld world, long durationMs) {
    try {
      world.sleepMs(durationMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private StoreLink link(SimulatedWorld world) {
    return new StoreLink(store, world.environment());
  }

  private static JournalWriter writer(SimulatedWorld world, StoreLink link, JournalTip tip) {
    return new JournalWriter(new ObjectJournal(link), world.environment(), SETTINGS, tip);
  }

  private static String key(long index) {
    return "journal/%020d".formatted(index);
  }
}
