package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.environment.Pending;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulated.StoreLink;
import io.weft.storage.object.RetrySettings;
import io.weft.storage.object.RetryingObjectStore;
import io.weft.storage.object.probe.StoreProbe;
import io.weft.storage.object.probe.StoreVerdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two processes begin at once, as control planes do: each asks whether the store is sound, and
/// takes a seat only on one that is.
final class StoreWithoutConditionsTest {
  private static final int LATENCY_MS = 80;

  /// What the probe is for: two puts of the journal's first entry, under way at the same time.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void unprobedItGetsTwoLeadersAtOnce(long seed) {
    SimulatedWorld.run(
        seed,
        world -> {
          Seats seats = new Seats(world);
          seats.store.ignoreConditions();
          Meeting meeting = new Meeting(2);
          Seats.Seat one = seats.open("one", seats.link().onPut((_, _) -> meeting.arrive()));
          Seats.Seat two = seats.open("two", seats.link().onPut((_, _) -> meeting.arrive()));
          one.port().awaitLeading(Seats.TAKE_OVER_MS);
          two.port().awaitLeading(Seats.TAKE_OVER_MS);
          assertThat(one.port().leads() && two.port().leads()).isTrue();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nobodyTakesASeatOnIt(long seed) {
    SimulatedWorld.run(
        seed,
        world -> {
          Seats seats = new Seats(world);
          seats.store.ignoreConditions();
          assertThat(seated(world, seats)).isEmpty();
          assertThat(seats.store.keys("journal/")).isEmpty();
        });
  }

  /// Answers that are lost, and puts that are done all the same, are no reason to refuse a store.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aStoreWithConditionsIsTakenInBadWeatherToo(long seed) {
    SimulatedWorld.run(
        seed, world -> assertThat(seated(world, new Seats(world))).containsExactly("one", "two"));
  }

  /// The processes that found the store sound.
  private static List<String> seated(SimulatedWorld world, Seats seats)
      throws InterruptedException {
    List<String> seated = new ArrayList<>();
    List<Thread> starters = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      SimulatedProcess process = world.process(name);
      starters.add(
          process
              .environment()
              .tasks()
              .start(
                  name,
                  () -> {
                    StoreLink link = new StoreLink(seats.store, process.environment());
                    link.latencyMaxMs(LATENCY_MS)
                        .onPut(
                            (number, _) ->
                                number % 2 == 0 ? StoreLink.Fate.ANSWER_LOST : StoreLink.Fate.FINE);
                    RetryingObjectStore retrying =
                        new RetryingObjectStore(link, RetrySettings.JOURNAL, process.environment());
                    if (StoreProbe.ofJournal(retrying, process.environment())
                        instanceof StoreVerdict.Sound) {
                      seats.open(name, link);
                      seated.add(name);
                    }
                  }));
    }
    for (Thread starter : starters) {
      starter.join();
    }
    seated.sort(null);
    return seated;
  }

  /// Where puts wait for each other.
  private static final class Meeting {
    private final Pending<Boolean> complete = new Pending<>();
    private int awaited;

    Meeting(int awaited) {
      this.awaited = awaited;
    }

    StoreLink.Fate arrive() {
      awaited--;
      if (awaited == 0) {
        complete.complete(true);
      }
      try {
        complete.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return StoreLink.Fate.FINE;
    }
  }
}
