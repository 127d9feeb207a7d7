package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.TransactionStep.Caller;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.groups.GroupAsks;
import io.weft.controlplane.groups.ShareStates.Beginning;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.Step;
import io.weft.controlplane.state.share.ShareChange;
import io.weft.controlplane.state.share.ShareChanged;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.simulated.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What the coordinators are told by settings, what they refuse, and what they count.
final class CoordinatorLimitsTest {
  private static final long SEED = 53;

  @Test
  void aGroupBeginsNoShareTooMany() {
    ControlPlaneState state = new ControlPlaneState();
    state.found("cluster", 0);
    TopicId topic = new TopicId(1, 1);
    List<PartitionId> all =
        IntStream.range(0, ShareGroups.SHARE_PARTITIONS_MAX - 1)
            .mapToObj(i -> new PartitionId(topic, i))
            .toList();
    state
        .in(new Step(0, new ArrayList<>(), ChangeListener.NONE))
        .make(new ShareChanged(new ShareChange.Begun("g", 0, -1, all)));
    Turn turn = new Turn(1, ChangeListener.NONE, () -> Levels.FIRST);
    state.in(turn.step());
    TermShares shares = new TermShares(state);
    Beginning known = new Beginning(all.getFirst(), 1, -1);
    Beginning last = new Beginning(new PartitionId(topic, all.size()), 1, -1);
    Beginning tooMany = new Beginning(new PartitionId(topic, all.size() + 1), 1, -1);

    assertThat(shares.initialize("g", List.of(last, tooMany))).isFalse();
    assertThat(turn.records()).isEmpty();
    assertThat(shares.initialize("g", List.of(known, last))).isTrue();
    assertThat(turn.records()).hasSize(2);
    assertThat(shares.initialize("g", List.of(tooMany))).isFalse();
  }

  @Test
  void aTransactionalIdIsForgottenWhenTheSettingSaysSo() {
    for (boolean soon : new boolean[] {true, false}) {
      SimulatedWorld.run(
          SEED,
          world -> {
            Seats seats = new Seats(world);
            if (soon) {
              seats.groups(Map.of("transactional.id.expiration.ms", "60000"));
            }
            Seats.Seat seat = seats.leading("one");
            seat.port()
                .as(Transactions.class)
                .take(
                    new TransactionStep.Initialize(
                        new Caller("pay", new AgentId(1), 1), 30_000, Optional.empty()));
            // One look notes the time, the next finds what was idle for as long since.
            world.sleepMs(3 * TransactionTimers.IDS_EVERY_MS);
            assertThat(seat.port().as(Transactions.class).describe(List.of("pay")).getFirst())
                .matches(found -> found.isEmpty() == soon);
          });
    }
  }

  @Test
  void aLeaderCounts() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).leading("one");
          assertThat(seat.port().figures().leads()).isTrue();
          Seats.create(seat.port(), "t");
          GroupAsks client = new GroupAsks(seat.port(), "c");
          assertThat(client.commit("simple", "t", 0, 17)).isZero();
          assertThat(client.beat("modern", "m", 0, "t").errorCode()).isZero();
          world.sleepMs(70_000);
          LeaderFigures figures = seat.port().figures();
          assertThat(figures.groups().offsetsCommitted()).isEqualTo(1);
          assertThat(figures.groups().groups().get("classic")).containsEntry("Empty", 1L);
          assertThat(figures.groups().groups().get("consumer").values()).contains(1L);
          assertThat(figures.groups().groups()).containsKeys("share", "streams");
          assertThat(figures.groups().rebalances().get("consumer")).isPositive();
          seat.port().close();
          assertThat(seat.port().figures()).isEqualTo(LeaderFigures.NONE);
        });
  }
}
