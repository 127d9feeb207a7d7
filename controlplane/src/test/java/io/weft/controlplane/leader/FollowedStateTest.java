package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.journal.JournalException;
import io.weft.controlplane.journal.JournalSettings;
import io.weft.controlplane.leader.inspect.FollowedState;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import io.weft.simulated.SimulatedWorld;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FollowedStateTest {
  private static final long SEED = 33;
  private static final int EVERY = 20;
  private static final int ROUNDS = 8;
  private static final int LEASES = 60;
  private static final int IDS = 7;
  private static final long GRACE_MS = JournalSettings.DEFAULT.truncationGraceMs();

  @Test
  void thereIsNoStateWithoutAJournal() {
    SimulatedWorld.run(
        SEED,
        world ->
            assertThat(FollowedState.open(new Seats(world).store, world.environment())).isEmpty());
  }

  /// While the leader writes, takes snapshots and truncates.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void itKnowsWhatWasAnsweredBeforeItAdvanced(long seed) {
    SimulatedWorld.run(
        seed,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(EVERY);
          LeaderSeat leader = seats.leading("one").port();
          FollowedState followed =
              FollowedState.open(seats.link().latencyMaxMs(50), world.environment()).orElseThrow();
          assertThat(followed.nextFileId()).isEqualTo(1);
          for (int round = 0; round < ROUNDS; round++) {
            long next = lease(leader);
            followed.advance();
            assertThat(followed.nextFileId()).as("seed %d", seed).isEqualTo(next);
            FollowedState anew =
                FollowedState.open(seats.link(), world.environment()).orElseThrow();
            assertThat(anew.nextFileId()).isEqualTo(next);
            assertThat(anew.entry()).isGreaterThanOrEqualTo(followed.entry());
            assertThat(anew.state().leases().outstanding())
                .containsAll(followed.state().leases().outstanding());
            Seats.sleep(world, GRACE_MS / 3);
          }
          assertThat(seats.store.keys("journal/").getFirst())
              .isGreaterThan("journal/%020d".formatted(EVERY));
          assertThat(Seats.read(leader)).isNotEmpty();
        });
  }

  @Test
  void aHoleInTheJournalIsNotTakenForItsEnd() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat = seats.leading("one");
          lease(seat.port());
          seat.port().close();
          seats.store.damage("journal/%020d".formatted(5));
          assertThatThrownBy(() -> FollowedState.open(seats.store, world.environment()))
              .isInstanceOf(JournalException.Damaged.class)
              .hasMessageContaining("journal entry 5");
        });
  }

  /// @return the id after the last one leased
  private static long lease(LeaderSeat leader) {
    long next = 0;
    AgentId agent =
        leader.as(Membership.class).register(new UUID(1, 1), Zone.NONE, "localhost", 1).id();
    for (int i = 0; i < LEASES; i++) {
      if (leader.as(FileLedger.class).lease(agent, IDS) instanceof LeaseOutcome.Leased leased) {
        next = leased.first() + leased.count();
      }
    }
    return next;
  }
}
